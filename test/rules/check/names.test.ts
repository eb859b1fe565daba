import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Entity } from '#devices'
import { resolveTargets, resolveValue, type Asked, type NameProblem } from '../../../rules/names.ts'
import { wordsOf } from '../../../rules/format/errors.ts'
import { partOf } from '../../../rules/names/words.ts'
import { house } from './house.ts'

const readme = readFileSync(new URL('../../../rules/README.md', import.meta.url), 'utf8')
const rows = [...readme.matchAll(/^\| `([^`]+)`\s*\| (.+?)\s*\|$/gm)].map(([, name, means]) => [name!, means!] as const)
const targets = rows.filter(([name]) => /^(turn_on|turn_off|toggle|set): [a-z_.]+$/.test(name))
const values = rows.filter(
  ([name, means]) => /^[a-z_.]+$/.test(name) && /^(\[|[a-z_]+\.[a-z_]+\.[a-z_]+$|[a-z]+-[a-z]+)/.test(means),
)

const short = (entity: Entity) => `${entity.device.slug}.${partOf(entity)}`

function told(problem: NameProblem, means: string): string {
  return means.includes(':') ? `${problem.id}: ${wordsOf('', problem.suggestion).suggestion}` : problem.id
}

function valueMeaning(name: string, means: string): string {
  const found = resolveValue(name, house)
  if (found.kind === 'problem') return told(found, means)
  const items = found.kind === 'value' ? [found] : found.items
  const names = items.map(({ entity, value }) => `${short(entity)}.${value.name}`)
  return found.kind === 'value' ? names[0]! : `[${names.join(', ')}]`
}

function targetMeaning(verb: Asked['verb'], name: string, means: string): string {
  const found = resolveTargets(name, { verb }, house)
  if (found.kind === 'problem') return told(found, means)
  const names = found.entities.map(short).join(', ')
  const list = name.startsWith('area.') ? `[${names}]` : names
  return found.value === null ? list : `${list}, its ${found.value}`
}

describe('the names of the README', () => {
  it('are enough to tell the grammar', () => {
    expect(values.length).toBeGreaterThanOrEqual(20)
    expect(targets.length).toBeGreaterThanOrEqual(8)
  })

  it.each(values)('as a value: %s', (name, means) => {
    expect(valueMeaning(name, means)).toBe(means)
  })

  it.each(targets)('as a target: %s', (step, means) => {
    const [verb, name] = step.split(': ') as [Asked['verb'], string]
    expect(targetMeaning(verb, name, means)).toBe(means)
  })
})

describe('a name that means nothing', () => {
  it.each([
    ['hall_motin.occupancy', 'hall_motin'],
    ['hall_lamp.brightnes', 'brightnes'],
    ['two_gang.middle.on', 'middle'],
    ['area.hal.lights', 'hal'],
    ['area.hall.ligths', 'ligths'],
    ['area.all.lights.power', 'power'],
    ['area.all.lights.on.x', 'x'],
    ['hall_lamp.on.age', 'age'],
    ['area', 'area'],
    // Behind an alias the words are others than those that stand in the text.
    ['light.hall.colour', 'light.hall.colour'],
  ])('says which part of it: %s', (name, part) => {
    const found = resolveValue(name, house)
    if (found.kind !== 'problem') throw new Error(`${name} means something`)
    expect(name.slice(found.start, found.end)).toBe(part)
  })

  it.each<[step: Asked['verb'], name: string, says: string]>([
    ['set', 'outdoor', '"outdoor" takes no values'],
    ['set', 'hall_lamp.colour', '"hall_lamp" has no value "colour"'],
    ['toggle', 'area.kitchen.sensors', '"area.kitchen.sensors" does not take `toggle`'],
    ['turn_on', 'area.all.lights.on', '`turn_on` takes a thing, and "area.all.lights.on" is a value'],
    ['turn_on', 'two_gang.middle', '"two_gang" has no part "middle"'],
    ['turn_on', 'house', '`house` is not available yet'],
    ['set', 'two_gang.left.colour', '"two_gang.left" has no value "colour"'],
  ])('as a target: %s %s', (verb, name, says) => {
    expect(resolveTargets(name, { verb }, house)).toMatchObject({ kind: 'problem', message: says })
  })
})
