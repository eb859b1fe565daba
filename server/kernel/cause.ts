import type { Ulid } from './id.ts'
import type { Json } from './json.ts'

/** Who can be the reason for something. */
export type CauseKind = 'user' | 'token' | 'pass' | 'rule' | 'device' | 'schedule' | 'hub'

/** What exactly is followed: a value of an entity (by its name of then) that changed, or a message. */
export type Occasion = Readonly<{ entity: Ulid; name: string; value: string; to: Json } | { topic: string }>

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
  readonly depth: number
  /** Whether a rule stands in this chain, this cause included. Loop limits count only such starts. */
  readonly byRule: boolean
  /** The parent, unless that was too long ago. */
  readonly from?: Cause
  readonly occasion?: Occasion
}

/** A chain longer than this is cut. */
export const MAX_CAUSE_DEPTH = 16

/** Begins chains of causes, and goes on with them. */
export interface Causes {
  root(kind: CauseKind, who: string): Cause
  child(parent: Cause, kind: CauseKind, who: string, occasion?: Occasion): Cause
}

export function createCauses(newId: () => Ulid): Causes {
  return {
    root: (kind, who) => ({ id: newId(), parent: null, kind, who, depth: 0, byRule: kind === 'rule' }),
    child: (parent, kind, who, occasion) => ({
      ...{ id: newId(), parent: parent.id, kind, who, depth: parent.depth + 1, from: parent },
      ...{ byRule: parent.byRule || kind === 'rule', ...(occasion && { occasion }) },
    }),
  }
}
