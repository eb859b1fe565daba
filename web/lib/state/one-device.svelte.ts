import type { DeviceConnectionJson, DeviceJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'

/** Milliseconds in which changes of several entities become one look. */
const GATHER = 300

/** One device in full, and how it is connected; looked at again when something about it changes. */
export class OneDevice {
  json = $state.raw<DeviceJson | null>(null)
  problem = $state.raw<Problem | null>(null)
  connection = $state.raw<DeviceConnectionJson | null>(null)
  connectionProblem = $state.raw<Problem | null>(null)
  readonly #api: Api
  readonly #id: string

  /** @param id id or slug */
  constructor(api: Api, id: string) {
    this.#api = api
    this.#id = id
  }

  /** Loads it and follows. @param withConnection for administrators @returns how to stop. */
  follow(live: Live, withConnection: boolean): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      void this.load()
      if (withConnection) void this.loadConnection()
    }
    const soon = (entities: readonly string[]) => {
      const own = this.json?.entities ?? []
      if (!own.some(({ id }) => entities.includes(id))) return
      clearTimeout(timer)
      timer = setTimeout(look, GATHER)
    }
    look()
    const stops = [
      live.on('entity', ({ entity }) =>
        soon(entity.device.id === this.json?.id ? this.json.entities.map(({ id }) => id) : []),
      ),
      live.on('removed', ({ entities }) => soon(entities)),
      live.on('delta', ({ changes }) => soon(changes.flatMap(change => ('online' in change ? change.entity : [])))),
      live.on('resync', look),
    ]
    return () => {
      clearTimeout(timer)
      stops.forEach(stop => stop())
    }
  }

  async load(): Promise<void> {
    try {
      // Its slug may have changed meanwhile.
      this.json = await this.#api('GET /devices/:id', { params: { id: this.json?.id ?? this.#id } })
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.problem = error
      if (error.code === 'devices.unknown_device') this.json = null
    }
  }

  async loadConnection(): Promise<void> {
    try {
      this.connection = await this.#api('GET /devices/:id/connection', { params: { id: this.json?.id ?? this.#id } })
      this.connectionProblem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.connectionProblem = error
    }
  }
}
