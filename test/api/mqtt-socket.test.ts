import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import { createReader } from '../broker/support/served.ts'
import { toBytes } from '../broker/support/notation.ts'
import { startHouse, STRANGE_ADDRESS, type House } from './support/house.ts'

let house: House
afterEach(() => house.close())

function dial(options: ClientOptions = {}, protocols: string[] = ['mqtt']): WebSocket {
  return new WebSocket(`${house.url.replace('http', 'ws')}/mqtt`, protocols, options)
}

/** The status of the answer that refuses an upgrade. */
async function refusal(client: WebSocket): Promise<string> {
  const [error] = (await once(client, 'error')) as [Error]
  return error.message.replace('Unexpected server response: ', '')
}

describe('MQTT over WebSocket on the HTTP server', () => {
  it.each([
    ['programs', false],
    ['pages of the hub', true],
  ])('is for %s, by logins of MQTT', async (_who, isPage) => {
    house = await startHouse()
    const client = dial(isPage ? { origin: house.url } : {})
    const reader = createReader(5)
    client.on('message', (data: Buffer) => reader.push(data))
    client.on('open', () => client.send(toBytes('connect level=5 user=nobody pass=wrong', 'a', 5)))
    const [status] = (await once(client, 'close')) as [number]
    expect(client.protocol).toBe('mqtt')
    expect([...reader.got, status]).toEqual([expect.stringMatching(/^connack 86/), 1000])
  })

  it('is not for pages of others', async () => {
    house = await startHouse()
    expect(await refusal(dial({ origin: 'https://evil.example' }))).toBe('403')
    expect(await refusal(dial({ origin: house.url, headers: { 'sec-fetch-site': 'cross-site' } }))).toBe('403')
  })

  it('is not found under names of others', async () => {
    house = await startHouse()
    expect(await refusal(dial({ headers: { host: 'evil.example' } }))).toBe('421')
  })

  it('is not for addresses whose MQTT connections are not taken, also behind a proxy', async () => {
    house = await startHouse({ trustedProxies: ['127.0.0.1'] })
    expect(await refusal(dial({ headers: { 'x-forwarded-for': STRANGE_ADDRESS } }))).toBe('403')
  })

  it('wants the subprotocol', async () => {
    house = await startHouse()
    expect(await refusal(dial({}, []))).toBe('400')
    expect(await refusal(dial({}, ['soap']))).toBe('400')
  })

  it('tells who asks without an upgrade', async () => {
    house = await startHouse()
    const answer = await house.ask({ method: 'GET', path: '/mqtt', who: 'nobody' })
    expect(answer).toMatchObject({ status: 426, json: { code: 'api.upgrade_required' } })
    expect(answer.headers.get('upgrade')).toBe('websocket')
  })

  it('says nothing to a stream that offers it: each address has its own', async () => {
    house = await startHouse()
    const stream = new WebSocket(`${house.url.replace('http', 'ws')}/api/v1/stream`, ['mqtt'])
    await once(stream, 'open')
    stream.send(toBytes('connect', 'a', 4))
    const [frame] = (await once(stream, 'message')) as [Buffer]
    expect(JSON.parse(frame.toString())).toMatchObject({ code: 'api.invalid_request' })
  })
})
