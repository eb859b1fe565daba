import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ClientFrame, StreamFrame } from '#api'
import { startHouse, type House, type Who } from './support/house.ts'

let house: House
const sockets: WebSocket[] = []
beforeAll(async () => {
  house = await startHouse()
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})
afterAll(() => house.close())

/** A signed-in stream and a way to wait for its next frame of a kind. */
function connect(who: Who) {
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/v1/stream`)
  sockets.push(socket)
  const frames: StreamFrame[] = []
  const watchers = new Set<() => void>()
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)) as StreamFrame)
    for (const watcher of watchers) watcher()
  })
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame))
  const token = house.headersOf(who)['authorization']!.slice('Bearer '.length)
  socket.addEventListener('open', () => send({ type: 'auth', token }))
  const next = <T extends StreamFrame['type']>(type: T) =>
    new Promise<Extract<StreamFrame, { type: T }>>(resolve => {
      const look = () => {
        const at = frames.findIndex(frame => frame.type === type)
        if (at === -1) return
        watchers.delete(look)
        resolve(frames.splice(at, 1)[0] as Extract<StreamFrame, { type: T }>)
      }
      watchers.add(look)
      look()
    })
  return { send, next }
}

describe('topics on the WebSocket', () => {
  it('bring messages to an administrator', async () => {
    const { send, next } = connect('admin')
    await next('hello')
    send({ type: 'subscribe', topics: ['yard/#'] })
    await next('snapshot')
    house.publish('yard/gate', 'open')
    house.clock.advance(50)
    expect(await next('message')).toMatchObject({ topic: 'yard/gate', payload: 'open' })
  })

  it.each<[Who, string]>([
    ['read', 'watching topics needs the scope "admin"'],
    ['hallAdmin', 'watching topics concerns the whole house, and this token is limited to areas'],
  ])('are refused to %s with the reason, and the socket stays open', async (who, detail) => {
    const { send, next } = connect(who)
    await next('hello')
    send({ type: 'subscribe', topics: ['#'] })
    expect(await next('error')).toEqual({ type: 'error', code: 'api.forbidden', detail })
    send({ type: 'subscribe' })
    expect((await next('snapshot')).entities.length).toBeGreaterThan(0)
  })
})

describe('topics on the event stream', () => {
  const ask = (who: Who, topic: string) =>
    fetch(`${house.url}/api/v1/events?devices=&topics=${encodeURIComponent(topic)}`, { headers: house.headersOf(who) })

  it('bring messages to an administrator', async () => {
    const response = await ask('admin', 'yard/+')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (part: string) => {
      while (!text.includes(part)) text += (await reader.read()).value ?? ''
    }
    await until('"snapshot"')
    house.publish('yard/gate', 'shut')
    house.clock.advance(50)
    await until('"shut"')
    await reader.cancel()
    expect(text).toContain('data: {"type":"message"')
  })

  it('are refused before the stream begins', async () => {
    expect((await ask('read', '#')).status).toBe(403)
    expect((await ask('admin', 'a/#/b')).status).toBe(422)
  })
})
