import { isJsonObject } from '#kernel'
import type { Values } from '../../components/definition.ts'
import type { AvailabilityRule, EntityDescription, Reading } from '../dialect.ts'
import type { Fields } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
import type { TasmotaConfig } from './config.ts'

/** `Offline` and `Online` within this time are one device that reconnects. */
const OFFLINE_DELAY = 2_000

/** By the will of the device; one that sleeps is off air most of the time and that means nothing. */
function availabilityOf(config: TasmotaConfig): AvailabilityRule | null {
  if (config.sleeps) return null
  const decode = ({ text }: Incoming) => (text === config.online ? true : text === config.offline ? false : null)
  return { mode: 'latest', sources: [{ filter: config.tele('LWT'), decode }], offlineDelay: OFFLINE_DELAY }
}

type Own = Pick<EntityDescription, 'key' | 'component' | 'name' | 'values' | 'readings'>

/** An entity with what all of a Tasmota's have in common. */
export function entity(config: TasmotaConfig, own: Own & Partial<EntityDescription>): EntityDescription {
  return {
    uniqueId: null,
    deviceClass: null,
    category: null,
    commands: [],
    availability: availabilityOf(config),
    encode: null,
    commandTopics: [config.command('+')],
    assumed: [],
    expireAfter: null,
    offDelay: null,
    ...own,
  }
}

/** Reads a value out of `stat/RESULT`, `tele/STATE` and the answer to `STATUS 11`, which wraps the same. */
export function stateReadings(config: TasmotaConfig, decode: (fields: Fields) => Values | null): Reading[] {
  const plain = ({ json }: Incoming) => (isJsonObject(json) ? decode(json) : null)
  const wrapped = ({ json }: Incoming) => {
    const inner = isJsonObject(json) ? json['StatusSTS'] : undefined
    return isJsonObject(inner) ? decode(inner) : null
  }
  return [
    { filter: config.stat('RESULT'), decode: plain },
    { filter: config.tele('STATE'), decode: plain },
    { filter: config.stat('STATUS11'), decode: wrapped },
  ]
}
