import { isJsonObject } from '#kernel'
import type { Unsupported } from '../../face.ts'
import { nothing, type Discovery } from '../dialect.ts'
import type { Incoming } from '../incoming.ts'
import { parseConfig, type TasmotaConfig } from './config.ts'
import { diagnosticsOf } from './diagnostics.ts'
import { lightsOf } from './lights.ts'
import { relaysOf } from './relays.ts'
import { sensorsOf } from './sensors.ts'
import { switchesOf } from './switches.ts'

const TOPIC = /^tasmota\/discovery\/([0-9A-Fa-f]{12})\/(config|sensors)$/

/** The address in the topic: both messages of a device are one source. */
export function sourceOf({ topic }: Incoming): string | null {
  return TOPIC.exec(topic)?.[1]?.toUpperCase() ?? null
}

function unsupportedOf(config: TasmotaConfig): Unsupported[] {
  const shutters = config.relays.filter(kind => kind === 3).length / 2
  const found: Unsupported[] = []
  for (let number = 1; number <= shutters; number++) {
    found.push({ key: `shutter ${number}`, component: 'cover', name: `Shutter ${number}` })
  }
  if (config.isFan) found.push({ key: 'fan', component: 'fan', name: null })
  return found
}

/** One device, from its `config` and, once it came, its `sensors`. Sensors without a config are kept until it comes. */
export function discover(announcements: ReadonlyMap<string, Incoming>): Discovery {
  let config: TasmotaConfig | string | undefined
  let sensors: Incoming | undefined
  for (const [topic, announcement] of announcements) {
    const [, mac, kind] = TOPIC.exec(topic)!
    if (kind === 'config') config = parseConfig(announcement.json, mac!.toUpperCase())
    else sensors = announcement
  }
  if (typeof config === 'string') return { ...nothing, faults: [config] }
  if (sensors !== undefined && !isJsonObject(sensors.json)) {
    return { ...nothing, faults: ['the sensors are not a JSON object'] }
  }
  if (config === undefined) return { ...nothing, isKept: true }
  return {
    ...nothing,
    isKept: true,
    queries: [
      { topic: config.command('STATE'), payload: '' },
      { topic: config.command('STATUS'), payload: '10' },
    ],
    devices: [
      {
        identifiers: [`mac:${config.mac}`],
        name: config.name,
        nameHint: null,
        manufacturer: 'Tasmota',
        model: config.model,
        software: config.software,
        suggestedArea: null,
        entities: [
          ...relaysOf(config),
          ...lightsOf(config),
          ...switchesOf(config),
          ...sensorsOf(config, sensors?.json),
          ...diagnosticsOf(config),
        ],
        unsupported: unsupportedOf(config),
      },
    ],
  }
}
