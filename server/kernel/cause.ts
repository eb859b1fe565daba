import type { Ulid } from './id.ts'

/** Who can be the reason for something. */
export type CauseKind = 'user' | 'token' | 'pass' | 'rule' | 'device' | 'schedule' | 'hub'

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
}

/** A chain longer than this is cut. */
export const MAX_CAUSE_DEPTH = 16

export interface Causes {
  /** A cause that starts a chain. */
  root(kind: CauseKind, who: string): Cause
  /** A cause that follows from another. */
  child(parent: Cause, kind: CauseKind, who: string): Cause
}

/** The hub's source of causes. */
export function createCauses(newId: () => Ulid): Causes {
  return {
    root: (kind, who) => ({ id: newId(), parent: null, kind, who, depth: 0, byRule: kind === 'rule' }),
    child: (parent, kind, who) => ({
      id: newId(),
      parent: parent.id,
      kind,
      who,
      depth: parent.depth + 1,
      byRule: parent.byRule || kind === 'rule',
    }),
  }
}
