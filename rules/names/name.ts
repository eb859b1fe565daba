import type { Entity, Value } from '#devices'
import type { Suggestion } from '#expression'
import type { Catalogue } from '../world.ts'

// Names in rules. Grammar and examples: ../README.md, "Names".
//   name  = thing [ "." value ]
//   thing = device [ "." entity ] | entity | "area." ( area | "all" ) "." plural
// A shorter form means something as long as it can mean one thing only.

/** A value and the entity it belongs to: both live objects of the catalogue. */
export interface EntityValue {
  readonly entity: Entity
  readonly value: Value
}

/** Why a name means nothing, and which part of it is at fault. */
export interface NameProblem {
  readonly kind: 'problem'
  readonly id:
    | 'unknown-device'
    | 'unknown-entity'
    | 'unknown-property'
    | 'unknown-area'
    | 'unknown-component'
    | 'unknown-command'
    | 'ambiguous-name'
    | 'not-available'
  readonly message: string
  readonly suggestion: Suggestion
  /** Offsets in the name. */
  readonly start: number
  readonly end: number
}

/** What a name means where a value is wanted: one, or those of a list of entities, in the catalogue's order. */
export type ValueName =
  | ({ readonly kind: 'value' } & EntityValue)
  | { readonly kind: 'values'; readonly items: readonly EntityValue[] }
  | NameProblem

/** What a name means where something is commanded. `value` is named only behind `set`. */
export type TargetName =
  | { readonly kind: 'targets'; readonly entities: readonly Entity[]; readonly value: string | null }
  | NameProblem

/** A name taken apart, with the offset of each part. */
export interface Parts {
  readonly name: string
  readonly words: readonly string[]
  readonly catalogue: Catalogue
}

/** Behind an alias the words are not the ones that were written. */
const isWritten = ({ name, words }: Pick<Parts, 'name' | 'words'>) => words.join('.') === name

export function problem(
  { name, words }: Parts,
  at: number,
  says: { id: NameProblem['id']; message: string; suggestion?: Suggestion },
): NameProblem {
  if (!isWritten({ name, words })) return { kind: 'problem', suggestion: null, ...says, start: 0, end: name.length }
  const start = words.slice(0, at).reduce((sum, word) => sum + word.length + 1, 0)
  return { kind: 'problem', suggestion: null, ...says, start, end: start + words[at]!.length }
}

/** The name can mean each of `choices`. */
export function ambiguous(parts: Parts, at: number, choices: readonly string[]): NameProblem {
  const all = [...new Set(choices)]
  const shown = all.length > 8 ? [...all.slice(0, 8), `${all.length - 8} more`] : all
  const text = shown.length === 1 ? `write ${shown[0]!}` : `choose one of ${shown.join(', ')}`
  // What is replaced begins at the word that is at fault.
  const before = isWritten(parts)
    ? parts.words
        .slice(0, at)
        .map(word => `${word}.`)
        .join('')
    : ''
  const replacements = all.filter(each => each.startsWith(before)).map(each => each.slice(before.length))
  return problem(parts, at, {
    id: 'ambiguous-name',
    message: `"${parts.words.join('.')}" can mean several things`,
    suggestion: { text, replacements },
  })
}
