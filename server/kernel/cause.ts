import type { Ulid } from './id.ts'
import type { Json } from './json.ts'

/** Who can be the reason for something. */
export type CauseKind = 'user' | 'token' | 'pass' | 'rule' | 'device' | 'schedule' | 'hub'

/** What exactly a cause follows from, by the names of then: a value that changed, or a message. */
export type Occasion =
  | { readonly kind: 'value'; readonly entity: Ulid; readonly name: string; readonly value: string; readonly to: Json }
  | { readonly kind: 'message'; readonly topic: string }

/**
 * Where a message, a change, a command or a run came from. The chain of parents answers "what turned
 * my light on?"; its depth stops rules that ring each other.
 */
export interface Cause {
  readonly id: Ulid
  readonly parent: Ulid | null
  readonly kind: CauseKind
  /** User name, token id, `slug/key` of a rule, client id of a device, `hub`. */
  readonly who: string
  /** 0 for a cause without a parent. */
  readonly depth: number
  /** Whether a rule stands in this chain, this cause included. Loop limits count only such starts. */
  readonly byRule: boolean
  /** The parent itself; not there when it has none, or one of too long ago. */
  readonly from?: Cause
  readonly occasion?: Occasion
}

/** A chain longer than this is cut. */
export const MAX_CAUSE_DEPTH = 16
/** What follows after a time keeps so many causes before it. */
const KEPT_CAUSES = 8

export interface Causes {
  /** A cause that starts a chain. */
  root(kind: CauseKind, who: string): Cause
  /** A cause that follows from another. */
  child(parent: Cause, kind: CauseKind, who: string, occasion?: Occasion): Cause
  /** A cause that follows from another after a time. Its depth begins anew: what waits in between goes round no loop. */
  later(parent: Cause, kind: CauseKind, who: string, occasion?: Occasion): Cause
}

/** The newest causes of a chain. */
function newest(cause: Cause, count: number): Cause {
  const { from, ...own } = cause
  if (from === undefined) return cause
  return count <= 1 ? own : { ...own, from: newest(from, count - 1) }
}

/** The hub's source of causes. */
export function createCauses(newId: () => Ulid): Causes {
  return {
    root: (kind, who) => ({ id: newId(), parent: null, kind, who, depth: 0, byRule: kind === 'rule' }),
    child: (parent, kind, who, occasion) => ({
      id: newId(),
      parent: parent.id,
      kind,
      who,
      depth: parent.depth + 1,
      byRule: parent.byRule || kind === 'rule',
      from: parent,
      ...(occasion === undefined ? {} : { occasion }),
    }),
    later: (parent, kind, who, occasion) => ({
      id: newId(),
      parent: parent.id,
      kind,
      who,
      depth: 0,
      byRule: kind === 'rule',
      from: newest(parent, KEPT_CAUSES),
      ...(occasion === undefined ? {} : { occasion }),
    }),
  }
}
