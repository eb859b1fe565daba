import mqtt, { type MqttClient } from 'mqtt'
import type { CandidateJson, DeviceJson } from '#api'
import { startFullHub, type FullHub } from './rules.ts'

// A house for the speed of the page: 300 tiles in six rooms, of which fifty a second change.

const DEVICES = 60
const ROOMS = ['hall', 'kitchen', 'living_room', 'bedroom', 'bathroom', 'garden']
/** The entities of each device: what tiles look like, in turn. */
const PARTS = [
  { key: 'temperature', component: 'sensor', config: { device_class: 'temperature', unit_of_measurement: '°C' } },
  { key: 'light', component: 'sensor', config: { device_class: 'illuminance', unit_of_measurement: 'lx' } },
  { key: 'motion', component: 'binary_sensor', config: { device_class: 'motion' } },
  { key: 'plug', component: 'switch', config: {} },
  { key: 'humidity', component: 'sensor', config: { device_class: 'humidity', unit_of_measurement: '%' } },
] as const

export const tilesOf = (devices: number) => devices * PARTS.length
export const TILES = tilesOf(DEVICES)

/** Goes round all tiles in an order in which neighbours lie far apart. */
const STRIDE = 127

const topicOf = (device: number, key: string) => `tiles/${device}/${key}`

function announcement(device: number): string {
  const parts = PARTS.map(({ key, component, config }) => {
    const state = { state_topic: topicOf(device, key), unique_id: `tile-${device}-${key}`, name: key }
    const command = component === 'switch' ? { command_topic: `${topicOf(device, key)}/set` } : {}
    return [key, { platform: component, ...state, ...command, ...config }] as const
  })
  const about = { identifiers: [`tile-${device}`], name: `Device ${device}` }
  return JSON.stringify({ device: about, origin: { name: 'bench' }, components: Object.fromEntries(parts) })
}

/** The change number `n`: another tile each time until all had their turn, and another value than its last one. */
export function tileChange(n: number): { topic: string; payload: string } {
  const tile = (n * STRIDE) % TILES
  const round = Math.floor(n / TILES)
  const { key, component } = PARTS[tile % PARTS.length]!
  const topic = topicOf(Math.floor(tile / PARTS.length), key)
  if (component === 'sensor') return { topic, payload: (15 + ((tile + 3 * round) % 100) / 10).toFixed(1) }
  return { topic, payload: round % 2 === 0 ? 'ON' : 'OFF' }
}

export interface TileHouse extends Pick<FullHub, 'hub' | 'ask' | 'close'> {
  /** Makes so many tiles change in a second, evenly. @returns stops it, and says how many changed. */
  change(perSecond: number): () => number
}

/** Announces all devices, adopts them into the rooms, and lets each tile speak once. */
async function furnish(client: MqttClient, ask: FullHub['ask'], devices: number): Promise<void> {
  for (let device = 0; device < devices; device++) {
    const topic = `homeassistant/device/tile${device}/config`
    await client.publishAsync(topic, announcement(device), { qos: 1, retain: true })
  }
  for (const slug of ROOMS) await ask('POST', '/areas', { name: slug.replaceAll('_', ' '), slug })
  const { candidates } = (await ask('GET', '/pairing')) as { candidates: CandidateJson[] }
  for (const [i, { id }] of candidates.entries()) {
    await ask('POST', `/pairing/candidates/${id}/adopt`, { area: ROOMS[i % ROOMS.length] })
  }
  for (let n = 0; n < TILES; n++) await publish(client, n)
  const { items } = (await ask('GET', '/devices')) as { items: DeviceJson[] }
  const known = items.reduce((sum, { entities }) => sum + entities.length, 0)
  if (known !== tilesOf(devices)) throw new Error(`the hub knows ${known} entities of ${tilesOf(devices)}`)
}

async function publish(client: MqttClient, n: number): Promise<void> {
  const { topic, payload } = tileChange(n)
  await client.publishAsync(topic, payload, { qos: 1 })
}

/** A hub with five adopted entities of each device, 300 in all unless told otherwise, that all have spoken. */
export async function startTileHouse(devices = DEVICES): Promise<TileHouse> {
  const { hub, credential, ask, close } = await startFullHub()
  const client = mqtt.connect({ host: '127.0.0.1', port: hub.port, clientId: 'tiles', ...credential })
  const end = async () => {
    await client.endAsync(true)
    await close()
  }
  try {
    await furnish(client, ask, devices)
  } catch (error) {
    await end()
    throw error
  }
  let next = TILES
  return {
    hub,
    ask,
    change(perSecond) {
      const first = next
      const started = performance.now()
      const timer = setInterval(() => {
        const due = first + Math.floor(((performance.now() - started) * perSecond) / 1_000)
        while (next < due) void publish(client, next++)
      }, 5)
      return () => {
        clearInterval(timer)
        return next - first
      }
    },
    close: end,
  }
}
