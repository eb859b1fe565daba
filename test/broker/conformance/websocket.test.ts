import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { listenWebSocket, type WebSocketListener } from '../../../server/broker/index.ts'
import { toBytes } from '../support/notation.ts'
import { createReader, serveBroker } from '../support/served.ts'
import { webSocketCases, type WebSocketCase } from './websocket.ts'

let listener: WebSocketListener
beforeAll(async () => {
  listener = await listenWebSocket(serveBroker({ limits: { reasonStrings: false } }).common)
})
afterAll(() => listener.close())

const slices = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

function send(client: WebSocket, line: string, version: 3 | 4 | 5): void {
  const [how = '', ...words] = line.split(' ')
  const size = how === 'cut' || how === 'parts' ? Number(words.shift()) : 0
  const packets = words.join(' ').split(';')
  const bytes = Buffer.concat(
    packets.map(each => toBytes(each.replace(/^ *connect(?!.* level=)/, '$& level=4'), 'w', version)),
  )
  if (how === 'frame') client.send(bytes)
  else if (how === 'text') client.send(bytes, { binary: false })
  else if (how === 'cut') for (const part of slices(bytes, size)) client.send(part)
  else {
    const parts = slices(bytes, size)
    for (const [i, part] of parts.entries()) {
      client.send(part, { binary: true, fin: i === parts.length - 1 })
      client.ping()
    }
  }
}

async function play({ offers = ['mqtt'], version = 4, sends, gets, closes }: WebSocketCase) {
  const client = new WebSocket(`ws://127.0.0.1:${listener.address.port}/mqtt`, [...offers])
  const reader = createReader(version)
  client.on('message', (data: Buffer) => reader.push(data))
  const closing = once(client, 'close') as Promise<[number]>
  await once(client, 'open')
  const { protocol } = client
  for (const line of sends) send(client, line, version)
  if (closes === null) {
    await reader.count(gets.length)
    client.close()
    await closing
    return { protocol, got: reader.got, status: null }
  }
  const [status] = await closing
  return { protocol, got: reader.got, status }
}

describe('conformance: MQTT over WebSocket', () => {
  test.each(webSocketCases)('$name $statements', async each => {
    const { protocol, got, status } = await play(each)
    expect(protocol).toBe('mqtt')
    expect(status).toBe(each.closes)
    // What a 5.0 CONNACK holds is another case's matter.
    expect(got.map(text => (each.version === undefined ? text : text.replace(/^connack.*/, 'connack')))).toEqual(
      each.gets,
    )
  })
})

test('every case names its statements, each with the version of the standard', () => {
  for (const { name, statements } of webSocketCases) {
    expect(statements, name).not.toEqual([])
    for (const each of statements) expect(each, name).toMatch(/^MQTT[35]-\d+(\.\d+)+-\d+$/)
  }
})
