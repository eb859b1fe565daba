import { isJsonObject, type Json } from '#kernel'
import type { Unsupported } from '../../face.ts'
import { nothing, type DeviceDescription, type Discovery, type EntityDescription } from '../dialect.ts'
import { boolOf, listOf, nameOf, textOf, type Fields } from '../fields.ts'
import { identifierOf } from '../identifiers.ts'
import type { Incoming } from '../incoming.ts'
import { Config, ConfigFault, type EntityKey } from './config.ts'
import { light } from './light.ts'
import { expandPayload, withShared } from './payload.ts'
import { binarySensor, sensor, switchEntity } from './simple.ts'

const TOPIC = /^homeassistant\/([^/]+)\/(?:([^/]+)\/)?([^/]+)\/config$/

/** Components of Home Assistant that describe no entity of this stage but are no mistake. */
const WITHOUT_ENTITY = new Set(['device_automation', 'tag'])

const READERS: Readonly<Record<string, (config: Config, who: EntityKey) => EntityDescription>> = {
  sensor,
  binary_sensor: binarySensor,
  switch: switchEntity,
  light,
}

/** Each topic is a source of its own. */
export function sourceOf(message: Incoming): string | null {
  return TOPIC.test(message.topic) ? message.topic : null
}

/** What one configuration comes to. */
interface Part {
  readonly entity?: EntityDescription
  readonly unsupported?: Unsupported
  readonly fault?: string
}

function readPart(fields: Fields, who: EntityKey): Part {
  const { component, key } = who
  if (WITHOUT_ENTITY.has(component)) return {}
  const notYet: Part = { unsupported: { key, component: component.slice(0, 64), name: nameOf(fields['name']) } }
  const read = Object.hasOwn(READERS, component) ? READERS[component] : undefined
  if (read === undefined) return notYet
  try {
    return { entity: read(new Config(fields), who) }
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    const fault = `${key}: ${error.message}`
    return error.isUnsupported ? { ...notYet, fault } : { fault }
  }
}

function identifiersOf(device: Fields | undefined): string[] {
  if (device === undefined) return []
  const ids = listOf(device['identifiers']).flatMap(id => textOf(id) ?? [])
  const connections = listOf(device['connections']).flatMap(pair => {
    const [kind, value] = Array.isArray(pair) ? pair.map(textOf) : []
    if (kind === undefined || kind === null || value === undefined || value === null || kind === 'ip') return []
    return [identifierOf(value, kind)]
  })
  return [...new Set([...ids.map(id => identifierOf(id)), ...connections])]
}

function describe(
  device: Fields | undefined,
  own: { id: string; component: string; name: string | null; parts: readonly Part[] },
): DeviceDescription {
  const identifiers = identifiersOf(device)
  const get = (key: string) => nameOf(device?.[key])
  return {
    identifiers: identifiers.length > 0 ? identifiers : [`id:${own.component} ${own.id}`],
    name: get('name'),
    nameHint: own.name ?? (identifiers.length > 0 ? null : own.id),
    manufacturer: get('manufacturer'),
    model: get('model') ?? get('model_id'),
    software: get('sw_version'),
    suggestedArea: get('suggested_area'),
    entities: own.parts.flatMap(({ entity }) => entity ?? []),
    unsupported: own.parts.flatMap(({ unsupported }) => unsupported ?? []),
  }
}

const objectOf = (value: Json | undefined): Fields | undefined => (isJsonObject(value) ? value : undefined)

function single(fields: Fields, { component, id }: { component: string; id: string }): Discovery {
  const device = objectOf(fields['device'])
  const part = readPart(fields, { key: `${component} ${id}`, component, deviceName: nameOf(device?.['name']) })
  const faults = part.fault === undefined ? [] : [part.fault]
  if (part.fault !== undefined && part.unsupported === undefined) return { ...nothing, faults }
  return {
    ...nothing,
    isKept: true,
    faults,
    devices: [describe(device, { id, component, name: nameOf(fields['name']), parts: [part] })],
  }
}

function whole(fields: Fields, id: string): Discovery {
  const device = objectOf(fields['device'])
  const components = objectOf(fields['components'])
  if (device === undefined || components === undefined) {
    return { ...nothing, faults: ['a device announcement needs "device" and "components"'] }
  }
  const deviceName = nameOf(device['name'])
  const removed: string[] = []
  const parts = Object.entries(components).flatMap(([name, config]) => {
    if (!isJsonObject(config)) return []
    const component = textOf(config['platform'])
    if (component === null) return [{ fault: `${name}: platform is missing` }]
    const key = `${component} ${id} ${name}`
    if (Object.keys(config).length === 1) {
      removed.push(key)
      return []
    }
    return [readPart(withShared(config, fields), { key, component, deviceName })]
  })
  return {
    ...nothing,
    isKept: true,
    keepsMissing: true,
    removed,
    faults: parts.flatMap(part => ('fault' in part && part.fault !== undefined ? [part.fault] : [])),
    devices: [describe(device, { id, component: 'device', name: null, parts })],
  }
}

/** One entity, or one device with all of its entities. */
export function discover(announcements: ReadonlyMap<string, Incoming>): Discovery {
  const [announcement] = announcements.values()
  if (announcement === undefined) return nothing
  const [, component, node, object] = TOPIC.exec(announcement.topic)!
  const { json } = announcement
  if (!isJsonObject(json)) return { ...nothing, faults: ['the configuration is not a JSON object'] }
  const fields = expandPayload(json)
  if (boolOf(fields['migrate_discovery']) === true) return { ...nothing, isMoving: true }
  const id = node === undefined ? object! : `${node} ${object!}`
  return component === 'device' ? whole(fields, id) : single(fields, { component: component!, id })
}
