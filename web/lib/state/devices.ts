import type { Entity } from '../live/entity.svelte.ts'

/** How many devices there are, and how many answer: all but those whose entities are all known to be gone. */
export function countDevices(entities: readonly Entity[]): { all: number; online: number } {
  const online = new Map<string, boolean>()
  for (const entity of entities) {
    const { id } = entity.device
    online.set(id, (online.get(id) ?? false) || entity.online !== false)
  }
  return { all: online.size, online: [...online.values()].filter(Boolean).length }
}
