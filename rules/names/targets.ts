import type { Entity } from '#devices'
import { didYouMean } from '#expression'
import { parametersOf } from '../values.ts'
import type { Catalogue } from '../world.ts'
import { ambiguous, problem, type NameProblem, type Parts, type TargetName } from './name.ts'
import { headed, listed, take } from './things.ts'
import { nameOf, partOf } from './words.ts'

/** What a step asks: the verb, and for `set` with a map the names of its values. */
export interface Asked {
  readonly verb: 'turn_on' | 'turn_off' | 'toggle' | 'set'
}

/** Whether an entity can be asked for this at all. `set` fits whatever takes a value. */
export function takes(entity: Entity, { verb }: Asked): boolean {
  const has = (name: string) => entity.commands.some(command => command.name === name)
  if (verb === 'toggle') return has('toggle') || (has('turn_on') && has('turn_off'))
  if (verb === 'set') return Object.keys(parametersOf(entity, verb)).length > 0
  return has(verb)
}

function refuse(parts: Parts, at: number, { verb, among }: Asked & { among: readonly Entity[] }): NameProblem {
  const thing = parts.words.slice(0, at + 1).join('.')
  const can = [...new Set(among.flatMap(entity => entity.commands.map(({ name }) => name)))]
  return problem(parts, at, {
    id: 'unknown-command',
    message: verb === 'set' ? `"${thing}" takes no values` : `"${thing}" does not take \`${verb}\``,
    suggestion: can.length === 0 ? 'it can only be read' : `it takes ${can.join(', ')}`,
  })
}

/** The one entity that is meant: what people use goes before configuration and diagnostics. */
function oneOf(parts: Parts, at: number, among: { found: readonly Entity[]; asked: Asked }): TargetName {
  const able = among.found.filter(entity => takes(entity, among.asked))
  const usual = able.filter(entity => entity.category === null)
  const choice = usual.length > 0 ? usual : able
  if (choice.length === 0) return refuse(parts, at, { ...among.asked, among: among.found })
  if (choice.length > 1) return ambiguous(parts, at, choice.map(nameOf))
  return { kind: 'targets', entities: choice, value: null }
}

/** `set: hall_lamp.brightness`: the value behind the thing. */
function withValue(parts: Parts, at: number, among: readonly Entity[]): TargetName | null {
  const word = parts.words[at]!
  const able = among.filter(entity => Object.hasOwn(parametersOf(entity, 'set'), word))
  if (able.length > 1)
    return ambiguous(
      parts,
      at,
      able.map(entity => `${nameOf(entity)}.${word}`),
    )
  if (able.length === 1) return { kind: 'targets', entities: able, value: word }
  if (!among.some(entity => entity.values.has(word))) return null
  return problem(parts, at, {
    id: 'unknown-command',
    message: `"${parts.words.join('.')}" can only be read`,
  })
}

function noPart(parts: Parts, at: number, { verb, among }: Asked & { among: readonly Entity[] }): NameProblem {
  const word = parts.words[at]!
  const thing = parts.words.slice(0, at).join('.')
  const entities = at === 1 && among.length > 1 ? among.map(partOf) : []
  const values = among.flatMap(entity => Object.keys(parametersOf(entity, 'set')))
  const choices = [...new Set(verb === 'set' ? [...entities, ...values] : entities)]
  const has = choices.length === 0 ? null : `it has ${choices.slice(0, 8).join(', ')}`
  if (verb !== 'set' && among.some(entity => entity.values.has(word))) {
    return problem(parts, at, {
      id: 'unknown-entity',
      message: `\`${verb}\` takes a thing, and "${parts.words.join('.')}" is a value`,
      suggestion: `write ${thing}`,
    })
  }
  return problem(parts, at, {
    id: verb === 'set' ? 'unknown-property' : 'unknown-entity',
    message: verb === 'set' ? `"${thing}" has no value "${word}"` : `"${thing}" has no part "${word}"`,
    suggestion: didYouMean(word, choices) ?? has,
  })
}

function listTargets(parts: Parts, asked: Asked): TargetName {
  const { words } = parts
  const entities = listed(parts)
  if ('kind' in entities) return entities
  if (words.length > (asked.verb === 'set' ? 4 : 3)) {
    return noPart(parts, words.length - 1, { ...asked, among: entities })
  }
  const value = words[3] ?? null
  const able = entities.filter(entity =>
    value === null ? takes(entity, asked) : withValue(parts, 3, [entity])?.kind === 'targets',
  )
  if (able.length === 0 && entities.length > 0) return refuse(parts, words.length - 1, { ...asked, among: entities })
  return { kind: 'targets', entities: able, value }
}

/** What a name means as the target of a step. A list leaves out what does not take the command. */
export function resolveTargets(name: string, asked: Asked, catalogue: Catalogue): TargetName {
  const parts = take(name, catalogue)
  const { words } = parts
  if (words[0] === 'area') return listTargets(parts, asked)
  const entities = headed(parts)
  if ('kind' in entities) return entities
  if (words.length === 1) return oneOf(parts, 0, { found: entities, asked })
  const inside = entities.filter(entity => partOf(entity) === words[1])
  const isSet = asked.verb === 'set'
  if (words.length === 2 && inside.length > 0) return oneOf(parts, 1, { found: inside, asked })
  if (isSet && words.length === 2) {
    return withValue(parts, 1, entities) ?? noPart(parts, 1, { ...asked, among: entities })
  }
  if (isSet && words.length === 3 && inside.length > 0) {
    return withValue(parts, 2, inside) ?? noPart(parts, 2, { ...asked, among: inside })
  }
  const at = inside.length > 0 ? 2 : 1
  return noPart(parts, at, { ...asked, among: inside.length > 0 ? inside : entities })
}
