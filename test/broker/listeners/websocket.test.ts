import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import { listenWebSocket, type WebSocketListener } from '../../../server/broker/index.ts'
import { issueInProcess } from '../../../server/system/index.ts'
import { toBytes } from '../support/notation.ts'
import { closed, createReader, dial, serveBroker } from '../support/served.ts'

let listener: WebSocketListener
afterEach(() => listener.close())

const CONNECT = toBytes('connect', 'a', 4)
const url = (scheme = 'ws', host = '127.0.0.1') => `${scheme}://${host}:${listener.address.port}/`

/** An open WebSocket, what comes over it, and the socket beneath. */
async function open(at = url(), options: ClientOptions = {}) {
  const reader = createReader()
  let carrier: Socket | undefined
  const client = new WebSocket(at, 'mqtt', options)
  client.on('message', (data: Buffer) => reader.push(data))
  client.on('upgrade', (response: IncomingMessage) => (carrier = response.socket))
  // A connection that is reset closes as well; the tests look at that.
  client.on('error', () => {})
  await once(client, 'open')
  return { client, reader, carrier: carrier! }
}

/** The head of a client's frame: binary, masked with zeros, announcing `size` bytes. */
function frameHead(size: number): Buffer {
  const head = Buffer.alloc(14)
  head[0] = 0x82
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(size), 2)
  return head
}

/** The answer to a request, as text. */
async function answerTo(request: string): Promise<string> {
  const socket = await dial(listener)
  let answer = ''
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
  socket.write(request)
  await closed(socket)
  return answer
}

const upgrade = (more: string) =>
  `GET / HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${more}\r\n`

