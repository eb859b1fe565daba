import type { CandidateJson, DeviceJson, EntityJson } from '#api'
import { NOW } from './view.ts'

const DAY = 24 * 60 * 60_000
const ago = (milliseconds: number) => new Date(NOW - milliseconds).toISOString()

const MAKES: readonly (readonly [string, string, string])[] = [
  ['Shelly', 'Dimmer 2', 'home-assistant'],
  ['Tasmota', 'Plug S', 'tasmota'],
  ['ESPHome', 'esp32dev', 'home-assistant'],
]

/** The devices of these entities, in the contract's shape. */
export function devicesOf(entities: readonly EntityJson[]): DeviceJson[] {
  return [...Map.groupBy(entities, ({ device }) => device.id).values()].map((members, index): DeviceJson => {
    const { device, area } = members[0]!
    const [manufacturer, model, dialect] = MAKES[index % MAKES.length]!
    const heard = members.flatMap(({ values }) => Object.values(values).flatMap(({ at }) => at ?? []))
    return {
      ...device,
      area,
      dialect,
      manufacturer,
      model,
      software: '1.14.0',
      identifiers: [`mac:8caab510${index.toString(16).padStart(4, '0')}`],
      user: `user-${index}`,
      adoptedAt: ago((index < 2 ? 1 : 40) * DAY),
      lastSeen: heard.toSorted().at(-1) ?? null,
      online: members.some(({ online }) => online !== false),
      version: 3,
      topics: [`home/${device.slug}/state`, `home/${device.slug}/set`, `home/${device.slug}/sensor/#`],
      entities: members,
    }
  })
}

/** Something that announced itself and is not adopted. */
export function candidate(name: string, more: Partial<CandidateJson> = {}): CandidateJson {
  return {
    id: `candidate-${name.toLowerCase().replaceAll(/\W+/g, '-').slice(0, 40)}`,
    name,
    dialect: 'tasmota',
    manufacturer: 'Tasmota',
    model: 'Plug S',
    software: '14.3.0',
    identifiers: ['mac:8caab5103f21'],
    user: null,
    clientId: 'DVES_103F21',
    suggestedArea: null,
    entities: [],
    guest: null,
    firstSeen: ago(40_000),
    lastSeen: ago(4_000),
    ...more,
  }
}

/** What strangers call their things. */
export const HOSTILE = [
  '<img src=x onerror="document.title=1">',
  '\u202Eevil\u2066 name\u200F',
  'x'.repeat(10_000),
  '‮مرحبا <b>bold</b>',
]
