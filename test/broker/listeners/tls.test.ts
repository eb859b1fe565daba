import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listenTls, type TlsListener } from '../../../server/broker/index.ts'
import { issueInProcess, type Issued } from '../../../server/system/index.ts'
import { toBytes } from '../support/notation.ts'
import { closed, createReader, dial, serveBroker, type Served } from '../support/served.ts'

let issued: Issued
let next: Issued
let listener: TlsListener

beforeAll(async () => {
  const names = ['127.0.0.1', '::1']
  issued = await issueInProcess({ ca: null, names, now: Date.now() })
  next = await issueInProcess({ ca: issued.ca, names, now: Date.now() })
})
afterEach(() => listener.close())

async function serve(host = '127.0.0.1'): Promise<Served> {
  const served = serveBroker()
  listener = await listenTls({ ...served.common, host, certificate: issued.leaf })
  return served
}

async function secure(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { address, port } = listener.address
  const socket = connect({ host: address, port, ca: issued.ca.cert, ...options })
  await once(socket, 'secureConnect')
  return socket
}

describe('MQTT over TLS', () => {
  it.each(['127.0.0.1', '::1'])('is served on %s', async host => {
    const served = await serve(host)
    const socket = await secure()
    const reader = createReader()
    socket.on('data', reader.push)
    socket.write(toBytes('connect', 'a', 4))
    expect(await reader.count(1)).toEqual(['connack 0'])
    expect(served.broker.clients()).toMatchObject([{ address: host, connected: true }])
    socket.destroy()
    await served.saying(`broker.lost ${host}`)
  })

  it.each([
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('speaks %s', async (version, spoken) => {
    await serve()
    const socket = await secure({ minVersion: version, maxVersion: version })
    expect(socket.getProtocol()).toBe(spoken)
    socket.destroy()
  })

  it('speaks nothing older', async () => {
    const served = await serve()
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(secure(old)).rejects.toThrow('alert protocol version')
    await served.saying('broker.tls_handshake 127.0.0.1')
  })

  it('is not for those who trust somebody else', async () => {
    await serve()
    const stranger = await issueInProcess({ ca: null, names: ['127.0.0.1'], now: Date.now() })
    await expect(secure({ ca: stranger.ca.cert })).rejects.toThrow(/self-signed|unable to/)
  })

  it('names what is no TLS in the log, and closes it', async () => {
    const served = await serve()
    const socket = await dial(listener)
    socket.write(toBytes('connect', 'a', 4))
    await closed(socket)
    expect(served.said).toEqual(['broker.tls_handshake 127.0.0.1'])
  })

  it('waits ten seconds for the handshake', async () => {
    const served = await serve()
    const socket = await dial(listener)
    while (served.clock.pending === 0) await new Promise(resolve => setImmediate(resolve))
    served.clock.advance(9_999)
    expect(served.said).toEqual([])
    served.clock.advance(1)
    await closed(socket)
    expect(served.said).toEqual(['broker.tls_handshake_late 127.0.0.1'])
  })

  it('keeps a thousand that say nothing, and then closes those that have waited longest', async () => {
    await serve()
    const silent = []
    for (let n = 0; n < 1_002; n++) silent.push(await dial(listener))
    await Promise.all(silent.slice(0, 2).map(closed))
    const socket = await secure()
    expect(silent.slice(3).every(each => each.readyState === 'open')).toBe(true)
    socket.destroy()
    for (const each of silent) each.destroy()
  })

  it('takes another certificate while connections stand', async () => {
    await serve()
    const serialOf = (socket: TLSSocket) => socket.getPeerCertificate().serialNumber
    const serial = ({ leaf }: Issued) => new X509Certificate(leaf.cert).serialNumber
    const first = await secure()
    const reader = createReader()
    first.on('data', reader.push)
    first.write(toBytes('connect', 'a', 4))
    await reader.count(1)
    listener.setCertificate(next.leaf)
    const second = await secure()
    expect([serialOf(first), serialOf(second)]).toEqual([serial(issued), serial(next)])
    first.write(toBytes('pingreq', 'a', 4))
    expect(await reader.count(2)).toEqual(['connack 0', 'pingresp'])
    first.destroy()
    second.destroy()
  })

  it('lets nobody in who may not connect', async () => {
    const served = serveBroker()
    listener = await listenTls({ ...served.common, accept: () => false, certificate: issued.leaf })
    await closed(await dial(listener))
    expect(served.said).toEqual([])
  })
})
