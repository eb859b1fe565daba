import { once } from 'node:events'
import { createServer, connect, type AddressInfo } from 'node:net'
import { afterEach, beforeAll, expect, it } from 'vitest'
import type { Log } from '#kernel'
import type { Peer } from '../../server/broker/index.ts'
import { createListening, type Listening } from '../../server/listening.ts'
import { issueInProcess, type Certificates } from '../../server/system/index.ts'
import { createTestClock } from '../support/clock.ts'

type Pair = NonNullable<ReturnType<Certificates['current']>>

let pair: Pair
let listening: Listening
beforeAll(async () => {
  pair = (await issueInProcess({ ca: null, names: ['127.0.0.1'], now: Date.now() })).leaf
})
afterEach(() => listening.close())

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** A source whose certificate comes later. */
function createSource(first: Pair | null) {
  let current = first
  const listeners = new Set<() => void>()
  const source: Certificates = { current: () => current, onChange: each => void listeners.add(each), close() {} }
  return {
    source,
    give(next: Pair) {
      current = next
      for (const listener of listeners) listener()
    },
  }
}

/** Sockets to be opened, and what comes of them: complaints, the first peer, MQTT over TLS. */
function listen(config: object, source: Certificates | null = null) {
  const complaints: string[] = []
  const note = (_facts: object, text: string) => void complaints.push(text)
  let opened = () => {}
  const isSecure = new Promise<void>(resolve => (opened = resolve))
  const log: Log = { debug() {}, info: () => opened(), warn: note, error: note }
  let came = (_peer: Peer) => {}
  const peer = new Promise<Peer>(resolve => (came = resolve))
  listening = createListening({
    config: {
      host: '127.0.0.1',
      httpPort: 0,
      mqttPort: 0,
      mqttsPort: 0,
      peers: 'private',
      proxyProtocol: [],
      ...config,
    },
    broker: { accept: (_stream, who) => came(who) },
    certificates: source === null ? null : Promise.resolve(source),
    clock: createTestClock(),
    log,
  })
  return { complaints, peer, isSecure }
}

const api = { listen: () => Promise.resolve({ address: '127.0.0.1', family: 'IPv4', port: 8080 }) }

it('tells where it listens once it does', async () => {
  listen({})
  expect(listening.places()).toBeNull()
  const places = await listening.open(api)
  const { port } = new URL(`mqtt://${places.mqtt}`)
  expect(places).toEqual({ http: 'http://127.0.0.1:8080', mqtt: `127.0.0.1:${port}`, mqtts: null })
  expect(listening.listeners()).toEqual({
    hosts: ['127.0.0.1'],
    ports: { mqtt: Number(port), mqtts: null, ws: 8080 },
    wsPath: '/mqtt',
  })
  await listening.close()
  expect(listening.places()).toBeNull()
})

it('opens MQTT over TLS when there is a certificate, also later', async () => {
  const mqttsPort = await freePort()
  const { source, give } = createSource(null)
  const { isSecure } = listen({ mqttsPort }, source)
  expect((await listening.open(api)).mqtts).toBeNull()
  give(pair)
  await isSecure
  expect(listening.listeners().ports.mqtts).toBe(mqttsPort)
})

it('keeps MQTT over TLS as it is where another certificate cannot be used', async () => {
  const mqttsPort = await freePort()
  const { source, give } = createSource(pair)
  const { complaints } = listen({ mqttsPort }, source)
  expect((await listening.open(api)).mqtts).toBe(`127.0.0.1:${mqttsPort}`)
  give({ cert: 'x', key: 'y' })
  expect(complaints).toEqual([
    expect.stringMatching(/^MQTT over TLS keeps its certificate: the certificate cannot be used/),
  ])
  expect(listening.listeners().ports.mqtts).toBe(mqttsPort)
})

it('believes the PROXY headers of those that are named', async () => {
  const { peer } = listen({ proxyProtocol: ['127.0.0.0/8'] })
  const { mqtt } = await listening.open(api)
  const socket = connect(Number(mqtt.split(':')[1]), '127.0.0.1')
  socket.write(Buffer.from('0d0a0d0a000d0a515549540a2111000cc0a80714c0a801011f90075b', 'hex'))
  expect(await peer).toEqual({ address: '192.168.7.20', port: 8080, transport: 'tcp' })
  socket.destroy()
})

it.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])('serves IPv4 alone on a machine without IPv6: %s', async code => {
  listen({ host: '' })
  const hosts: string[] = []
  await listening.open({
    listen({ host }) {
      hosts.push(host)
      if (host === '::') return Promise.reject(Object.assign(new Error('no IPv6'), { code }))
      return api.listen()
    },
  })
  expect(hosts).toEqual(['::', '0.0.0.0'])
})
