import { lookAtHub, type About, type Ask, type Look } from './health.ts'

/** Pauses between two looks, in milliseconds: short while somebody waits for a change. */
const PAUSES: Record<Look['state'], number> = { ready: 5000, starting: 1000, unreachable: 2000 }

/** The hub's health in front of the first page, kept fresh while the page is seen. */
export class HubHealth {
  /** `asking` until the first look came back. */
  state = $state<Look['state'] | 'asking'>('asking')
  /** What the hub last said of itself. */
  about = $state.raw<About | null>(null)
  /** When the hub last answered, milliseconds since 1970. */
  answeredAt = $state<number | null>(null)
  /** The time of the last look: ages are counted up to it. */
  now = $state(Date.now())
  readonly #ask: Ask
  #timer: ReturnType<typeof setTimeout> | undefined
  #isWatching = false

  constructor(ask: Ask) {
    this.#ask = ask
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.#isWatching) void this.look()
      else clearTimeout(this.#timer)
    })
  }

  /** Looks now and again and again; pauses while the page is hidden. */
  watch(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    void this.look()
  }

  stop(): void {
    this.#isWatching = false
    clearTimeout(this.#timer)
  }

  /** Looks once and plans the next look. */
  async look(): Promise<void> {
    clearTimeout(this.#timer)
    const { state, about } = await lookAtHub(this.#ask)
    this.now = Date.now()
    this.state = state
    if (about) {
      this.about = about
      this.answeredAt = this.now
    }
    clearTimeout(this.#timer)
    if (this.#isWatching && document.visibilityState === 'visible')
      this.#timer = setTimeout(() => void this.look(), PAUSES[state])
  }
}
