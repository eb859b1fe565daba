import type { Entity, Value } from '../live/entity.svelte.ts'

/** A value older than this many of its usual pauses is stale. */
const RHYTHMS = 3

/**
 * How far what is shown can be believed, the strongest doubt first. `failed`: a command came to nothing. `offline`: known
 * to be away. `never`: nothing was ever heard. `restored`: from before the hub's start, the device has not spoken since.
 * `stale`: older than three times its rhythm.
 */
export type Trust = 'pending' | 'failed' | 'offline' | 'never' | 'restored' | 'stale' | 'fine'

/** @param value the one that the entity is about. @param now milliseconds since 1970 */
export function trustOf(entity: Entity, value: Value | undefined, now: number): Trust {
  if (entity.isPending) return 'pending'
  if (hasTrouble(entity)) return 'failed'
  if (entity.online === false) return 'offline'
  if (!value || value.at === null) return 'never'
  if (!value.confirmed) return 'restored'
  return isStale(entity, value, now) ? 'stale' : 'fine'
}

/** Whether a command came to nothing. That somebody else asked what is offline is no news: offline says more. */
export const hasTrouble = ({ trouble, online }: Entity): boolean =>
  trouble !== null && (trouble.isOwn || online !== false)

/** Whether it has been silent for more than three of its usual pauses. */
export function isStale(entity: Entity, value: Value, now: number): boolean {
  const at = Math.max(value.at ?? 0, entity.heardAt ?? 0)
  return value.every !== null && now - at > RHYTHMS * value.every
}
