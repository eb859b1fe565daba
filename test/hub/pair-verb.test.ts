import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import type { DeviceJson, StreamFrame } from '#api'
import { eventually, hob } from '../support/hub-process.ts'
import { openHouse } from './support/pairing-house.ts'

const house = openHouse()
const { data, api, heard, openWindow, connect, closed, refusal, announce, candidateNamed } = house

describe('hob pair', () => {
  const program = join(import.meta.dirname, '../../dist/server/main.js')

  it('lets devices in, says what is heard, and ends with the first that is adopted', async () => {
    const child = spawn(process.execPath, [program, 'pair', ...data])
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async () => (await lines.next()).value as string
    await eventually(heard, ({ until }) => until !== null)
    expect(await refusal({ clientId: 'red', username: house.watcher.username, password: 'guess' })).toBe(4)
    expect(await next()).toBe(`refused    127.0.0.1 as "${house.watcher.username}": the password is wrong`)
    const { client } = await connect({ clientId: 'kettle-1', username: 'k', password: 'k' })
    expect(await next()).toBe('let in     kettle-1 from 127.0.0.1')
    await announce(client, 'kettle', 'Kettle', { device: { identifiers: ['k'], name: 'Kettle', model: 'K2' } })
    expect(await next()).toMatch(/^announced {2}Kettle \(K2\), 1 entities: hob adopt \w{26}$/)
    expect(hob(['adopt', 'Kettle', '--name', 'Tea', ...data])).toMatchObject({ code: 0, stdout: 'tea  Tea\n' })
    expect((await once(child, 'exit'))[0]).toBe(0)
    expect(hob(['forget', 'tea', ...data]).code).toBe(0)
  })

  it('closes the window when it is interrupted', async () => {
    const child = spawn(process.execPath, [program, 'pair', '--batch', '--seconds', '900', ...data])
    await eventually(heard, ({ until, batch }) => until !== null && batch)
    child.kill('SIGINT')
    expect((await once(child, 'exit'))[0]).toBe(0)
    expect((await heard()).until).toBeNull()
  })

  it('hob adopt --all takes whom it can, and says why not for the others', async () => {
    await openWindow({ batch: true })
    const [weak, gateway] = [
      await connect({ clientId: 'weak' }),
      await connect({ clientId: 'gw', username: 'g', password: 'g' }),
    ]
    await announce(weak.client, 'weak', 'Weak')
    await announce(gateway.client, 'one', 'One', { state_topic: 'base/one' })
    await announce(gateway.client, 'two', 'Two', { state_topic: 'base/two' })
    await eventually(heard, ({ candidates }) => candidates.length === 3)
    const all = hob(['adopt', '--all', ...data])
    expect(all).toMatchObject({
      code: 1,
      stdout: 'one  One\ntwo  Two\n',
      stderr: expect.stringContaining('"Weak" shows no password'),
    })
    await announce(gateway.client, 'three', 'Three', { state_topic: 'base/three' })
    await candidateNamed('Three')
    expect(hob(['adopt', '--all', '--allow-without-password', ...data]).code).toBe(0)
    const { items } = await api<{ items: DeviceJson[] }>('GET', '/devices')
    expect(items.map(({ slug }) => slug).toSorted()).toEqual(['one', 'three', 'two', 'weak'])
    // The login of a gateway goes with the last of its devices.
    for (const slug of ['one', 'two']) await api('DELETE', `/devices/${slug}`)
    expect(gateway.client.connected).toBe(true)
    const gone = closed(gateway.client)
    await api('DELETE', '/devices/three')
    await gone
  })
})

describe('what is heard', () => {
  it('is told live, at most twice a second', async () => {
    const socket = new WebSocket(`${house.hub.http.replace('http', 'ws')}/api/v1/stream`)
    const frames: { at: number; frame: StreamFrame }[] = []
    let look = () => {}
    socket.addEventListener('message', ({ data: text }) => {
      frames.push({ at: performance.now(), frame: JSON.parse(String(text)) as StreamFrame })
      look()
    })
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'auth', token: house.token }))
    socket.send(JSON.stringify({ type: 'subscribe' }))
    const told = () => frames.flatMap(({ at, frame }) => (frame.type === 'pairing' ? { at, ...frame } : []))
    const until = (fits: () => boolean) =>
      new Promise<void>(resolve => {
        look = () => fits() && resolve()
        look()
      })
    await until(() => frames.some(({ frame }) => frame.type === 'snapshot'))
    const start = performance.now()
    await openWindow()
    await until(() => told().at(-1)?.until != null)
    const { client } = await connect({ clientId: 'chatty', username: 'c', password: 'c' })
    await announce(client, 'chatty', 'Chatty')
    for (let i = 0; i < 200; i++) await client.publishAsync('chatty/state', `${i}`, { qos: 1 })
    await until(() => told().at(-1)?.guests[0]?.messages === 201)
    expect(told().at(-1)!.candidates).toMatchObject([{ name: 'Chatty', guest: told().at(-1)!.guests[0]!.id }])
    // Whatever delays a frame on its way only makes the time longer in which they came.
    expect(told().length).toBeLessThanOrEqual((told().at(-1)!.at - start) / 500 + 1)
    socket.close()
    await once(socket, 'close')
  })
})
