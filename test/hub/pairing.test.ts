import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ClientJson, DeviceJson } from '#api'
import { eventually } from '../support/hub-process.ts'
import { openHouse } from './support/pairing-house.ts'

// Strangers at the running hub, as MQTT.js and mosquitto_pub are strangers.

const house = openHouse()
const {
  api,
  heard,
  openWindow,
  connect,
  closed,
  refusal,
  configOf,
  announce,
  candidateNamed,
  adopt,
  connectionOf,
  knocksUntil,
  adopted,
} = house

describe('while no window is open', () => {
  it('strangers are refused and seen to knock, and nothing of them is stored', async () => {
    expect(await refusal({ clientId: 'nobody' })).toBe(5)
    expect(await refusal({ clientId: 'nobody' })).toBe(5)
    expect(await refusal({ clientId: 'esp', username: 'mqtt', password: 'guess' })).toBe(4)
    expect(await refusal({ clientId: 'red', username: house.watcher.username, password: 'guess' })).toBe(4)
    const { knocks, guests, until } = await heard()
    expect({ guests, until }).toEqual({ guests: [], until: null })
    expect(knocks).toMatchObject([
      { username: house.watcher.username, clientId: 'red', reason: 'wrong_password', count: 1, address: '127.0.0.1' },
      { username: 'mqtt', clientId: 'esp', reason: 'unknown_user', count: 1 },
      { username: null, clientId: 'nobody', reason: 'no_login', count: 2 },
    ])
    const { items } = await api<{ items: ClientJson[] }>('GET', '/mqtt/clients')
    expect(items).toEqual([])
    await api('DELETE', `/pairing/knocks/${knocks[0]!.id}`)
    expect((await heard()).knocks).toHaveLength(2)
  })

  it('mosquitto_pub is told so, too', async () => {
    const child = spawn('mosquitto_pub', [
      '-h',
      house.hub.mqtt.host,
      '-p',
      String(house.hub.mqtt.port),
      '-t',
      'a',
      '-m',
      'b',
    ])
    expect((await once(child, 'exit'))[0]).toBe(5)
    await knocksUntil(knocks => knocks.some(({ reason }) => reason === 'no_login'))
  })
})

