import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CandidateJson, DeviceJson, RuleFileJson, RunJson } from '#api'
import {
  apiClient,
  eventually,
  hob,
  mqttClient,
  startHub,
  temporaryFolder,
  type HubProcess,
} from '../support/hub-process.ts'

// One command starts a hub in which a real device drives a real rule, and kill -9 changes nothing.

const folder = temporaryFolder()
const data = ['--data', folder.path]
let hub: HubProcess
let token: string
let esp: { username: string; password: string }
let watcher: { username: string; password: string }

const SENSOR = {
  name: 'Temperature',
  unique_id: 'balcony_t',
  state_topic: 'balcony/state',
  value_template: '{{ value_json.t }}',
  device_class: 'temperature',
  unit_of_measurement: '°C',
  device: { identifiers: ['balcony-1'], name: 'Balcony' },
}

const MAC = 'A1B2C3D4E5F6'
const PLUG = {
  ip: '192.0.2.7',
  dn: 'Heater',
  fn: ['Heater', null, null, null, null, null, null, null],
  hn: 'heater-plug',
  mac: MAC,
  md: 'Plug S',
  ofln: 'Offline',
  onln: 'Online',
  state: ['OFF', 'ON', 'TOGGLE', 'HOLD'],
  sw: '14.2.0',
  t: 'heater',
  ft: '%prefix%/%topic%/',
  tp: ['cmnd', 'stat', 'tele'],
  rl: [1, 0, 0, 0, 0, 0, 0, 0],
  swc: [-1, -1, -1, -1, -1, -1, -1, -1],
  swn: [null, null, null, null, null, null, null, null],
  btn: [0, 0, 0, 0, 0, 0, 0, 0],
  so: { 4: 0, 11: 0, 13: 0, 17: 0, 20: 0, 30: 0, 68: 0, 73: 0, 82: 0, 114: 0, 117: 0 },
  lk: 1,
  lt_st: 0,
  sho: [0, 0, 0, 0],
  ver: 1,
}

const RULE = `on: {when: balcony.temperature < 5}
mode: single
do:
  - turn_on: heater
  - publish: house/log
    payload: "cold: {{ balcony.temperature }}"
    qos: 1
    retain: true
  - wait: 4s
  - publish: house/done
    payload: after the wait
    qos: 1
`

beforeAll(async () => {
  hub = await startHub(folder.path)
  expect(
    hob(['user', 'add', 'anna', '--role', 'owner', '--password-stdin', ...data], 'correct horse battery'),
  ).toMatchObject({ code: 0 })
  token = hob(['token', 'create', '--user', 'anna', '--scopes', 'admin', ...data]).stdout.trim()
  esp = JSON.parse(hob(['client', 'add', 'esp', '--full', '--json', ...data]).stdout)
  watcher = JSON.parse(
    hob(['client', 'add', 'watcher', '--subscribe', '#', '--publish', 'none', '--json', ...data]).stdout,
  )
  hob(['set', 'writeBudget', '0', ...data])
}, 30_000)

afterAll(async () => {
  await hub.stop()
  folder.remove()
})

