import type { Trouble } from '../model/entity.ts'
import type { LiveEntity } from './entity.ts'
import type { Turn } from './turn.ts'

/** Says that a command came to nothing, or with null that this is over. */
export function tellTrouble(entity: LiveEntity, trouble: Trouble | null, turn: Turn): void {
  if (entity.trouble === trouble) return
  entity.trouble = trouble
  turn.changes.push({ kind: 'trouble', entity, trouble })
}