describe('a guest', () => {
  it('reaches nobody; adopted, it is complete at once and goes on over the same connection', async () => {
    const { client: look, inbox } = await connect({ ...house.watcher, clientId: 'look' })
    await look.subscribeAsync('#', { qos: 1 })
    await openWindow({ seconds: 60 })
    expect(await inbox.until(({ topic }) => topic === 'homeassistant/status')).toMatchObject({ payload: 'online' })
    await inbox.until(({ topic }) => topic === 'shellies/command')
    await inbox.until(({ topic }) => topic === 'esphome/discover')

    const kettle = await connect({ clientId: 'kettle-1', username: 'mqtt', password: 'hunter2' })
    await kettle.client.subscribeAsync('#', { qos: 1 })
    await kettle.client.publishAsync('kettle/state', '21.5', { qos: 1, retain: true })
    await announce(kettle.client, 'kettle', 'Kettle')
    await kettle.client.publishAsync('kettle/state', '22.5', { qos: 1, retain: true })
    const candidate = await candidateNamed('Kettle')
    const { guests } = await eventually(heard, ({ candidates }) =>
      candidates.some(each => each.entities[0]?.values['temperature']?.value === 22.5),
    )
    expect(guests).toMatchObject([
      {
        ...{ id: candidate.guest, clientId: 'kettle-1', username: 'mqtt', hasPassword: true, connected: true },
        ...{ messages: 3, candidates: [candidate.id], protocol: 4 },
      },
    ])
    expect(guests[0]!.topics.map(({ topic, payload }) => [topic, payload.slice(0, 4)])).toEqual([
      ['kettle/state', '22.5'],
      ['homeassistant/sensor/kettle/config', '{"na'],
    ])
    await look.publishAsync('garden/tap', 'secret', { qos: 1 })
    expect((await api<{ items: DeviceJson[] }>('GET', '/devices')).items).toEqual([])
    expect(inbox.received.some(({ topic }) => topic.includes('kettle'))).toBe(false)

    const device = await adopt(candidate, { name: 'Tea kettle' })
    expect(device.entities[0]!.values['temperature']).toMatchObject({ value: 22.5, unit: '°C', confirmed: true })
    expect(await connectionOf(device)).toMatchObject({ login: 'own', connected: true, clientId: 'kettle-1' })
    await inbox.until(({ topic, payload }) => topic === 'kettle/state' && payload === '22.5')
    expect(await heard()).toMatchObject({ until: null, guests: [], candidates: [] })

    await kettle.client.publishAsync('kettle/state', '30.5', { qos: 1 })
    await inbox.until(({ payload }) => payload === '30.5')
    await look.publishAsync('garden/tap', 'secret', { qos: 1 })
    await look.publishAsync('kettle/state', 'echo', { qos: 1 })
    // Its own tree is all that its `#` brings; what is its own it may hear.
    expect(kettle.inbox.received.filter(({ topic }) => topic === 'garden/tap')).toEqual([])
    await look.publishAsync('homeassistant/status', 'online', { qos: 1 })
    await kettle.inbox.until(({ topic }) => topic === 'homeassistant/status')
  })

  it('may be any client; a window closes for the first device, and stays open for many when that is asked', async () => {
    const args = [
      '-h',
      house.hub.mqtt.host,
      '-p',
      String(house.hub.mqtt.port),
      '-u',
      'shell',
      '-P',
      'word',
      '-i',
      'shell-1',
    ]
    await openWindow({ batch: true })
    const config = JSON.stringify(configOf('probe', 'Probe'))
    const child = spawn('mosquitto_pub', [
      ...args,
      '-q',
      '1',
      '-r',
      '-t',
      'homeassistant/sensor/probe/config',
      '-m',
      config,
    ])
    expect((await once(child, 'exit'))[0]).toBe(0)
    const candidate = await candidateNamed('Probe')
    expect((await heard()).guests).toMatchObject([{ connected: false, username: 'shell' }])
    const device = await adopt(candidate)
    expect(await connectionOf(device)).toMatchObject({ login: 'own', connected: false })
    expect((await heard()).until).not.toBeNull()
    const again = spawn('mosquitto_pub', [...args, '-q', '1', '-t', 'probe/state', '-m', '19.5'])
    expect((await once(again, 'exit'))[0]).toBe(0)
    await eventually(
      () => api<DeviceJson>('GET', `/devices/${device.id}`),
      ({ entities }) => entities[0]!.values['temperature']!.value === 19.5,
    )
    await adopted('last', 'Last')
    expect((await heard()).until).toBeNull()
  })

  it('without a password stays out unless the owner takes it so, and is known by its client id alone then', async () => {
    await openWindow()
    const weak = await connect({ clientId: 'weak-1' })
    await announce(weak.client, 'weak', 'Weak')
    const candidate = await candidateNamed('Weak')
    await expect(adopt(candidate)).rejects.toThrow(/409.*pairing\.no_password/)
    const device = await adopt(candidate, { allowWithoutPassword: true })
    expect(await connectionOf(device)).toMatchObject({ login: 'none', connected: true })
    expect(await refusal({ clientId: 'weak-2' })).toBe(5)
    weak.client.end(true)
    await connect({ clientId: 'weak-1' })
  })

  it('that is rejected does not come back while the window is open', async () => {
    await openWindow()
    const { client } = await connect({ clientId: 'pest', username: 'p', password: 'p' })
    const [guest] = (await eventually(heard, ({ guests }) => guests.length === 1)).guests
    const gone = closed(client)
    await api('POST', `/pairing/guests/${guest!.id}/reject`)
    await gone
    expect(await refusal({ clientId: 'pest', username: 'p', password: 'p' })).toBe(5)
    expect(await heard()).toMatchObject({ guests: [], knocks: [{ reason: 'revoked', clientId: 'pest' }] })
    await expect(api('POST', `/pairing/guests/${guest!.id}/reject`)).rejects.toThrow(/404.*pairing\.unknown_guest/)
  })

  it('is one of twenty; its packets have 4 MiB', async () => {
    await openWindow()
    for (let i = 0; i < 19; i++) await connect({ clientId: `crowd-${i}` })
    const { client: last } = await connect({ clientId: 'crowd-19' })
    expect(await refusal({ clientId: 'crowd-20' })).toBe(3)
    expect((await heard()).knocks).toMatchObject([{ reason: 'too_many' }])
    const gone = closed(last)
    last.publish('big', Buffer.alloc(4 * 1_048_576))
    await gone
  })
})

