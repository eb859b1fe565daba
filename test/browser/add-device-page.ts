import type { CandidateJson, EntityJson, GuestJson, KnockJson, PairingJson } from '#api'
import { candidate, devicesOf } from './device-house.ts'
import { AREAS, plug, sensor } from './house.ts'
import { openStage } from './stage.ts'
import { FORMS, heading, NOW } from './view.ts'

const MINUTE = 60_000
export const iso = (offset: number) => new Date(NOW + offset).toISOString()
const KITCHEN = AREAS.find(({ slug }) => slug === 'kitchen')!

export const bare = ({
  device: _device,
  area: _area,
  pending: _pending,
  ...rest
}: EntityJson): CandidateJson['entities'][number] => rest
const PARTS = [
  plug(null, 'Switch', false),
  sensor(null, 'Power', { is: 'power', to: 0, unit: 'W' }),
  sensor(null, 'Energy', { is: 'energy', to: 14.2, unit: 'kWh' }),
  sensor(null, 'Voltage', { is: 'voltage', to: 231, unit: 'V' }),
]

export function guest(id: string, more: Partial<GuestJson> = {}): GuestJson {
  return {
    id,
    address: '192.168.1.77',
    clientId: 'DVES_103F21',
    username: 'd-7k3m9q',
    protocol: 4,
    hasPassword: true,
    connected: true,
    since: iso(-20_000),
    lastSeen: iso(-2000),
    messages: 6,
    topics: [],
    candidates: [],
    ...more,
  }
}
export const knock = (reason: KnockJson['reason'], more: Partial<KnockJson> = {}): KnockJson => ({
  id: `knock-${reason}`,
  address: '192.168.1.91',
  clientId: 'ESP_8266',
  username: 'mqtt',
  reason,
  count: 4,
  firstSeen: iso(-3 * MINUTE),
  lastSeen: iso(-20_000),
  ...more,
})

export const KETTLE = candidate('Kettle plug', {
  guest: 'guest-1',
  suggestedArea: 'Kitchen',
  entities: PARTS.map(bare),
})
export const WEATHER = guest('guest-2', {
  address: '192.168.1.84',
  clientId: 'weather-roof',
  messages: 3,
  topics: [
    { topic: 'weather/roof/temp', payload: '3.2', encoding: 'utf8', at: iso(-2000) },
    { topic: 'weather/roof/wind', payload: '{"speed":4.1,"gust":9}', encoding: 'utf8', at: iso(-9000) },
  ],
})
export const CLOSED: PairingJson = { until: null, batch: false, candidates: [], guests: [], knocks: [], faults: [] }
export const OPEN: PairingJson = { ...CLOSED, until: iso(222_000) }
export const BUSY: PairingJson = {
  ...OPEN,
  candidates: [KETTLE, candidate('Bed lamp', { manufacturer: 'Shelly', model: 'Dimmer 2', dialect: 'home-assistant' })],
  guests: [guest('guest-1', { candidates: [KETTLE.id] }), WEATHER],
  knocks: [knock('wrong_password')],
}

/** The kettle's plug as one of the house. */
export function adopted() {
  const area = { id: KITCHEN.id, slug: KITCHEN.slug, name: KITCHEN.name }
  const device = { id: 'device-kettle', slug: 'kettle_plug', name: 'Kettle' }
  const entities = PARTS.map(part => ({ ...part, device, area }))
  return { entities, device: devicesOf(entities)[0]! }
}

/** The page that adds a device, and a hub with its door open. */
export function openAddDeviceStage() {
  const stage = openStage(hub => {
    hub.areas = [...AREAS]
    hub.pairing = BUSY
    hub.on('POST /pairing', body => {
      const { seconds = 300, batch = false } = body as { seconds?: number; batch?: boolean }
      hub.pairing = { ...hub.pairing, until: iso(seconds * 1000), batch }
      return { status: 200, body: hub.pairing }
    })
    hub.on('DELETE /pairing', () => {
      hub.pairing = { ...hub.pairing, until: null, batch: false }
      return { status: 204, body: undefined }
    })
  })
  const { sent, until } = stage
  return {
    stage,
    sent,
    until,
    async open(path = '/add', form = FORMS[2]!) {
      const view = await stage.open(path, form)
      await heading(view.page, 'Add a device')
      return view
    },
    tell(pairing: PairingJson) {
      stage.hub.pairing = pairing
      stage.hub.push({ type: 'pairing', seq: stage.hub.nextSeq(), ...pairing })
    },
  }
}
