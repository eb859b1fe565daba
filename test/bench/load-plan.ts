/** What the load generator is told to do; handed over as JSON. */
export interface LoadPlan {
  readonly port: number
  /**
   * fan-in: all publishers to one subscriber. pairs: each publisher has its own. fan-out: one publisher to all
   * subscribers. rules: publishers write `in` topics, one subscriber reads the `out` topics that rules answer on.
   */
  readonly shape: 'fan-in' | 'pairs' | 'fan-out' | 'rules'
  readonly publishers: number
  readonly subscribers: number
  readonly qos: 0 | 1
  /** Messages of one publisher that may be on their way. */
  readonly window: number
  /** Messages a second of all publishers together; null for as many as the window lets through. */
  readonly pace: number | null
  readonly payload: number
  readonly warmup: number
  readonly seconds: number
  readonly credential?: { readonly username: string; readonly password: string }
  /** With `rules`: how many there are. */
  readonly rules?: number
}

/** What the load generator reports, as one line of JSON. */
export interface LoadReport {
  /** Messages a second that reached subscribers. */
  readonly rate: number
  readonly messages: number
  /** Share of its core that the load generator used. */
  readonly load: number
  /** Microseconds from write to read, when the load is paced. */
  readonly latency: { readonly p50: number; readonly p99: number } | null
}
