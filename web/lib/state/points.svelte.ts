import type { PointsJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'

/** Points kept for each entity, as many as the hub keeps. */
const KEPT = 120

/** Milliseconds since 1970 and the value. */
export type Point = PointsJson['points'][number]

/** The course of one value, oldest first; grows while it is read. */
class Series {
  points = $state.raw<readonly Point[]>([])
}

/** The recent course of numeric values: what the hub remembers, then what the stream tells. */
export class Points {
  readonly #series = new Map<string, Series>()

  of(entity: string, value: string): Series {
    const key = `${entity} ${value}`
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, (series = new Series()))
    return series
  }

  /** Loads what the hub remembers, and again after each gap; then follows. @returns how to stop. */
  follow(api: Api, live: Live): () => void {
    const load = () => void this.#load(api)
    load()
    const stops = [
      live.on('resync', load),
      live.on('delta', ({ at, changes }) => {
        for (const change of changes) {
          if (!('value' in change) || typeof change.to !== 'number') continue
          const known = this.#series.get(`${change.entity} ${change.value}`)
          if (known) known.points = [...known.points.slice(1 - KEPT), [Date.parse(at), change.to]]
        }
      }),
    ]
    return () => stops.forEach(stop => stop())
  }

  async #load(api: Api): Promise<void> {
    try {
      const { items } = await api('GET /entities/points')
      for (const { entity, value, points } of items) this.of(entity, value).points = points
    } catch (error) {
      // Without the past a pane shows its value alone; whether the hub is reached is told elsewhere.
      if (!(error instanceof Problem)) throw error
    }
  }
}
