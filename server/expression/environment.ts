import type { ExpressionFault, Span } from './ast.ts'
import type { FunctionTable } from './functions/spec.ts'
import type { Type } from './types.ts'
import type { Result } from './values.ts'

/** A wall-clock time in the zone of the house. */
export interface LocalMoment {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 1 is Monday. */
  readonly weekday: number
  /** Milliseconds after midnight. */
  readonly ms: number
}

/** What one evaluation is given. Everything that changes from run to run comes through it. */
export interface Context {
  /** Wall-clock milliseconds: the time of the event. */
  now: number
  local(at: number): LocalMoment
  /** From 0 to below 1, from a seed that is kept with the run. */
  random(): number
  /** Names whose values were needed and unknown. */
  readonly missing: Set<string>
  /** What could not be done with a value that is only known now. */
  readonly notes: string[]
  /** Items that functions over lists handled so far. */
  steps: number
}

/** What a name means. */
export interface ResolvedName {
  /** How many parts of the path it took; the rest is looked up in its value. */
  readonly parts: number
  readonly type: Type
  readonly read: (context: Context) => Result
}

/** What the names of an expression mean where it stands. */
export interface Environment {
  /** @param path at least one name, with its place in the text. */
  name(path: readonly { readonly name: string; readonly span: Span }[]): ResolvedName | ExpressionFault
  /** Functions beyond the language's own. */
  readonly functions?: FunctionTable
}

/** A context for evaluations that need no more than the time; the zone is UTC unless given. */
export function createContext(now: number, parts: Partial<Pick<Context, 'local' | 'random'>> = {}): Context {
  return {
    now,
    local: parts.local ?? utcMoment,
    random: parts.random ?? (() => 0),
    missing: new Set(),
    notes: [],
    steps: 0,
  }
}

function utcMoment(at: number): LocalMoment {
  const date = new Date(at)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
    ms: ((at % 86_400_000) + 86_400_000) % 86_400_000,
  }
}
