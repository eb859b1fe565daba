import type { EntityJson, StreamFrame } from '#api'
import { SvelteMap } from 'svelte/reactivity'
import { Entity } from './entity.svelte.ts'

/** All entities that this person may see, kept as the stream tells. */
export class Entities {
  readonly #byId = new SvelteMap<string, Entity>()
  /** In the order the hub told them; changes only when one comes or goes. */
  readonly all: readonly Entity[] = $derived([...this.#byId.values()])

  get(id: string): Entity | undefined {
    return this.#byId.get(id)
  }

  /** Takes what a frame says about entities; other frames are none of its business. */
  take(frame: StreamFrame): void {
    switch (frame.type) {
      case 'snapshot':
        return this.#replace(frame.entities)
      case 'entity':
        return this.#put(frame.entity)
      case 'removed':
        for (const id of frame.entities) this.#byId.delete(id)
        return
      case 'seen':
        for (const [id, at] of Object.entries(frame.entities)) this.#byId.get(id)?.hear(Date.parse(at))
        return
      case 'delta': {
        const at = Date.parse(frame.at)
        for (const change of frame.changes) this.#byId.get(change.entity)?.apply(change, at)
        return
      }
      default:
    }
  }

  #put(json: EntityJson): void {
    const known = this.#byId.get(json.id)
    if (known) known.load(json)
    else this.#byId.set(json.id, new Entity(json))
  }

  #replace(entities: readonly EntityJson[]): void {
    const told = new Set(entities.map(({ id }) => id))
    for (const id of [...this.#byId.keys()]) if (!told.has(id)) this.#byId.delete(id)
    for (const json of entities) this.#put(json)
  }
}
