import type { Entity, Value } from '#devices'
import { didYouMean } from '#expression'
import type { Catalogue } from '../world.ts'
import { ambiguous, problem, type EntityValue, type NameProblem, type Parts, type ValueName } from './name.ts'
import { FACTS, headed, listed, take } from './things.ts'
import { partOf } from './words.ts'

/** The value that an entity's bare name means, if it has one. */
function mainValue(entity: Entity, catalogue: Catalogue): Value | undefined {
  const main = catalogue.components.get(entity.component)?.main ?? null
  if (main !== null) return entity.values.get(main)
  return entity.values.size === 1 ? entity.values.values().next().value : undefined
}

function mainValues(entities: readonly Entity[], catalogue: Catalogue): EntityValue[] {
  return entities.flatMap(entity => {
    const value = mainValue(entity, catalogue)
    return value === undefined ? [] : [{ entity, value }]
  })
}

function named(entities: readonly Entity[], name: string): EntityValue[] {
  return entities.flatMap(entity => {
    const value = entity.values.get(name)
    return value === undefined ? [] : [{ entity, value }]
  })
}

/** Each value once; what people use goes before configuration and diagnostics. */
function usualOf(found: readonly EntityValue[]): EntityValue[] {
  const distinct = [...new Map(found.map(each => [each.value, each])).values()]
  const usual = distinct.filter(({ entity }) => entity.category === null)
  return usual.length > 0 ? usual : distinct
}

/** What `word` can mean behind the name of a device: a part of it, or a value of one of its parts. */
function below(entities: readonly Entity[], word: string, catalogue: Catalogue): EntityValue[] {
  const inside = entities.filter(entity => partOf(entity) === word)
  return usualOf([...mainValues(inside, catalogue), ...named(entities, word)])
}

/** The shortest name that means this value and no other. */
function shortestName({ entity, value }: EntityValue, catalogue: Catalogue): string {
  const { slug, entities } = entity.device
  const part = partOf(entity)
  const means = (word: string) => {
    const [found, ...more] = below(entities, word, catalogue)
    return more.length === 0 && found?.value === value
  }
  const word = [value.name, part].find(means) ?? `${part}.${value.name}`
  return `${slug}.${word}`
}

/** Exactly one value. Null when there is none. */
function oneOf(parts: Parts, at: number, choice: readonly EntityValue[]): ValueName | null {
  if (choice.length === 0) return null
  if (choice.length === 1) return { kind: 'value', ...choice[0]! }
  return ambiguous(parts, at, namesOf(choice, parts.catalogue))
}

function namesOf(values: readonly EntityValue[], catalogue: Catalogue): string[] {
  return values.map(each => shortestName(each, catalogue))
}

function allValues(entities: readonly Entity[]): EntityValue[] {
  return entities.flatMap(entity => [...entity.values.values()].map(value => ({ entity, value })))
}

function noValue(parts: Parts, at: number, entities: readonly Entity[]): NameProblem {
  const word = parts.words[at]!
  const thing = parts.words.slice(0, at).join('.')
  if (FACTS.has(word)) {
    return problem(parts, at, { id: 'not-available', message: `\`.${word}\` is not available yet` })
  }
  const choices = new Set(entities.flatMap(entity => [...entity.values.keys()]))
  return problem(parts, at, {
    id: 'unknown-property',
    message: `"${thing}" has no value "${word}"`,
    suggestion:
      didYouMean(word, choices) ?? (choices.size > 0 ? `it has ${[...choices].slice(0, 8).join(', ')}` : null),
  })
}

/** Beyond the last word that a name may have. */
function tooLong(parts: Parts, at: number): NameProblem {
  const word = parts.words[at]!
  const whole = parts.words.slice(0, at).join('.')
  if (FACTS.has(word)) {
    return problem(parts, at, { id: 'not-available', message: `\`.${word}\` is not available yet` })
  }
  return problem(parts, at, { id: 'unknown-property', message: `"${whole}" is a value and has nothing below it` })
}

function bareValue(parts: Parts, entities: readonly Entity[]): ValueName {
  const { catalogue } = parts
  const usual = entities.filter(entity => entity.category === null)
  const withMain = usual.filter(entity => (catalogue.components.get(entity.component)?.main ?? null) !== null)
  const found = oneOf(parts, 0, usualOf(mainValues(withMain.length > 0 ? withMain : usual, catalogue)))
  if (found !== null) return found
  const choices = allValues(usual.length > 0 ? usual : entities)
  if (choices.length > 0) return ambiguous(parts, 0, namesOf(choices, catalogue))
  return problem(parts, 0, { id: 'unknown-property', message: `"${parts.name}" has no values` })
}

/** What a name means where a value is wanted, in an expression. */
export function resolveValue(name: string, catalogue: Catalogue): ValueName {
  const parts = take(name, catalogue)
  const { words } = parts
  if (words[0] === 'area') {
    const entities = listed(parts)
    if ('kind' in entities) return entities
    if (words.length > 4) return tooLong(parts, 4)
    const items = words[3] === undefined ? mainValues(entities, catalogue) : named(entities, words[3])
    return items.length === 0 && words[3] !== undefined && entities.length > 0
      ? noValue(parts, 3, entities)
      : { kind: 'values', items }
  }
  const entities = headed(parts)
  if ('kind' in entities) return entities
  if (words.length === 1) return bareValue(parts, entities)
  const inside = entities.filter(entity => partOf(entity) === words[1])
  if (words.length === 2) {
    const found = oneOf(parts, 1, below(entities, words[1]!, catalogue))
    if (found !== null) return found
    if (inside.length === 0) return noValue(parts, 1, entities)
    return ambiguous(parts, 1, namesOf(allValues(inside), catalogue))
  }
  if (inside.length === 0) {
    return named(entities, words[1]!).length > 0 ? tooLong(parts, 2) : noEntity(parts, entities)
  }
  if (words.length > 3) return tooLong(parts, 3)
  return oneOf(parts, 2, usualOf(named(inside, words[2]!))) ?? noValue(parts, 2, inside)
}

function noEntity(parts: Parts, entities: readonly Entity[]): NameProblem {
  const word = parts.words[1]!
  const choices = entities.map(partOf)
  return problem(parts, 1, {
    id: 'unknown-entity',
    message: `"${parts.words[0]!}" has no part "${word}"`,
    suggestion: didYouMean(word, choices) ?? `it has ${choices.slice(0, 8).join(', ')}`,
  })
}
