import { lookAtHub, type About, type Ask, type Look } from './health.ts'

/** Pauses between two looks, in milliseconds: short while somebody waits for a change. */
const PAUSES: Record<Look['state'], number> = { ready: 5000, starting: 1000, unreachable: 2000 }

/** The hub's health, kept fresh while the page is seen. */
export class HubHealth {
  /** `asking` until the first look came back. */
  state = $state<Look['state'] | 'asking'>('asking')
  /** What the hub last said of itself. */
  about = $state<About | null>(null)
  /** When the hub last answered. */
  answeredAt = $state<Date | null>(null)
  /** The time of the last look: ages are counted up to it. */
  now = $state(new Date())
  #ask: Ask
  #timer: ReturnType<typeof setTimeout> | undefined
  #seen = true

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Looks now and again and again; pauses while the page is hidden. */
  watch(page: Document): void {
    page.addEventListener('visibilitychange', () => {
      this.#seen = page.visibilityState === 'visible'
      if (this.#seen) void this.look()
      else clearTimeout(this.#timer)
    })
    void this.look()
  }

  /** Looks once and plans the next look. */
  async look(): Promise<void> {
    clearTimeout(this.#timer)
    const { state, about } = await lookAtHub(this.#ask)
    this.now = new Date()
    this.state = state
    if (about) {
      this.about = about
      this.answeredAt = this.now
    }
    clearTimeout(this.#timer)
    if (this.#seen) this.#timer = setTimeout(() => void this.look(), PAUSES[state])
  }
}
