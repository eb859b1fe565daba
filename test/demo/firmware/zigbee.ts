import type { Json } from '#kernel'
import { createPulse, json, type Outgoing, type SimulatedClient, type SimulatedDevice } from './device.ts'
import { createJsonLamp } from './json-lamp.ts'

const BASE = 'zigbee2mqtt'

interface ZigbeeThing {
  /** Its friendly name: also its topic. */
  readonly name: string
  /** IEEE address. */
  readonly address: string
  readonly manufacturer: string
  readonly model: string
}

export interface ZigbeeLamp extends ZigbeeThing {
  readonly start: Readonly<Record<string, Json>>
  readonly modes: readonly string[]
  readonly config?: Readonly<Record<string, Json>>
}

export interface ZigbeeSensor extends ZigbeeThing {
  readonly parts: readonly {
    readonly component: 'sensor' | 'binary_sensor'
    readonly key: string
    readonly config: Readonly<Record<string, Json>>
  }[]
  /** Milliseconds between reports when nothing changes. */
  readonly every: number
  /** Values whose change is reported at once. */
  read(at: number): { readonly urgent: Record<string, Json>; readonly others: Record<string, Json> }
}

function announcer({ name, address, manufacturer, model }: ZigbeeThing) {
  const device = {
    identifiers: [`${BASE}_${address}`],
    name,
    manufacturer,
    model,
    sw_version: '2.4.1',
    via_device: `${BASE}_bridge_0x00124b0021c8a1d2`,
  }
  const availability = [
    { topic: `${BASE}/bridge/state`, value_template: '{{ value_json.state }}' },
    { topic: `${BASE}/${name}/availability`, value_template: '{{ value_json.state }}' },
  ]
  return (component: string, key: string, config: Readonly<Record<string, Json>>): Outgoing => ({
    topic: `homeassistant/${component}/${address}/${key}/config`,
    retain: true,
    payload: json({
      unique_id: `${address}_${key}_${BASE}`,
      object_id: `${name.toLowerCase().replaceAll(' ', '_')}_${key}`,
      ...config,
      availability,
      availability_mode: 'all',
      device,
      origin: { name: 'Zigbee2MQTT', sw: '2.4.1', url: 'https://www.zigbee2mqtt.io' },
    }),
  })
}

const online = (name: string): Outgoing => ({
  topic: `${BASE}/${name}/availability`,
  payload: json({ state: 'online' }),
  retain: true,
})

/** A lamp behind the gateway: Home Assistant's json schema, all of its state on one topic. */
export function createZigbeeLamp(lamp: ZigbeeLamp): SimulatedDevice {
  const { name, start, modes, config } = lamp
  const topic = `${BASE}/${name}`
  const state = createJsonLamp(start)
  const isDue = createPulse(name, 300_000)
  const tell = (): Outgoing[] => [{ topic, payload: state.state({ linkquality: 112 }) }]
  const describe = announcer(lamp)
  return {
    announce: () => [
      describe('light', 'light', {
        name: null,
        schema: 'json',
        state_topic: topic,
        command_topic: `${topic}/set`,
        brightness: true,
        brightness_scale: 254,
        supported_color_modes: [...modes],
        ...config,
      }),
      describe('sensor', 'linkquality', {
        name: 'Linkquality',
        state_topic: topic,
        value_template: '{{ value_json.linkquality }}',
        unit_of_measurement: 'lqi',
        state_class: 'measurement',
        entity_category: 'diagnostic',
      }),
      online(name),
    ],
    listens: [`${topic}/set`],
    report: at => (isDue(at) ? tell() : []),
    obey({ payload }) {
      state.obey(payload)
      return tell()
    },
  }
}

/** A battery sensor behind the gateway. */
export function createZigbeeSensor(sensor: ZigbeeSensor): SimulatedDevice {
  const { name, parts, every, read } = sensor
  const topic = `${BASE}/${name}`
  const isDue = createPulse(name, every)
  const describe = announcer(sensor)
  let said = ''
  return {
    announce: () => [
      ...parts.map(({ component, key, config }) =>
        describe(component, key, { state_topic: topic, value_template: `{{ value_json.${key} }}`, ...config }),
      ),
      online(name),
    ],
    listens: [],
    report(at) {
      const { urgent, others } = read(at)
      const now = json(urgent)
      if (!isDue(at) && now === said) return []
      said = now
      return [{ topic, payload: json({ ...urgent, ...others, linkquality: 84 }) }]
    },
    obey: () => [],
  }
}

/** The gateway: one client for all of its devices. */
export function createZigbeeGateway(devices: readonly SimulatedDevice[]): SimulatedClient {
  const state = (payload: string): Outgoing => ({
    topic: `${BASE}/bridge/state`,
    payload: json({ state: payload }),
    retain: true,
  })
  return { name: BASE, will: state('offline'), birth: [state('online')], devices }
}
