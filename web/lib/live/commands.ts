import type { CommandJson, StreamFrame } from '#api'
import type { Api } from '../api.ts'
import { Problem } from '../problem.ts'
import type { Ask, Entity } from './entity.svelte.ts'

/** Ends of commands that came before the answer to their request did. */
const EARLY = 50

type End = Pick<CommandJson, 'id' | 'state' | 'reason'>

/** Asks things of entities and tells each how it went: `ask` while it is open, then confirmed or `trouble`. */
export class Commands {
  readonly #api: Api
  readonly #explain: (problem: unknown) => string
  readonly #open = new Map<string, Entity>()
  readonly #early = new Map<string, End>()

  constructor(api: Api, explain: (problem: unknown) => string) {
    this.#api = api
    this.#explain = explain
  }

  /** Sends a command. Resolves when the hub has taken or refused it; what the device says comes later. */
  async send(entity: Entity, command: string, values: Ask['values'] = {}): Promise<void> {
    const ask: Ask = { command, values, id: null }
    entity.ask = ask
    entity.trouble = null
    try {
      const taken = await this.#api('POST /entities/:id/commands', {
        params: { id: entity.id },
        body: { command, values: { ...values } },
      })
      if (entity.ask !== ask) return
      entity.ask = { ...ask, id: taken.id }
      this.#open.set(taken.id, entity)
      const end = this.#early.get(taken.id) ?? (taken.state === 'pending' ? null : taken)
      if (!end) return
      this.#end(end)
      // Where the stream is away, nobody else tells.
      if (end === taken && end.state === 'failed')
        entity.trouble = { ...ask, kind: 'refused', reason: end.reason ?? '', isOwn: true, isTold: true }
    } catch (error) {
      const reason = this.#explain(error)
      if (entity.ask !== ask) return
      entity.ask = null
      const isSilent = error instanceof Problem && error.code === 'web.no_answer'
      entity.trouble = { command, values, kind: isSilent ? 'silent' : 'refused', reason, isOwn: true, isTold: false }
    }
  }

  /** Sends once more what came to nothing. */
  async retry(entity: Entity): Promise<void> {
    const { trouble } = entity
    if (trouble) await this.send(entity, trouble.command, trouble.values)
  }

  take(frame: StreamFrame): void {
    if (frame.type !== 'command' || frame.state === 'pending') return
    if (this.#open.has(frame.id)) return this.#end(frame)
    this.#early.set(frame.id, frame)
    const [oldest] = this.#early.keys()
    if (this.#early.size > EARLY && oldest !== undefined) this.#early.delete(oldest)
  }

  // What came of it stands with the entity, told just before.
  #end({ id, state }: End): void {
    const entity = this.#open.get(id)
    this.#open.delete(id)
    this.#early.delete(id)
    const ask = entity?.ask
    // A newer command of this page took its place.
    if (!entity || ask?.id !== id) return
    entity.ask = null
    if (state === 'confirmed') entity.confirmations++
    else if (entity.trouble) entity.trouble = { ...entity.trouble, isOwn: true }
  }
}
