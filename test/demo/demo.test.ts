import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CandidateJson, CommandJson, DeviceConnectionJson, DeviceJson, RuleFileJson, RunJson } from '#api'
import { startDemo, type Demo } from './demo.ts'
import { areas, MUTE, NEWCOMER, places, STALE } from './household.ts'

const at = Date.UTC(2026, 2, 1, 20)
const scratch = mkdtempSync(join(tmpdir(), 'hob-test-'))

let demo: Demo
let devices: readonly DeviceJson[]

const items = async <T>(of: Demo, path: string) => ((await of.ask('GET', path)) as { items: T[] }).items
const device = (name: string) => devices.find(each => each.name === name)!
const command = (name: string, wait: string) =>
  demo.ask('POST', `/entities/${device(name).entities[0]!.id}/commands?wait=${wait}`, {
    command: 'turn_on',
  }) as Promise<CommandJson>

beforeAll(async () => {
  vi.stubEnv('TMPDIR', scratch)
  demo = await startDemo({ at })
  devices = await items<DeviceJson>(demo, '/devices')
}, 60_000)
afterAll(async () => {
  await demo.stop()
  rmSync(scratch, { recursive: true, force: true })
})

describe('the simulated house', () => {
  it('has at least 15 devices in both dialects, each in its room', () => {
    expect(devices.length).toBeGreaterThanOrEqual(15)
    expect(new Set(devices.map(({ dialect }) => dialect))).toEqual(new Set(['home-assistant', 'tasmota']))
    expect(Object.fromEntries(devices.map(({ name, area }) => [name, area?.slug]))).toEqual(places)
    expect(new Set(Object.values(places))).toEqual(new Set(Object.keys(areas)))
  })

  it('has spoken with every value that its firmware tells', () => {
    const silent = devices
      .flatMap(({ name, entities }) => entities.map(entity => ({ name, entity })))
      .filter(
        ({ entity }) => entity.category === null && Object.values(entity.values).some(({ at: told }) => told === null),
      )
    expect(silent).toEqual([])
  })

  it('has a device that is offline, one that fell silent, and a newcomer', async () => {
    expect(devices.filter(({ online }) => online === false).map(({ name }) => name)).toEqual(['Garage heater'])
    expect(device(STALE).online).toBe(true)
    expect(at - Date.parse(device(STALE).lastSeen!)).toBeGreaterThan(3 * 10 * 60_000)
    const { candidates } = (await demo.ask('GET', '/pairing')) as { candidates: CandidateJson[] }
    expect(candidates.map(({ name }) => name)).toEqual([NEWCOMER])
  })

  it('obeys commands after a moment, in each style of firmware', async () => {
    for (const name of ['Bedside lamp', 'Desk strip', 'Bathroom fan', 'Kitchen lights', 'Bedroom ceiling'])
      expect([name, (await command(name, '5s')).state]).toEqual([name, 'confirmed'])
  })

  it('has a device that does not answer and one that cannot be asked', async () => {
    expect(await command(MUTE, '800ms')).toMatchObject({ state: 'pending' })
    expect(await command('Garage heater', '5s')).toMatchObject({ state: 'failed', reason: 'Garage heater is offline' })
  })

  it('takes every word of its lamps', async () => {
    const set = (name: string, values: object) =>
      demo.ask('POST', `/entities/${device(name).entities[0]!.id}/commands?wait=5s`, { command: 'turn_on', values })
    expect(await set('Bedroom ceiling', { brightness: 40, color: '#00ff00' })).toMatchObject({ state: 'confirmed' })
    expect(await set('Bedroom ceiling', { color_temp: 2700, transition: 1 })).toMatchObject({ state: 'confirmed' })
    expect(await set('Desk strip', { color: '#102030', effect: 'Candle' })).toMatchObject({ state: 'confirmed' })
    expect(await set('Hall lamp', { brightness: 25, color_temp: 3000 })).toMatchObject({ state: 'confirmed' })
  })

  it('lives by rules that have run and one that waits', async () => {
    const files = await items<RuleFileJson>(demo, '/rules')
    expect(files.length).toBeGreaterThanOrEqual(5)
    expect(files.flatMap(({ rules }) => rules.flatMap(({ problems }) => problems))).toEqual([])
    expect(files.filter(({ enabled }) => !enabled).map(({ slug }) => slug)).toEqual(['water_garden'])
    const states = (await items<RunJson>(demo, '/rules/hall_light/runs')).map(({ state }) => state)
    expect(states).toEqual(expect.arrayContaining(['waiting', 'done']))
  })

  it('shows how each client stands with the broker', async () => {
    const connection = (slug: string) => demo.ask('GET', `/devices/${slug}/connection`) as Promise<DeviceConnectionJson>
    expect(await connection('hall_lamp')).toMatchObject({
      username: 'c-zigbee2mqtt',
      clientId: 'zigbee2mqtt',
      login: 'software',
      connected: true,
      address: '127.0.0.1',
      protocol: 4,
      since: expect.any(String),
    })
    expect(await connection('garage_heater')).toMatchObject({
      clientId: 'garage-heater',
      connected: false,
      since: null,
    })
  })

  it('names the topics of each device: its own, and of a gateway only its part', () => {
    expect(device('Hall lamp').topics).toEqual([
      'zigbee2mqtt/Hall lamp',
      'zigbee2mqtt/bridge/state',
      'zigbee2mqtt/Hall lamp/availability',
      'zigbee2mqtt/Hall lamp/set',
      'homeassistant/light/0x00178801089bd3f2/light/config',
      'homeassistant/sensor/0x00178801089bd3f2/linkquality/config',
    ])
    expect(device('Kitchen lights').topics).toEqual(
      expect.arrayContaining(['stat/kitchen-lights/RESULT', 'tele/kitchen-lights/LWT', 'cmnd/kitchen-lights/+']),
    )
  })
})

describe('its sign-in link', () => {
  it('opens the house to one browser, once', async () => {
    const [url, code] = demo.signInLink.split('/signin#')
    expect(url).toBe(demo.url)
    const open = () =>
      fetch(`${demo.url}/api/v1/session/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: demo.url, 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ code }),
      })
    const first = await open()
    expect([first.status, await first.json()]).toMatchObject([200, { user: { name: 'demo', role: 'owner' } }])
    expect((await open()).status).toBeGreaterThanOrEqual(400)
  })
})

it('looks the same in every run, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const before = readdirSync(scratch)
  const faces = async (of: Demo) =>
    (await items<DeviceJson>(of, '/devices')).map(({ name, lastSeen, entities }) => ({
      name,
      lastSeen,
      values: entities.map(({ slug, online, values }) => [slug, online, values]),
    }))
  const [one, other] = await Promise.all([startDemo({ at, seed: 'twin' }), startDemo({ at, seed: 'twin' })])
  const [first, second] = [await faces(one), await faces(other)]
  await Promise.all([one.stop(), other.stop()])
  expect(second).toEqual(first)
  expect(readdirSync(scratch)).toEqual(before)
})

it('cleans up after a start that fails', async () => {
  const before = readdirSync(scratch)
  await expect(startDemo({ at, mqttPort: demo.mqtt.port })).rejects.toThrow('EADDRINUSE')
  expect(readdirSync(scratch)).toEqual(before)
})
