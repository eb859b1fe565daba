import type { PairingJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'

/** The pairing window and what is heard of things that are not adopted, as the hub tells it to administrators. */
export class Pairing {
  /** Null until it was told once. */
  heard = $state.raw<PairingJson | null>(null)
  /** Why it could not be had the last time. */
  problem = $state.raw<Problem | null>(null)
  /** Frames so far. */
  #frames = 0

  /** Loads it, and again after each gap; then follows. @returns how to stop. */
  follow(api: Api, live: Live): () => void {
    void this.load(api)
    const stops = [
      live.on('resync', () => void this.load(api)),
      live.on('pairing', ({ until, batch, candidates, guests, knocks, faults }) => {
        this.#frames++
        this.heard = { until, batch, candidates, guests, knocks, faults }
        this.problem = null
      }),
    ]
    return () => stops.forEach(stop => stop())
  }

  async load(api: Api): Promise<void> {
    try {
      await this.#take(() => api('GET /pairing'))
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.problem = error
    }
  }

  /** Opens the window for so long from now, or changes how long it stays open. @throws Problem */
  async open(api: Api, window: { seconds: number; batch: boolean }): Promise<void> {
    await this.#take(() => api('POST /pairing', { body: window }))
  }

  /** @throws Problem */
  async close(api: Api): Promise<void> {
    await api('DELETE /pairing')
    if (this.heard) this.heard = { ...this.heard, until: null, batch: false }
  }

  /** A frame that comes while an answer is on its way is newer, or another one follows it. */
  async #take(ask: () => Promise<PairingJson>): Promise<void> {
    const frames = this.#frames
    const answer = await ask()
    if (frames === this.#frames) this.heard = answer
  }
}
