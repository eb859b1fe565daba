import { createCauses, type Cause, type CauseKind, type Ulid } from '#kernel'
import type { AccessStore, AuditNote } from './store.ts'

export type Note = (by: { kind: CauseKind; who: string }, note: Omit<AuditNote, 'cause'>) => void

/**
 * What went on at the doors of the hub, for its owner: who signed in and out, who failed, who looked through whose eyes.
 * Changes of what people edit are noted by storage itself, in the transaction that makes them.
 */
export function createAudit({ newId, store }: { newId: () => Ulid; store: AccessStore }) {
  const causes = createCauses(newId)
  const add = (note: AuditNote) => void store.write({ op: 'access.audit.add', note })
  const note: Note = ({ kind, who }, about) => add({ cause: causes.root(kind, who), ...about })
  return {
    note,
    audit: {
      list: store.audit,
      check: store.checkAudit,
      note: (cause: Cause, about: Omit<AuditNote, 'cause'>) => add({ cause, ...about }),
    },
  }
}
