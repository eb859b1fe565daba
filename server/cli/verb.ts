import type { ParseArgsConfig } from 'node:util'

/** A flag: what `parseArgs` needs, and its line of help. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  /** What stands for the value in the help, `PORT`. */
  readonly value?: string
  readonly help: string
}

export type Flags = Readonly<Record<string, Flag>>

/** What a verb gets: flags by name as given, and what stood beside them. */
export interface Call {
  readonly flags: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly words: readonly string[]
  readonly data: string
  readonly json: boolean
  /** A line on stdout. */
  readonly print: (text: string) => void
  /** A line on stderr. */
  readonly complain: (text: string) => void
}

export interface Verb {
  readonly name: string
  /** What stands behind the verb, `add NAME --role ROLE`; one line a form. */
  readonly forms: readonly string[]
  readonly summary: string
  /** The most words it takes beside its flags; none unless given. */
  readonly words?: number
  /** It has no facts to print as JSON. */
  readonly factless?: true
  readonly flags: Flags
  /** @returns the exit code: 0 fine, 1 findings or failure. */
  run(call: Call): Promise<number>
}

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A flag's text, if it was given. */
export function text(call: Call, flag: string): string | undefined {
  const value = call.flags[flag]
  return typeof value === 'string' ? value : undefined
}

/** A flag that may be given several times. */
export function texts(call: Call, flag: string): string[] {
  const value = call.flags[flag]
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

/** A whole number in a range. @throws UsageError */
export function integer(call: Call, flag: string, range: { min: number; max: number }): number | undefined {
  const given = text(call, flag)
  if (given === undefined) return undefined
  const number = Number(given)
  if (!/^\d+$/.test(given) || number < range.min || number > range.max) {
    throw new UsageError(`--${flag} takes a whole number from ${range.min} to ${range.max}, not "${given}"`)
  }
  return number
}

/** The n-th word. @throws UsageError when it is missing. */
export function word(call: Call, index: number, name: string): string {
  const found = call.words[index]
  if (found === undefined) throw new UsageError(`${name} is missing`)
  return found
}

export function toParseOptions(flags: Flags): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type, multiple }]) => [name, multiple ? { type, multiple } : { type }]),
  )
}
