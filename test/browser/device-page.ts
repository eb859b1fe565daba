import type { DeviceConnectionJson, DeviceJson, EntityJson, TopicMessageJson } from '#api'
import { devicesOf } from './device-house.ts'
import { AREAS, lamp, pointsOf, sensor } from './house.ts'
import { openStage } from './stage.ts'
import { FORMS, heading, NOW } from './view.ts'

export const HALL = AREAS.find(({ slug }) => slug === 'hall')!
export const at = new Date(NOW).toISOString()
export const cause = { id: 'c', parent: null, kind: 'device', who: 'x', depth: 0 } as const

export const inDevice = (entity: EntityJson, more: Partial<EntityJson> = {}): EntityJson => ({
  ...entity,
  ...more,
  device: { id: 'device-hall', slug: 'hall_ceiling', name: 'Hall ceiling' },
})
const dimmer = (): EntityJson[] => {
  const light = lamp(HALL, 'Light', 60)
  const temperature = { type: 'number', minimum: 2700, maximum: 6500, unit: 'K' }
  return [
    inDevice(light, {
      commands: light.commands.map(each =>
        each.name === 'turn_on' ? { ...each, values: { ...each.values, color_temp: temperature } } : each,
      ),
      values: { ...light.values, color_temp: { ...light.values['brightness']!, value: 3000, unit: 'K' } },
    }),
    inDevice(sensor(HALL, 'Power', { is: 'power', to: 9.2, unit: 'W', every: 1 })),
    inDevice(sensor(HALL, 'Energy today', { is: 'energy', to: 0.08, unit: 'kWh', every: 1 })),
    inDevice(sensor(HALL, 'Inside', { is: 'temperature', to: 41, unit: '°C', every: 5 }), { category: 'diagnostic' }),
    inDevice(sensor(HALL, 'Signal', { is: 'signal_strength', to: -58, unit: 'dBm', every: 5 })),
  ]
}
export const CONNECTION: DeviceConnectionJson = {
  username: 'd-7k3m9q',
  clientId: 'shellydimmer2-3F21',
  login: 'issued',
  connected: true,
  address: '192.168.1.62',
  protocol: 4,
  since: new Date(NOW - 3 * 60 * 60_000).toISOString(),
  lastReason: 'broker.keep_alive',
}
export const past = (payload: string, more: Partial<TopicMessageJson> = {}): TopicMessageJson => ({
  payload,
  encoding: 'utf8',
  at: new Date(NOW - 5000).toISOString(),
  qos: 0,
  retain: false,
  size: payload.length,
  client: 'shellydimmer2-3F21',
  ...more,
})

export const TABS = ['control', 'messages', 'settings', 'connection'] as const

/** The page of a device, and a hub with the ceiling lamp of the hall alone. */
export function openDeviceStage() {
  let device: DeviceJson
  const stage = openStage(hub => {
    hub.areas = [...AREAS]
    give(dimmer())
    connects(CONNECTION)
    hub.on('GET /rules', () => ({ status: 200, body: { items: [], next: null } }))
    hub.on('GET /mqtt/topics', () => ({ status: 200, body: { items: [], next: null } }))
    const messages = [past('{"state":"ON","brightness":153}', { retain: true })]
    const detail = { topic: 'x', retained: null, device: null, messages }
    hub.on('GET /mqtt/topics/detail', () => ({ status: 200, body: detail }))
  })

  /** The hub has the device of these entities. */
  function give(entities: EntityJson[], more: Partial<DeviceJson> = {}) {
    stage.hub.entities = entities
    stage.hub.points = pointsOf(entities)
    become({ ...devicesOf(entities)[0]!, ...more })
    stage.hub.devices = [device]
  }
  /** The device is this one now. */
  function become(json: DeviceJson) {
    device = json
    for (const name of [device.slug, device.id])
      stage.hub.on(`GET /devices/${name}`, () => ({ status: 200, body: device }))
  }
  /** Says how the device stands with the broker, by its slug and by its id. */
  function connects(body: DeviceConnectionJson) {
    for (const name of ['hall_ceiling', 'device-hall'])
      stage.hub.on(`GET /devices/${name}/connection`, () => ({ status: 200, body }))
  }

  const { sent, until } = stage
  return {
    stage,
    sent,
    until,
    give,
    become,
    connects,
    device: () => device,
    async open(tab: (typeof TABS)[number] = 'control', form = FORMS[2]!) {
      const view = await stage.open(`/devices/hall_ceiling?tab=${tab}`, form)
      await heading(view.page, device.name.length < 60 ? device.name : /./)
      return view
    },
  }
}
