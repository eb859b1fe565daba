import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hob, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'

// Sockets that say a byte now and then, on the real clock: the limits are ten seconds.

const SOCKETS = 500
const BYTE_EVERY = 250
/** Milliseconds: ten for who is slow, and two looks at the clock. */
const GONE_WITHIN = 13_000

const folder = temporaryFolder()
let hub: HubProcess
let login: { username: string; password: string }

beforeAll(async () => {
  hub = await startHub(folder.path)
  const made = hob(['client', 'add', 'healthy', '--full', '--json', '--data', folder.path])
  login = JSON.parse(made.stdout) as typeof login
}, 30_000)
afterAll(async () => {
  await hub.stop()
  folder.remove()
})

/** Opens sockets that say `start` and then a byte at a time, or nothing. @returns how long the longest stood, in milliseconds. */
async function trickle({ host, port }: { host: string; port: number }, start: Buffer | null): Promise<number> {
  const sockets: Socket[] = []
  for (let i = 0; i < SOCKETS; i++) {
    const socket = connect(port, host)
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.resume()
    if (start !== null) socket.write(start)
    sockets.push(socket)
  }
  const begun = performance.now()
  const drip = setInterval(() => {
    if (start !== null) for (const socket of sockets) if (!socket.destroyed) socket.write('x')
  }, BYTE_EVERY)
  for (const socket of sockets) if (!socket.closed) await once(socket, 'close')
  clearInterval(drip)
  return performance.now() - begun
}

/** Until `done`: a login, a subscription and a message of its own, again and again. @returns the slowest, in milliseconds. */
async function livesOn(done: Promise<unknown>): Promise<{ slowest: number; rounds: number }> {
  let isDone = false
  void done.then(() => (isDone = true))
  let slowest = 0
  let rounds = 0
  while (!isDone) {
    const begun = performance.now()
    const address = `mqtt://${hub.mqtt.host}:${hub.mqtt.port}`
    const client = await connectAsync(address, { ...login, clientId: `healthy-${rounds}` })
    await client.subscribeAsync('t')
    const heard = new Promise<void>(resolve => client.once('message', () => resolve()))
    await client.publishAsync('t', 'x', { qos: 1 })
    await heard
    await client.endAsync()
    const health = await fetch(`${hub.http}/healthz`)
    expect(health.status).toBe(200)
    slowest = Math.max(slowest, performance.now() - begun)
    rounds++
  }
  return { slowest, rounds }
}

describe('500 sockets that trickle', () => {
  it.each([
    ['a CONNECT', 'mqtt', Buffer.from('10ff010004', 'hex')],
    ['nothing at all', 'mqtt', null],
    ['the headers of a request', 'http', Buffer.from('GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-a: ')],
  ] as const)('%s are gone after ten seconds, and nobody else feels them', async (_what, protocol, start) => {
    const url = new URL(hub.http)
    const at = protocol === 'mqtt' ? hub.mqtt : { host: url.hostname, port: Number(url.port) }
    const trickling = trickle(at, start)
    const healthy = await livesOn(trickling)
    expect(await trickling).toBeLessThan(GONE_WITHIN)
    expect(healthy.rounds).toBeGreaterThan(5)
    expect(healthy.slowest).toBeLessThan(2_000)
  })
})
