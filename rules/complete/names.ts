import { toText, type Result } from '#expression'
import type { Entity, ValueSpec } from '#devices'
import { resolveTargets, resolveValue } from '../names.ts'
import { takes } from '../names/targets.ts'
import { partOf } from '../names/words.ts'
import { showRange } from '../values.ts'
import type { Catalogue } from '../world.ts'
import type { Completion, Proposed } from './complete.ts'

type Verb = 'turn_on' | 'turn_off' | 'toggle' | 'set'

const TYPES: Readonly<Record<ValueSpec['type'], string>> = {
  bool: 'true or false',
  number: 'number',
  text: 'text',
  enum: 'one of',
  list: 'list',
}

/** `number, 0% to 100%`, `one of off, heat, auto`. */
export function typeWords(spec: ValueSpec): string {
  const { type, unit, options } = spec
  if (type === 'enum') return `one of ${(options ?? []).slice(0, 8).join(', ')}`
  const range = type === 'number' ? (showRange(spec) ?? unit) : undefined
  return range === undefined ? TYPES[type] : `${TYPES[type]}, ${range}`
}

function valueWords(name: string, catalogue: Catalogue): string {
  const found = resolveValue(name, catalogue)
  if (found.kind !== 'value') return found.kind === 'values' ? `list of ${found.items.length}` : ''
  const { spec, value } = found.value
  const unit = typeof value === 'number' && spec.unit !== undefined ? ` ${spec.unit}` : ''
  return `${typeWords(spec)}; ${value === null ? 'unknown' : `now ${toText(value as Result).slice(0, 40)}${unit}`}`
}

const nameItem = (label: string, detail: string): Completion => ({ label, kind: 'name', detail })

function deviceWords(entities: readonly Entity[]): string {
  const { name, area } = entities[0]!.device
  return area === null ? name : `${name}, ${area.name}`
}

function byDevice(entities: readonly Entity[]): Map<string, Entity[]> {
  const devices = new Map<string, Entity[]>()
  for (const entity of entities) {
    const known = devices.get(entity.device.slug)
    if (known === undefined) devices.set(entity.device.slug, [entity])
    else known.push(entity)
  }
  return devices
}

/** What follows `area.` and `area.hall.`. */
function areaNames(words: readonly string[], catalogue: Catalogue): Completion[] {
  if (words.length === 2)
    return [nameItem('all', 'every area'), ...catalogue.areas().map(({ slug, name }) => nameItem(slug, name))]
  if (words.length > 3) return []
  return [...catalogue.components.values()].map(({ plural }) => nameItem(plural, 'list'))
}

/** Names where a value is wanted; `path` is what was typed of it, at `at`. */
export function completeName(path: string, at: number, catalogue: Catalogue): Proposed {
  const words = path.split('.')
  const last = at + path.lastIndexOf('.') + 1
  const [head] = words
  if (words.length > 1 && head === 'area') return { at: last, items: areaNames(words, catalogue) }
  const devices = byDevice(catalogue.entities())
  if (words.length === 1) {
    const items = [...devices].map(([slug, entities]) => nameItem(slug, deviceWords(entities)))
    return { at, items: [...items, nameItem('area', 'lists of things')] }
  }
  const entities = devices.get(head!) ?? catalogue.entities().filter(({ slug }) => slug === head)
  const inside = words.length === 2 ? entities : entities.filter(entity => partOf(entity) === words[1])
  const values = inside.flatMap(entity => [...entity.values.keys()])
  const parts = words.length === 2 && entities.length > 1 ? entities.map(partOf) : []
  const front = words.slice(0, -1).join('.')
  const items = [...new Set([...values, ...parts])].flatMap(label => {
    const detail = valueWords(`${front}.${label}`, catalogue)
    return detail === '' && !parts.includes(label) ? [] : [nameItem(label, detail)]
  })
  return { at: last, items }
}

/** Names that a verb can act on. */
export function completeTarget(typed: string, verb: Verb, catalogue: Catalogue): Proposed {
  const words = typed.split('.')
  const last = typed.lastIndexOf('.') + 1
  if (words.length > 1 && words[0] === 'area') return { at: last, items: areaNames(words, catalogue) }
  const able = catalogue.entities().filter(entity => takes(entity, { verb }))
  const devices = byDevice(able)
  if (words.length === 1) {
    const items = [...devices].map(([slug, entities]) => nameItem(slug, deviceWords(entities)))
    return { at: 0, items: [...items, nameItem('area', 'lists of things')] }
  }
  if (words.length > 2) return { at: last, items: [] }
  const entities = devices.get(words[0]!) ?? []
  const parts = entities.length > 1 ? entities.map(entity => nameItem(partOf(entity), entity.name)) : []
  const values =
    verb === 'set' ? entities.flatMap(entity => [...entity.values].filter(([name]) => canSet(entity, name))) : []
  return { at: last, items: [...parts, ...values.map(([name, { spec }]) => nameItem(name, typeWords(spec)))] }
}

const canSet = (entity: Entity, name: string) =>
  entity.commands.some(({ parameters }) => Object.hasOwn(parameters, name))

/** What a target that was written means; nothing while it means nothing. */
export function targetsOf(
  target: string,
  verb: Verb,
  catalogue: Catalogue,
): { entities: readonly Entity[]; value: string | null } {
  const names = target
    .replaceAll(/[[\]"']/g, '')
    .split(',')
    .map(name => name.trim())
  const found = names.flatMap(name => {
    const means = resolveTargets(name, { verb }, catalogue)
    return means.kind === 'targets' ? [means] : []
  })
  return { entities: found.flatMap(({ entities }) => entities), value: found[0]?.value ?? null }
}