describe('a device', () => {
  it('has its topics for itself: no other writes, clears or reads them', async () => {
    const { inbox, client: look } = await connect({ ...house.watcher, clientId: 'look' })
    const oven = await adopted('oven', 'Oven')
    const stove = await adopted('stove', 'Stove')
    await stove.client.subscribeAsync('#', { qos: 1 })
    await look.subscribeAsync('#', { qos: 1 })
    await stove.client.publishAsync('oven/state', '99', { qos: 1, retain: true })
    await stove.client.publishAsync('homeassistant/sensor/oven/config', '', { qos: 1, retain: true })
    await announce(stove.client, 'oven', 'Stolen')
    await oven.client.publishAsync('oven/state', '22.5', { qos: 1, retain: true })
    await stove.client.publishAsync('stove/state', '23.5', { qos: 1, retain: true })
    await inbox.until(({ payload }) => payload === '23.5')
    expect(inbox.received.filter(({ topic }) => topic === 'oven/state').map(each => each.payload)).toEqual([
      '21.5',
      '22.5',
    ])
    expect(inbox.received.some(({ topic, payload }) => topic.includes('oven/config') && payload === '')).toBe(false)
    expect(stove.inbox.received.some(({ topic }) => topic.includes('oven'))).toBe(false)
    expect(stove.client.connected).toBe(true)
  })

  it("obeys over the connection on which it was a guest, is nobody else's to command, and its will is kept", async () => {
    const mac = 'A1B2C3D4E5F6'
    const plug = {
      ...{
        ip: '192.0.2.7',
        dn: 'Heater',
        fn: ['Heater'],
        hn: 'heater-plug',
        mac,
        md: 'Plug S',
        sw: '14.2.0',
        t: 'heater',
      },
      ...{ ofln: 'Offline', onln: 'Online', state: ['OFF', 'ON', 'TOGGLE', 'HOLD'], ft: '%prefix%/%topic%/' },
      ...{ tp: ['cmnd', 'stat', 'tele'], rl: [1], swc: [-1], swn: [null], btn: [0], so: {}, lk: 1, lt_st: 0, ver: 1 },
    }
    const oven = await adopted('oven', 'Oven')
    await openWindow()
    const heater = await connect({
      ...{ clientId: 'DVES_D4E5F6', username: 'DVES_USER', password: 'DVES_PASS' },
      will: { topic: 'tele/heater/LWT', payload: Buffer.from('Offline'), qos: 1, retain: true },
    })
    await heater.client.subscribeAsync(['cmnd/heater/#', 'cmnd/tasmotas/#', 'cmnd/DVES_D4E5F6_fb/#'], { qos: 1 })
    await heater.client.publishAsync('cmnd/heater/POWER', '', { retain: true })
    await heater.client.publishAsync('tele/heater/LWT', 'Online', { retain: true })
    await heater.client.publishAsync(`tasmota/discovery/${mac}/config`, JSON.stringify(plug), { retain: true })
    await heater.client.publishAsync('tele/heater/STATE', '{"POWER":"OFF"}', { qos: 1 })
    const device = await adopt(await candidateNamed('Heater'), { name: 'Heater' })
    const power = device.entities.find(({ component }) => component === 'switch')!
    expect(power).toMatchObject({ online: true, values: { on: { value: false, confirmed: true } } })

    await oven.client.publishAsync('cmnd/heater/POWER', 'OFF', { qos: 1 })
    await api('POST', `/entities/${power.id}/commands`, { command: 'turn_on' })
    expect(await heater.inbox.until(({ topic }) => /POWER1?$/.test(topic))).toMatchObject({
      payload: 'ON',
    })
    await heater.client.publishAsync('stat/heater/RESULT', '{"POWER":"ON"}', { qos: 1 })
    const state = () =>
      api<DeviceJson>('GET', `/devices/${device.id}`).then(({ entities }) =>
        entities.find(({ id }) => id === power.id)!,
      )
    await eventually(state, ({ values, pending }) => values['on']!.value === true && pending === null)
    heater.client.stream.destroy()
    await eventually(state, ({ online }) => online === false)
  })

  it('cannot describe what is not its own', async () => {
    const oven = await adopted('oven', 'Oven')
    await announce(oven.client, 'oven', 'Oven', { state_topic: 'house/door' })
    const { faults } = await eventually(heard, answer => answer.faults.length > 0)
    expect(faults).toMatchObject([
      { topic: 'homeassistant/sensor/oven/config', message: expect.stringContaining('"house/door"') },
    ])
  })

  it('that speaks on topics of another is not adopted, and its neighbour is named', async () => {
    await adopted('oven', 'Oven')
    await openWindow()
    const thief = await connect({ clientId: 'thief', username: 't', password: 't' })
    await announce(thief.client, 'thief', 'Thief', { state_topic: 'oven/state' })
    await expect(adopt(await candidateNamed('Thief'))).rejects.toThrow(/409.*pairing\.topics_taken.*Oven/)
    expect((await heard()).until).not.toBeNull()
  })

  it('is one: its login from a second client is refused while it is connected', async () => {
    const oven = await adopted('oven', 'Oven')
    const copy = { clientId: 'copy', username: 'mqtt', password: 'secret of oven' }
    expect(await refusal(copy)).toBe(5)
    expect((await heard()).knocks).toMatchObject([{ reason: 'used_twice', clientId: 'copy' }])
    const gone = closed(oven.client)
    oven.client.end(true)
    await gone
    // A client that makes up a new id each time is still the same device.
    const back = await eventually(
      () => connect(copy).catch(() => null),
      connected => connected !== null,
    )
    await back!.client.publishAsync('oven/state', '40.5', { qos: 1 })
    await eventually(
      () => api<DeviceJson>('GET', '/devices/oven'),
      ({ entities }) => entities[0]!.values['temperature']!.value === 40.5,
    )
  })

  it('that is forgotten is cut off, cleared away and refused; pairing it anew works', async () => {
    const oven = await adopted('oven', 'Oven', { clean: false })
    const gone = closed(oven.client)
    await api('DELETE', `/devices/${oven.json.id}`)
    await gone
    const { client, inbox } = await connect({ ...house.watcher, clientId: 'look' })
    await client.publishAsync('end', 'of it', { qos: 1, retain: true })
    await client.subscribeAsync('#', { qos: 1 })
    await inbox.until(({ topic }) => topic === 'end')
    expect(inbox.received.filter(({ topic }) => topic.includes('oven'))).toEqual([])
    await client.publishAsync('end', '', { qos: 1, retain: true })
    const { items } = await api<{ items: ClientJson[] }>('GET', '/mqtt/clients')
    expect(items.filter(each => each.clientId === 'oven')).toEqual([])
    expect(await refusal({ clientId: 'oven', username: 'mqtt', password: 'secret of oven' })).toBe(5)
    expect((await heard()).knocks).toMatchObject([{ reason: 'revoked', clientId: 'oven' }])
    expect((await adopted('oven', 'Oven')).json.name).toBe('Oven')
  })

  it('comes back after kill -9 with its own login; the window does not', async () => {
    await adopted('oven', 'Oven')
    await openWindow({ seconds: 900, batch: true })
    await house.restart()
    expect(await heard()).toMatchObject({ until: null, batch: false, guests: [], knocks: [] })
    const oven = await connect({ clientId: 'oven', username: 'mqtt', password: 'secret of oven' })
    await oven.client.publishAsync('oven/state', '25.5', { qos: 1 })
    await eventually(
      () => api<DeviceJson>('GET', '/devices/oven'),
      ({ entities }) => entities[0]!.values['temperature']!.value === 25.5,
    )
    expect(await refusal({ clientId: 'stranger' })).toBe(5)
  })
})
