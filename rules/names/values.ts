import type { Entity, Value } from '#devices'
import { didYouMean } from '../format/closest.ts'
import type { Catalogue } from '../world.ts'
import { ambiguous, problem, type EntityValue, type NameProblem, type Parts, type ValueName } from './name.ts'
import { FACTS, headed, listed, take } from './things.ts'
import { nameOf, partOf } from './words.ts'

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

function oneOf(parts: Parts, at: number, found: readonly EntityValue[]): ValueName | null {
  const distinct = [...new Map(found.map(each => [each.value, each])).values()]
  if (distinct.length === 0) return null
  if (distinct.length === 1) return { kind: 'value', ...distinct[0]! }
  return ambiguous(
    parts,
    at,
    distinct.map(({ entity, value }) => `${nameOf(entity)}.${value.name}`),
  )
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
  const found = oneOf(parts, 0, mainValues(withMain.length > 0 ? withMain : usual, catalogue))
  if (found !== null) return found
  const choices = entities.flatMap(entity => [...entity.values.keys()].map(value => `${nameOf(entity)}.${value}`))
  if (choices.length > 0) return ambiguous(parts, 0, choices)
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
    const found = oneOf(parts, 1, [...mainValues(inside, catalogue), ...named(entities, words[1]!)])
    if (found !== null) return found
    if (inside.length === 0) return noValue(parts, 1, entities)
    return ambiguous(
      parts,
      1,
      inside.flatMap(each => [...each.values.keys()].map(value => `${nameOf(each)}.${value}`)),
    )
  }
  if (inside.length === 0) {
    return named(entities, words[1]!).length > 0 ? tooLong(parts, 2) : noEntity(parts, entities)
  }
  if (words.length > 3) return tooLong(parts, 3)
  return oneOf(parts, 2, named(inside, words[2]!)) ?? noValue(parts, 2, inside)
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