describe('MQTT over WebSocket', () => {
  it.each(['127.0.0.1', '::1'])('is served on %s', async host => {
    const served = serveBroker()
    listener = await listenWebSocket({ ...served.common, host })
    const { client, reader } = await open(url('ws', host === '::1' ? '[::1]' : host))
    client.send(CONNECT)
    expect(await reader.count(1)).toEqual(['connack 0'])
    expect(served.broker.clients()).toMatchObject([{ address: host, connected: true }])
    client.close()
    await once(client, 'close')
    await served.saying(`broker.lost ${host}`)
  })

  it('is served over TLS, with another certificate when there is one', async () => {
    const names = ['127.0.0.1']
    const { ca, leaf } = await issueInProcess({ ca: null, names, now: Date.now() })
    const other = await issueInProcess({ ca: null, names, now: Date.now() })
    listener = await listenWebSocket({ ...serveBroker().common, certificate: leaf })
    const { client, reader } = await open(url('wss'), { ca: ca.cert })
    client.send(CONNECT)
    expect(await reader.count(1)).toEqual(['connack 0'])
    listener.setCertificate(other.leaf)
    await expect(open(url('wss'), { ca: ca.cert })).rejects.toThrow(/certificate/)
    const second = await open(url('wss'), { ca: other.ca.cert })
    client.send(toBytes('pingreq', 'a', 4))
    expect(await reader.count(2)).toEqual(['connack 0', 'pingresp'])
    client.terminate()
    second.client.terminate()
  })

  it.each([
    ['none', ''],
    ['another one', 'Sec-WebSocket-Protocol: mqttv3.1, soap\r\n'],
  ])('refuses a client that offers no subprotocol "mqtt": %s', async (_name, more) => {
    listener = await listenWebSocket(serveBroker().common)
    const answer = await answerTo(upgrade(more))
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toMatch(/\r\n\r\nthis is MQTT over WebSocket: .* subprotocol "mqtt"\n$/)
  })

  it('tells a browser what it found', async () => {
    listener = await listenWebSocket(serveBroker().common)
    const response = await fetch(url('http'))
    expect(response.status).toBe(426)
    expect(await response.text()).toBe('this is MQTT over WebSocket: the client has to ask for an upgrade\n')
  })

  it('takes packets that come right behind the request', async () => {
    const served = serveBroker()
    listener = await listenWebSocket(served.common)
    const socket = await dial(listener)
    const masked = Buffer.concat([Buffer.of(0x82, 0x80 | CONNECT.length, 0, 0, 0, 0), CONNECT])
    let answer = Buffer.alloc(0)
    const isAnswered = new Promise<void>(resolve => {
      socket.on('data', (part: Buffer) => {
        answer = Buffer.concat([answer, part])
        if (answer.includes(Buffer.of(0x82, 4, 0x20, 2, 0, 0))) resolve()
      })
    })
    socket.write(Buffer.concat([Buffer.from(upgrade('Sec-WebSocket-Protocol: mqtt\r\n')), masked]))
    await isAnswered
    expect(answer.toString()).toMatch(/^HTTP\/1.1 101 .*Sec-WebSocket-Protocol: mqtt\r\n/is)
    socket.destroy()
  })

  it('waits ten seconds for the request', async () => {
    const served = serveBroker()
    listener = await listenWebSocket(served.common)
    const socket = await dial(listener)
    socket.write('GET / HTT')
    while (served.clock.pending === 0) await new Promise(resolve => setImmediate(resolve))
    served.clock.advance(9_999)
    expect(socket.closed).toBe(false)
    served.clock.advance(1)
    await closed(socket)
    expect(served.said).toEqual(['broker.upgrade_late 127.0.0.1'])
  })

  it('waits ten seconds for the CONNECT', async () => {
    const served = serveBroker()
    listener = await listenWebSocket(served.common)
    const { client } = await open()
    served.clock.advance(10_000)
    await once(client, 'close')
    expect(served.said).toEqual(['broker.connect_timeout 127.0.0.1'])
  })

  it.each([
    ['before the CONNECT more than that may have', Buffer.alloc(0), 700_000],
    ['more than the client may send', CONNECT, 2_000_000],
  ])('keeps no message of %s', async (_name, before, size) => {
    const served = serveBroker({ limits: { maxPacketSize: 1_000_000 } })
    listener = await listenWebSocket(served.common)
    const { client, reader, carrier } = await open()
    if (before.length > 0) {
      client.send(before)
      await reader.count(1)
    }
    carrier.write(frameHead(268_000_000))
    carrier.write(Buffer.alloc(size))
    await once(client, 'close')
    expect(served.said).toEqual(['broker.packet_too_large 127.0.0.1'])
  })

  it('takes large messages of small packets, and packets as large as they may be', async () => {
    const served = serveBroker({ limits: { maxPacketSize: 900_000 } })
    listener = await listenWebSocket(served.common)
    const { client, reader } = await open()
    client.send(CONNECT)
    await reader.count(1)
    client.send(Buffer.concat(Array.from({ length: 10_000 }, () => toBytes('publish many 80*x', 'a', 4))))
    client.send(toBytes('publish large 890000*x', 'a', 4))
    client.send(toBytes('pingreq', 'a', 4))
    expect(await reader.count(2)).toEqual(['connack 0', 'pingresp'])
    expect(served.broker.stats().received).toBe(10_001)
    client.terminate()
  })

  it.each([
    ['a frame without a mask', Buffer.of(0x82, 1, 0)],
    ['a reserved bit', Buffer.of(0xc2, 0x81, 0, 0, 0, 0, 0)],
    ['an opcode that is none', Buffer.of(0x83, 0x80, 0, 0, 0, 0)],
    ['a length beyond all packets', frameHead(300_000_000)],
    [
      'a message of more parts than it may have',
      Buffer.concat([
        Buffer.of(2, 0x81, 0, 0, 0, 0, 0x30),
        ...Array.from({ length: 4_096 }, () => Buffer.of(0, 0x81, 0, 0, 0, 0, 0)),
      ]),
    ],
  ])('ends a connection with %s', async (_name, bytes) => {
    const served = serveBroker()
    listener = await listenWebSocket(served.common)
    const { client, reader, carrier } = await open()
    client.send(CONNECT)
    await reader.count(1)
    carrier.write(bytes)
    await once(client, 'close')
    expect(served.said).toEqual(['broker.websocket_broken 127.0.0.1'])
  })

  it('reads no more from a publisher while the broker holds it back', async () => {
    const { promise: isAnswered, resolve: answer } = Promise.withResolvers<void>()
    const served = serveBroker({
      permissions: {
        async identify() {
          await isAnswered
          return { kind: 'refused', reason: 'bad_credentials' }
        },
      },
    })
    listener = await listenWebSocket(served.common)
    const socket = connect(listener.address.port, '127.0.0.1')
    const { client, carrier } = await open(url(), { createConnection: () => socket })
    client.send(CONNECT)
    // Frames of 1 KiB for as long as the kernel takes them: the broker stops reading, so it ends.
    const part = toBytes('publish a 1000*x', 'a', 4)
    const masked = Buffer.concat([frameHead(part.length), part])
    while (carrier.writableLength < 8 * 1024 * 1024) {
      carrier.write(Buffer.concat(Array.from({ length: 256 }, () => masked)))
      await new Promise(settled => setImmediate(settled))
    }
    expect(served.broker.stats().received).toBe(0)
    expect(client.readyState).toBe(WebSocket.OPEN)
    answer()
    await served.saying('broker.bad_credentials 127.0.0.1')
    client.terminate()
  })

  it('says goodbye when the broker stops', async () => {
    const served = serveBroker()
    listener = await listenWebSocket(served.common)
    const { client, reader } = await open()
    client.send(CONNECT)
    await reader.count(1)
    const closing = once(client, 'close')
    await served.broker.close()
    await closing
    expect(served.said).toEqual(['broker.shutdown 127.0.0.1'])
  })

  it('closes when the client has said goodbye', async () => {
    const served = serveBroker()
    listener = await listenWebSocket(served.common)
    const { client } = await open()
    client.send(CONNECT)
    client.send(toBytes('disconnect', 'a', 4))
    const [status] = (await once(client, 'close')) as [number]
    expect(status).toBe(1000)
    expect(served.said).toEqual(['broker.disconnected 127.0.0.1'])
  })

  it('lets nobody in who may not connect', async () => {
    const served = serveBroker()
    listener = await listenWebSocket({ ...served.common, accept: () => false })
    await closed(await dial(listener))
    expect(served.clock.pending).toBe(0)
  })
})
