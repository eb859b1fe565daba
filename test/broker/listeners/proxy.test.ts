import fc from 'fast-check'
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { listenTcp, listenTls, listenWebSocket, type Listener } from '../../../server/broker/index.ts'
import { parseProxyHeader, MAX_PROXY_HEADER } from '../../../server/broker/listeners/proxy-header.ts'
import { issueInProcess } from '../../../server/system/index.ts'
import { toBytes } from '../support/notation.ts'
import { closed, createReader, dial, serveBroker } from '../support/served.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const SIGNATURE = '0d0a0d0a000d0a515549540a'
const V4 = `${SIGNATURE} 21 11 000c c0a80714 c0a80101 1f90 075b`
const V6 = `${SIGNATURE} 21 21 0024 fd000000000000000000000000000020 fd000000000000000000000000000001 1f90 075b`
const CONNECT = toBytes('connect', 'a', 4)

describe('a PROXY header', () => {
  it.each([
    ['IPv4', V4, { length: 28, source: { address: '192.168.7.20', port: 8080 } }],
    ['IPv6', V6, { length: 52, source: { address: 'fd00::20', port: 8080 } }],
    [
      'IPv4 as IPv6',
      `${SIGNATURE} 21 21 0024 00000000000000000000ffffc0a80714 fd000000000000000000000000000001 1f90 075b`,
      { length: 52, source: { address: '192.168.7.20', port: 8080 } },
    ],
    [
      'TLVs are skipped',
      `${SIGNATURE} 21 11 0013 c0a80714 c0a80101 1f90 075b 04 0004 00000000`,
      { length: 35, source: { address: '192.168.7.20', port: 8080 } },
    ],
    ['LOCAL', `${SIGNATURE} 20 00 0000`, { length: 16, source: null }],
    ['LOCAL with more', `${SIGNATURE} 20 11 0003 010203`, { length: 19, source: null }],
    ['an unknown protocol', `${SIGNATURE} 21 00 0000`, { length: 16, source: null }],
    ['the longest', `${SIGNATURE} 21 11 0208 ${'00'.repeat(520)}`, { length: MAX_PROXY_HEADER }],
  ])('is read: %s', (_name, text, header) => {
    const bytes = hex(text)
    expect(parseProxyHeader(bytes)).toMatchObject(header)
    expect(parseProxyHeader(Buffer.concat([bytes, CONNECT]))).toMatchObject(header)
    for (let length = 0; length < bytes.length; length++) expect(parseProxyHeader(bytes.subarray(0, length))).toBeNull()
  })

  it.each([
    ['version 1', hex('50524f5859'), 'broker.proxy_header_missing'],
    ['MQTT', CONNECT, 'broker.proxy_header_missing'],
    ['another signature', hex(`${SIGNATURE.slice(0, 22)} 0b`), 'broker.proxy_header_missing'],
    ['another version', hex(`${SIGNATURE} 11 11 000c`), 'broker.proxy_header_broken'],
    ['another command', hex(`${SIGNATURE} 22 11 000c`), 'broker.proxy_header_broken'],
    ['datagrams', hex(`${SIGNATURE} 21 12 000c`), 'broker.proxy_header_broken'],
    ['a unix socket', hex(`${SIGNATURE} 21 31 00d8`), 'broker.proxy_header_broken'],
    ['no room for addresses', hex(`${SIGNATURE} 21 11 000b`), 'broker.proxy_header_broken'],
    ['no room for IPv6 addresses', hex(`${SIGNATURE} 21 21 0023`), 'broker.proxy_header_broken'],
    ['a byte too long', hex(`${SIGNATURE} 21 11 0209`), 'broker.proxy_header_broken'],
    ['LOCAL, too long', hex(`${SIGNATURE} 20 00 ffff`), 'broker.proxy_header_broken'],
  ])('is refused: %s', (_name, bytes, code) => expect(parseProxyHeader(bytes)).toMatchObject({ code }))
})

it('reads any bytes as a header, a fault or the beginning of one', () => {
  const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 2 ** 31)
  console.info(`PROXY header: HOB_SEED=${seed}`)
  const heads = [SIGNATURE, `${SIGNATURE}2011`, `${SIGNATURE}2111`, `${SIGNATURE}2121`].map(hex)
  const bytes = fc.tuple(fc.constantFrom(Buffer.alloc(0), ...heads), fc.uint8Array({ maxLength: 700 }))
  const property = fc.property(bytes, ([head, rest]) => {
    const all = Buffer.concat([head, rest])
    const found = parseProxyHeader(all)
    if (found === null) return all.length < MAX_PROXY_HEADER
    if ('code' in found) return found.code.startsWith('broker.proxy_header_')
    return found.length <= all.length && (found.source === null || isIP(found.source.address) !== 0)
  })
  expect(() => fc.assert(property, { seed, numRuns: 2_000 })).not.toThrow()
})

