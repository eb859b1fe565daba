import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startHouse, type House, type Who } from './support/house.ts'
import { openStream, type StreamClient } from './support/stream-client.ts'

let house: House
const open: StreamClient[] = []
beforeAll(async () => {
  house = await startHouse()
})
afterEach(() => {
  for (const client of open.splice(0)) client.close()
})
afterAll(() => house.close())

function connect(who: Who): StreamClient {
  const client = openStream(house, who)
  open.push(client)
  return client
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
    ['hallAdmin', 'watching topics concerns the whole house, and your rights are limited to parts of it'],
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
