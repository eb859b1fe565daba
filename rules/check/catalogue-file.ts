import type { Area, CommandSpec, Component, ComponentTable, Device, Entity, Scalar, Value, ValueSpec } from '#devices'
import { HobError, isJsonObject, type Json } from '#kernel'
import type { Catalogue } from '../world.ts'

type JsonObject = { readonly [key: string]: Json }

const TYPES: Readonly<Record<string, ValueSpec['type']>> = {
  boolean: 'bool',
  bool: 'bool',
  number: 'number',
  integer: 'number',
  string: 'text',
  text: 'text',
  enum: 'enum',
  array: 'list',
  list: 'list',
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
const number = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined)
const texts = (value: Json | undefined): readonly string[] | undefined =>
  Array.isArray(value) && value.every(item => typeof item === 'string') ? value : undefined

function refuse(pointer: string, wanted: string): never {
  throw new HobError('rules.bad_catalogue', `${pointer} of the devices file must be ${wanted}`, { pointer })
}

function object(value: Json | undefined, pointer: string): JsonObject {
  return isJsonObject(value) ? value : refuse(pointer, 'an object')
}

/** `{"range": [0, 100]}`, `{"min": 0, "max": 100}`, or as JSON schema has it. */
function bounds(shape: JsonObject): { min?: number; max?: number } {
  const [low, high] = Array.isArray(shape['range']) ? shape['range'] : []
  const range = object(isJsonObject(shape['range']) ? shape['range'] : {}, 'range')
  const min = number(low ?? range['min'] ?? shape['min'] ?? shape['minimum'])
  const max = number(high ?? range['max'] ?? shape['max'] ?? shape['maximum'])
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

/** The type of a value where the file does not say it: from what it holds, its unit or bounds, its component. */
function guessType(shape: JsonObject, known: ValueSpec | undefined, name: string): ValueSpec['type'] {
  const { value } = shape
  if (known !== undefined) return known.type
  if (typeof value === 'boolean' || name === 'on') return 'bool'
  if (typeof value === 'number' || shape['unit'] !== undefined || Object.keys(bounds(shape)).length > 0) return 'number'
  return Array.isArray(value) ? 'list' : 'text'
}

function toSpec(shape: JsonObject, known: ValueSpec | undefined, name: string): ValueSpec {
  const options = texts(shape['enum']) ?? texts(shape['options'])
  const unit = text(shape['unit'])
  const step = number(shape['step'] ?? shape['multipleOf'])
  const said = TYPES[text(shape['type']) ?? '']
  return {
    ...known,
    ...bounds(shape),
    ...(unit === undefined ? {} : { unit }),
    ...(step === undefined ? {} : { step }),
    ...(options === undefined ? {} : { options }),
    type: options === undefined ? (said ?? guessType(shape, known, name)) : 'enum',
  }
}

function toValue(name: string, shape: Json, known: ValueSpec | undefined): Value {
  const full: JsonObject = isJsonObject(shape) ? shape : { value: shape }
  const at = Date.parse(text(full['at']) ?? '')
  return {
    name,
    spec: toSpec(full, known, name),
    value: (full['value'] ?? null) as Scalar,
    changedAt: Number.isNaN(at) ? 0 : at,
    at: Number.isNaN(at) ? 0 : at,
    confirmed: full['confirmed'] !== false,
    changedBy: null,
    every: null,
  }
}

/** A command: its name alone, or with its parameters as names to JSON schemas. */
function toCommand(given: Json, pointer: string): CommandSpec {
  if (typeof given === 'string') return { name: given, parameters: {} }
  const shape = object(given, pointer)
  const name = text(shape['name']) ?? refuse(`${pointer}/name`, 'a text')
  const values = object(shape['values'] ?? {}, `${pointer}/values`)
  const parameters = isJsonObject(values['properties']) ? values['properties'] : values
  const required = texts(values['required']) ?? []
  return {
    name,
    parameters: Object.fromEntries(
      Object.entries(parameters)
        .filter(([, spec]) => isJsonObject(spec))
        .map(([key, spec]) => {
          const full = toSpec(object(spec, pointer), undefined, key)
          return [key, required.includes(key) ? { ...full, required: true } : full]
        }),
    ),
  }
}

interface Draft extends Omit<Device, 'entities'> {
  readonly entities: Entity[]
}

function reference(given: Json | undefined): { id: string; slug: string; name: string } | null {
  if (typeof given === 'string') return { id: given, slug: given, name: given }
  if (!isJsonObject(given)) return null
  const slug = text(given['slug']) ?? text(given['id'])
  if (slug === undefined) return null
  return { id: text(given['id']) ?? slug, slug, name: text(given['name']) ?? slug }
}

function createDevice(given: { id: string; slug: string; name: string }, area: Area | null): Draft {
  const unsaid = { dialect: '', manufacturer: null, model: null, software: null, identifiers: [], topics: [] }
  return { ...given, ...unsaid, user: null, clientId: null, area, adoptedAt: 0, entities: [], lastSeen: 0 }
}

function toEntity(shape: JsonObject, pointer: string, around: { device: Draft; components: ComponentTable }): Entity {
  const { device, components } = around
  const slug = text(shape['slug']) ?? refuse(`${pointer}/slug`, 'a text')
  const component = text(shape['component']) ?? refuse(`${pointer}/component`, 'a text')
  const known = components.get(component)?.values ?? {}
  const values = object(shape['values'] ?? {}, `${pointer}/values`)
  const commands = Array.isArray(shape['commands']) ? shape['commands'] : []
  const category = text(shape['category'])
  return {
    id: text(shape['id']) ?? `${device.slug}.${slug}`,
    slug,
    name: text(shape['name']) ?? slug,
    key: text(shape['key']) ?? slug,
    device,
    area: reference(shape['area']) ?? device.area,
    component,
    deviceClass: text(shape['deviceClass']) ?? null,
    category: category === 'config' || category === 'diagnostic' ? category : null,
    values: new Map(Object.entries(values).map(([name, value]) => [name, toValue(name, value, known[name])])),
    commands: commands.map((command, index) => toCommand(command, `${pointer}/commands/${index}`)),
    online: typeof shape['online'] === 'boolean' ? shape['online'] : null,
    pending: null,
    trouble: null,
    version: 1,
  }
}

const PLURAL_ES = /(?:ch|sh|s|x)$/

/** What the entities themselves tell about their kinds: enough for `area.hall.lights` where no table is at hand. */
function componentsOf(entities: readonly Json[]): ComponentTable {
  const names = new Set(entities.flatMap(entity => (isJsonObject(entity) ? (text(entity['component']) ?? []) : [])))
  const mains: Readonly<Record<string, string>> = {
    light: 'on',
    switch: 'on',
    valve: 'on',
    siren: 'on',
    fan: 'on',
    cover: 'position',
  }
  return new Map(
    [...names].map((name): [string, Component] => {
      const plural = PLURAL_ES.test(name) ? `${name}es` : name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`
      return [name, { name, plural, main: mains[name] ?? null, values: {}, commands: [] }]
    }),
  )
}

/**
 * The names of a synthetic registry, the file behind `hob check --devices`: `{"entities", "areas", "people",
 * "lists", "aliases"}`, entities as the API shows them with an optional `range` or `enum` per value.
 * `components` is the table of #devices; without it the kinds are told from the entities.
 * @throws HobError `rules.bad_catalogue` (facts: `pointer`).
 */
export function catalogueFromJson(json: Json, components?: ComponentTable): Catalogue {
  const file = object(json, 'the top')
  const given = file['entities'] ?? []
  if (!Array.isArray(given)) refuse('/entities', 'a list')
  const table = components ?? componentsOf(given)
  const devices = new Map<string, Draft>()
  const areas = new Map<string, Area>()
  const note = (area: Area | null) => {
    if (area !== null && !areas.has(area.slug)) areas.set(area.slug, area)
    return area
  }
  for (const area of Array.isArray(file['areas']) ? file['areas'] : []) note(reference(area))
  const entities = given.map((item, index) => {
    const pointer = `/entities/${index}`
    const shape = object(item, pointer)
    const area = note(reference(shape['area']))
    const own =
      reference(shape['device']) ?? reference(shape['slug']) ?? refuse(`${pointer}/device`, 'an object with a slug')
    const device = devices.get(own.slug) ?? createDevice(own, area)
    devices.set(own.slug, device)
    const entity = toEntity(shape, pointer, { device, components: table })
    device.entities.push(entity)
    return entity
  })
  const aliases = Object.entries(object(file['aliases'] ?? {}, '/aliases')).flatMap(
    ([alias, slug]): [string, string][] => (typeof slug === 'string' ? [[alias, slug]] : []),
  )
  const names = new Map(aliases)
  return { components: table, entities: () => entities, areas: () => [...areas.values()], aliases: () => names }
}
