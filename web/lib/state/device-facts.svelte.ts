import type { DeviceJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'

/** Milliseconds in which changes of several entities become one look. */
const GATHER = 300

/** What the hub knows of its devices beside their entities: model, dialect, when they were adopted. */
export class DeviceFacts {
  /** Null until they were told once. */
  all = $state.raw<readonly DeviceJson[] | null>(null)
  /** Why they could not be had the last time. */
  problem = $state.raw<Problem | null>(null)

  /** Loads them, and again when something came, went, moved or was renamed. @returns how to stop. */
  follow(api: Api, live: Live): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void this.load(api), GATHER)
    }
    void this.load(api)
    const stops = [live.on('entity', soon), live.on('removed', soon), live.on('resync', soon)]
    return () => {
      clearTimeout(timer)
      stops.forEach(stop => stop())
    }
  }

  async load(api: Api): Promise<void> {
    try {
      this.all = (await api('GET /devices')).items
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.problem = error
    }
  }
}