const loopback = (address: string) => address === '127.0.0.1'
const home = (address: string) => address.startsWith('192.168.') || address.startsWith('fd00:')

describe('a listener behind a proxy', () => {
  let listener: Listener
  afterEach(() => listener.close())

  it.each([
    ['whole', [Buffer.concat([hex(V4), CONNECT])], '192.168.7.20'],
    ['byte by byte', [...hex(V6), ...CONNECT].map(byte => Buffer.of(byte)), 'fd00::20'],
  ])('knows who is behind it: %s', async (_name, parts, address) => {
    const served = serveBroker()
    listener = await listenTcp({ ...served.common, accept: home, isProxy: loopback })
    const socket = await dial(listener)
    socket.setNoDelay(true)
    const reader = createReader()
    socket.on('data', reader.push)
    for (const part of parts) await new Promise(resolve => socket.write(part, resolve))
    expect(await reader.count(1)).toEqual(['connack 0'])
    expect(served.broker.clients()).toMatchObject([{ address }])
    socket.destroy()
    await served.saying(`broker.lost ${address}`)
  })

  it('takes what the proxy says for itself as its own', async () => {
    const served = serveBroker()
    listener = await listenTcp({ ...served.common, isProxy: loopback })
    const socket = await dial(listener)
    const reader = createReader()
    socket.on('data', reader.push)
    socket.write(Buffer.concat([hex(`${SIGNATURE} 20 00 0000`), CONNECT]))
    await reader.count(1)
    expect(served.broker.clients()).toMatchObject([{ address: '127.0.0.1' }])
    socket.destroy()
  })

  it.each([
    ['no header', CONNECT, loopback, 'broker.proxy_header_missing 127.0.0.1'],
    ['a broken one', hex(`${SIGNATURE} 21 11 000b`), loopback, 'broker.proxy_header_broken 127.0.0.1'],
    ['one from somebody else', hex(V4), () => false, 'broker.proxy_untrusted 127.0.0.1'],
  ])('ends a connection with %s', async (_name, bytes, isProxy, line) => {
    const served = serveBroker()
    listener = await listenTcp({ ...served.common, isProxy })
    const socket = await dial(listener)
    socket.write(bytes)
    await closed(socket)
    expect(served.said).toEqual([line])
  })

  it('ends one whose header does not come in time', async () => {
    const served = serveBroker()
    listener = await listenTcp({ ...served.common, isProxy: loopback })
    const socket = await dial(listener)
    socket.write(hex(V4).subarray(0, 20))
    while (served.clock.pending === 0) await new Promise(resolve => setImmediate(resolve))
    served.clock.advance(9_999)
    expect(served.said).toEqual([])
    served.clock.advance(1)
    await closed(socket)
    expect(served.said).toEqual(['broker.proxy_header_late 127.0.0.1'])
  })

  it('takes nobody for whom the proxy speaks when that address may not connect', async () => {
    const served = serveBroker()
    listener = await listenTcp({ ...served.common, accept: address => !home(address), isProxy: loopback })
    const socket = await dial(listener)
    socket.write(Buffer.concat([hex(V4), CONNECT]))
    await closed(socket)
    expect(served.broker.clients()).toEqual([])
  })

  it('serves others without a header', async () => {
    const served = serveBroker()
    listener = await listenTcp({ ...served.common, isProxy: () => false })
    const socket = await dial(listener)
    const reader = createReader()
    socket.on('data', reader.push)
    socket.write(CONNECT)
    expect(await reader.count(1)).toEqual(['connack 0'])
    socket.destroy()
  })

  it('reads the header before TLS', async () => {
    const served = serveBroker()
    const { leaf, ca } = await issueInProcess({ ca: null, names: ['127.0.0.1'], now: Date.now() })
    listener = await listenTls({ ...served.common, isProxy: loopback, certificate: leaf })
    const plain = await dial(listener)
    plain.write(hex(V4))
    const socket = connectTls({ socket: plain, ca: ca.cert, host: '127.0.0.1' })
    const reader = createReader()
    socket.on('data', reader.push)
    socket.write(CONNECT)
    expect(await reader.count(1)).toEqual(['connack 0'])
    expect(served.broker.clients()).toMatchObject([{ address: '192.168.7.20' }])
    socket.destroy()
  })

  it('reads the header before a WebSocket', async () => {
    const served = serveBroker()
    listener = await listenWebSocket({ ...served.common, isProxy: loopback })
    const client = new WebSocket('ws://hub.test/', 'mqtt', {
      createConnection: () => {
        const socket = connect(listener.address.port, '127.0.0.1')
        socket.write(hex(V6))
        return socket
      },
    })
    const reader = createReader()
    client.on('message', reader.push).on('open', () => client.send(CONNECT))
    expect(await reader.count(1)).toEqual(['connack 0'])
    expect(served.broker.clients()).toMatchObject([{ address: 'fd00::20' }])
    client.terminate()
  })
})
