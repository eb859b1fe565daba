import type { Cancel, Clock } from '#kernel'

/** Milliseconds over which the rates of clients are measured, and between two steps of the load averages. */
const INTERVAL = 10_000
/** Minutes that the load averages look back. */
const SPANS = [1, 5, 15] as const

/** What passes between one client and the broker since its session began: messages, and messages a second of late. */
export class Traffic {
  received = 0
  sent = 0
  /** Messages for the client that a limit kept from it. */
  dropped = 0
  rateIn = 0
  rateOut = 0
  #receivedBefore = 0
  #sentBefore = 0

  /** To be called every so many seconds. */
  measure(seconds: number): void {
    this.rateIn = (this.received - this.#receivedBefore) / seconds
    this.rateOut = (this.sent - this.#sentBefore) / seconds
    this.#receivedBefore = this.received
    this.#sentBefore = this.sent
  }
}

/** A count per minute, averaged over 1, 5 and 15 minutes as mosquitto does: the past weighs less by the minute. */
class LoadAverage {
  readonly values: number[] = SPANS.map(() => 0)
  #before = 0

  /** An interval is over. */
  step(count: number): void {
    const perMinute = ((count - this.#before) * 60_000) / INTERVAL
    this.#before = count
    this.#move(perMinute, INTERVAL)
  }

  /** Nothing happened for so many milliseconds. */
  rest(elapsed: number): void {
    this.#move(0, elapsed)
  }

  #move(perMinute: number, elapsed: number): void {
    for (const [i, minutes] of SPANS.entries()) {
      const kept = Math.exp(-elapsed / (minutes * 60_000))
      this.values[i] = perMinute + kept * (this.values[i]! - perMinute)
    }
  }
}

/** Measures the traffic of all clients and the load of the broker. One timer for all of it, while there are clients. */
export interface TrafficMeter {
  /** A client is in. */
  watch(): void
  /** The load averages as text, `messages/received/1min` to `connections/15min`. */
  loads(): Record<string, string>
  close(): void
}

export function createTrafficMeter(parts: {
  clock: Clock
  traffics: () => Iterable<Traffic>
  /** What the load averages follow, by the name of the load. */
  counters: () => Readonly<Record<string, number>>
  isIdle: () => boolean
}): TrafficMeter {
  const { clock, traffics, counters, isIdle } = parts
  const averages = new Map(Object.keys(counters()).map(name => [name, new LoadAverage()]))
  let cancel: Cancel | null = null
  let steppedAt = clock.monotonic()

  function step(): void {
    steppedAt = clock.monotonic()
    cancel = isIdle() ? null : clock.after(INTERVAL, step)
    for (const traffic of traffics()) traffic.measure(INTERVAL / 1000)
    for (const [name, count] of Object.entries(counters())) averages.get(name)!.step(count)
  }

  function rest(): void {
    const now = clock.monotonic()
    for (const average of averages.values()) average.rest(now - steppedAt)
    steppedAt = now
  }

  return {
    watch() {
      if (cancel !== null) return
      rest()
      cancel = clock.after(INTERVAL, step)
    },
    loads() {
      if (cancel === null) rest()
      const shown = ([name, { values }]: [string, LoadAverage]) =>
        SPANS.map((minutes, i) => [`${name}/${minutes}min`, values[i]!.toFixed(2)])
      return Object.fromEntries([...averages].flatMap(shown))
    },
    close() {
      cancel?.()
      cancel = null
    },
  }
}