it('goes from announcement to lamp, and on after kill -9', { timeout: 40_000 }, async () => {
  let api = apiClient(hub, token)
  const { client: device } = await mqttClient(hub, { ...esp, clientId: 'esp' })

  // A persistent session that is away when something happens.
  const { client: away } = await mqttClient(hub, { ...watcher, clientId: 'away', clean: false })
  await away.subscribeAsync('house/#', { qos: 1 })
  await away.endAsync()

  await device.publishAsync('homeassistant/sensor/balcony/t/config', JSON.stringify(SENSOR), { retain: true })
  await device.publishAsync(`tasmota/discovery/${MAC}/config`, JSON.stringify(PLUG), { retain: true })
  await device.publishAsync('tele/heater/LWT', 'Online', { retain: true })
  await device.publishAsync('balcony/state', '{"t":12.5}', { qos: 1 })

  const { candidates } = await eventually(
    () => api<{ candidates: CandidateJson[] }>('GET', '/pairing'),
    answer => answer.candidates.length === 2,
  )
  expect(candidates.map(each => each.name).toSorted()).toEqual(['Balcony', 'Heater'])
  for (const each of candidates) await api('POST', `/pairing/candidates/${each.id}/adopt`, { name: each.name })

  await device.publishAsync('balcony/state', '{"t":11.5}', { qos: 1 })
  const temperature = async () => {
    const { items } = await api<{ items: DeviceJson[] }>('GET', '/devices')
    return items.find(each => each.slug === 'balcony')?.entities[0]?.values['temperature']
  }
  expect(await eventually(temperature, value => value?.value === 11.5)).toMatchObject({ unit: '°C', confirmed: true })

  const heater = async () => {
    const { items } = await api<{ items: DeviceJson[] }>('GET', '/devices')
    return items.find(each => each.slug === 'heater')!.entities[0]!
  }
  await api('POST', `/entities/${(await heater()).id}/commands`, { command: 'turn_off', values: {} })
  await device.publishAsync('stat/heater/RESULT', '{"POWER":"OFF"}', { qos: 1 })
  await eventually(heater, ({ values }) => values['on']?.value === false)
  const why = hob(['why', 'heater', ...data])
  expect(why).toMatchObject({ code: 0, stderr: '' })
  expect(why.stdout).toMatch(/^Heater: on became false, \S+Z\n {2}<- a token of anna\n$/)

  expect(await api('GET', '/mqtt/listeners')).toMatchObject({ hosts: ['127.0.0.1'], ports: { mqtt: hub.mqtt.port } })

  expect(await api<RuleFileJson>('PUT', '/rules/frost', { text: RULE })).toMatchObject({ version: 1, enabled: true })
  const { client: independent, inbox: seen } = await mqttClient(hub, { ...watcher, clientId: 'independent' })
  await independent.subscribeAsync('cmnd/#', { qos: 1 })

  await device.publishAsync('balcony/state', '{"t":3.5}', { qos: 1 })
  expect(
    await seen.until(message => message.topic === 'cmnd/heater/POWER1' || message.topic === 'cmnd/heater/POWER'),
  ).toMatchObject({
    payload: 'ON',
  })

  const runs = () => api<{ items: RunJson[] }>('GET', '/rules/frost/runs')
  const waiting = (await eventually(runs, answer => answer.items[0]?.state === 'waiting')).items[0]!
  const dueAt = Date.parse(waiting.dueAt!)

  // A value that is stored shows that what came before it is.
  await device.publishAsync('keep/this', 'kept', { qos: 1, retain: true })
  await eventually(temperature, value => value?.value === 3.5)
  await hub.kill()
  hub = await startHub(folder.path)
  api = apiClient(hub, token)

  const { items } = await api<{ items: DeviceJson[] }>('GET', '/devices')
  expect(items.map(each => each.slug).toSorted()).toEqual(['balcony', 'heater'])
  expect(await temperature()).toMatchObject({ value: 3.5, confirmed: false })
  expect(await api<RuleFileJson>('GET', '/rules/frost')).toMatchObject({ text: RULE, version: 1 })

  const { client: back, inbox: late } = await mqttClient(hub, { ...watcher, clientId: 'late' })
  await back.subscribeAsync(['keep/#', 'house/log'], { qos: 1 })
  expect(await late.until(message => message.topic === 'keep/this')).toMatchObject({ payload: 'kept', retain: true })
  expect(await late.until(message => message.topic === 'house/log')).toMatchObject({
    payload: 'cold: 3.5',
    retain: true,
  })

  const again = await mqttClient(hub, { ...watcher, clientId: 'away', clean: false })
  expect(again.sessionPresent).toBe(true)
  // However long the start took: what was said meanwhile waits for this session.
  await again.inbox.until(message => message.topic === 'house/done')
  expect(Date.now()).toBeGreaterThanOrEqual(dueAt)
  expect(again.inbox.received.map(message => message.payload)).toEqual(['cold: 3.5', 'after the wait'])

  const finished = await eventually(runs, answer => answer.items[0]?.state === 'done')
  expect(finished.items.map(run => run.id)).toEqual([waiting.id])
  expect(again.inbox.received.filter(message => message.topic === 'house/done')).toHaveLength(1)
  await Promise.all([back.endAsync(), again.client.endAsync()])
})
