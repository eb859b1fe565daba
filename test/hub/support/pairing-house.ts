import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { CandidateJson, DeviceConnectionJson, DeviceJson, KnockJson, PairingJson } from '#api'
import type { IClientOptions, MqttClient } from 'mqtt'
import {
  apiClient,
  eventually,
  hob,
  mqttClient,
  startHub,
  temporaryFolder,
  type HubProcess,
} from '../../support/hub-process.ts'

/** A running hub for the tests of a file, as strangers and its owner meet it; each test finds it without devices. */
export function openHouse() {
  const folder = temporaryFolder()
  const data = ['--data', folder.path]
  let hub: HubProcess
  let token: string
  let api: ReturnType<typeof apiClient>
  let watcher: { username: string; password: string }
  const open: MqttClient[] = []

  beforeAll(async () => {
    hub = await startHub(folder.path)
    hob(['user', 'add', 'anna', '--role', 'owner', '--password-stdin', ...data], 'correct horse battery')
    token = hob(['token', 'create', '--user', 'anna', '--scopes', 'admin', ...data]).stdout.trim()
    api = apiClient(hub, token)
    watcher = JSON.parse(hob(['client', 'add', 'watcher', '--full', '--json', ...data]).stdout)
  }, 30_000)

  afterEach(async () => {
    for (const client of open.splice(0)) client.end(true)
    const { guests, knocks } = await heard()
    await api('DELETE', '/pairing')
    for (const { id } of guests) await api('POST', `/pairing/guests/${id}/reject`)
    for (const { id } of knocks) await api('DELETE', `/pairing/knocks/${id}`)
    const { items } = await api<{ items: DeviceJson[] }>('GET', '/devices')
    for (const { id } of items) await api('DELETE', `/devices/${id}`)
  })

  afterAll(async () => {
    await hub.stop()
    folder.remove()
  })

  const heard = () => api<PairingJson>('GET', '/pairing')
  const openWindow = (options: { seconds?: number; batch?: boolean } = {}) =>
    api<PairingJson>('POST', '/pairing', options)

  async function connect(options: IClientOptions) {
    const connected = await mqttClient(hub, options)
    open.push(connected.client)
    return connected
  }

  const closed = (client: MqttClient) => new Promise<void>(resolve => client.once('close', resolve))

  /** The code of the CONNACK that refuses a client. */
  async function refusal(options: IClientOptions): Promise<number> {
    return connect(options).then(
      () => expect.unreachable('it was let in'),
      (error: { code: number }) => error.code,
    )
  }

  function configOf(id: string, name: string, more: object = {}) {
    const device = { identifiers: [id], name }
    const kind = { device_class: 'temperature', unit_of_measurement: '°C' }
    return { name: null, unique_id: `${id}_t`, state_topic: `${id}/state`, device, ...kind, ...more }
  }

  const announce = (client: MqttClient, id: string, name: string, more: object = {}) =>
    client.publishAsync(`homeassistant/sensor/${id}/config`, JSON.stringify(configOf(id, name, more)), { retain: true })

  const candidateNamed = (name: string) =>
    eventually(heard, ({ candidates }) => candidates.some(each => each.name === name)).then(({ candidates }) =>
      candidates.find(each => each.name === name)!,
    )
  const adopt = (candidate: CandidateJson, choice: object = {}) =>
    api<DeviceJson>('POST', `/pairing/candidates/${candidate.id}/adopt`, choice)
  const connectionOf = (device: DeviceJson) => api<DeviceConnectionJson>('GET', `/devices/${device.id}/connection`)
  const knocksUntil = (fits: (knocks: KnockJson[]) => boolean) =>
    eventually(heard, ({ knocks }) => fits(knocks)).then(({ knocks }) => knocks)

  /** A device that was adopted, with its connection still open. */
  async function adopted(id: string, name: string, login: IClientOptions = {}) {
    await openWindow()
    const device = await connect({ clientId: id, username: 'mqtt', password: `secret of ${id}`, ...login })
    await announce(device.client, id, name)
    await device.client.publishAsync(`${id}/state`, '21.5', { retain: true })
    return { ...device, json: await adopt(await candidateNamed(name)) }
  }

  return {
    data,
    get hub() {
      return hub
    },
    get token() {
      return token
    },
    get watcher() {
      return watcher
    },
    /** kill -9, and a start on the same folder. */
    async restart() {
      await hub.kill()
      hub = await startHub(folder.path)
      api = apiClient(hub, token)
    },
    api: <T = unknown>(method: string, path: string, body?: unknown) => api<T>(method, path, body),
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
  }
}
