import { isJsonObject, type Json } from '#kernel'
import type { Fields } from '../fields.ts'
import { abbreviations, deviceAbbreviations, originAbbreviations } from './abbreviations.ts'

// Reading order of an announcement (Home Assistant MQTT discovery, "Preprocessing"): short keys, then `~`.

/** Short keys written out; where both forms stand, the full one wins. */
function expand(fields: Fields, table: Readonly<Record<string, string>>): Record<string, Json> {
  const full: Record<string, Json> = {}
  for (const [key, value] of Object.entries(fields)) {
    const name = Object.hasOwn(table, key) ? table[key]! : key
    if (name === key || !Object.hasOwn(fields, name)) full[name] = value
  }
  return full
}

function withBase(base: string, text: string): string {
  if (text.startsWith('~')) return base + text.slice(1)
  return text.endsWith('~') ? text.slice(0, -1) + base : text
}

/** `~` at the very start or end of a topic stands for the base topic; anywhere else it is itself. */
function expandTopics(fields: Record<string, Json>, base: string): void {
  for (const [key, value] of Object.entries(fields)) {
    if (typeof value === 'string' && key.endsWith('topic')) fields[key] = withBase(base, value)
  }
}

function expandAvailability(value: Json, base: string | null): Json {
  const entries = (Array.isArray(value) ? value : [value]).filter(isJsonObject)
  return entries.map(entry => {
    const full = expand(entry, abbreviations)
    if (base !== null) expandTopics(full, base)
    return full
  })
}

function expandEntity(fields: Fields, inherited: string | null): Record<string, Json> {
  const full = expand(fields, abbreviations)
  const base = typeof full['~'] === 'string' ? full['~'] : inherited
  delete full['~']
  if (base !== null) expandTopics(full, base)
  if (full['availability'] !== undefined) full['availability'] = expandAvailability(full['availability'], base)
  if (isJsonObject(full['device'])) full['device'] = expand(full['device'], deviceAbbreviations)
  if (isJsonObject(full['origin'])) full['origin'] = expand(full['origin'], originAbbreviations)
  return full
}

/** An announcement with every key written out, of one entity or of a whole device with its `components`. */
export function expandPayload(fields: Fields): Record<string, Json> {
  const base = typeof fields['~'] === 'string' ? fields['~'] : null
  const full = expandEntity(fields, null)
  const { components } = full
  if (!isJsonObject(components)) return full
  full['components'] = Object.fromEntries(
    Object.entries(components).flatMap(([id, config]) =>
      isJsonObject(config) ? [[id, expandEntity(config, base)]] : [],
    ),
  )
  return full
}

/** What a device announcement says for each of its components that does not say it itself. */
const SHARED = [
  'availability',
  'availability_mode',
  'availability_topic',
  'availability_template',
  'payload_available',
  'payload_not_available',
  'command_topic',
  'state_topic',
  'qos',
  'encoding',
]

/** One component of a device announcement with what it shares. */
export function withShared(config: Fields, device: Fields): Fields {
  const shared = SHARED.filter(key => device[key] !== undefined).map(key => [key, device[key]!] as const)
  return { ...Object.fromEntries(shared), ...config }
}
