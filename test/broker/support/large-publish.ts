import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import type { QoS } from '#kernel'
import { encode } from '../../../server/broker/codec/index.ts'
import { startSocketBroker, type SocketBroker } from './socket-broker.ts'

/** The largest size that the format can write: bytes behind the fixed header. */
export const LARGEST = 268_435_455

/** A mebibyte in which no part is like another. */
const BLOCK = createHash('shake256', { outputLength: 1_048_576 }).update('large').digest()

function* blocks(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, Math.min(left, BLOCK.length))
}

function lengthBytes(length: number): number[] {
  const bytes: number[] = []
  for (let rest = length; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
  return bytes
}

/** Writes a PUBLISH without ever holding it whole. */
async function write(socket: Socket, { length, qos }: { length: number; qos: QoS }): Promise<string> {
  const variable = Buffer.concat([Buffer.from('0001', 'hex'), Buffer.from('t'), Buffer.from(qos === 0 ? [] : [0, 7])])
  const digest = createHash('sha256')
  socket.write(Buffer.from([0x30 | (qos << 1), ...lengthBytes(length)]))
  socket.write(variable)
  for (const block of blocks(length - variable.length)) {
    digest.update(block)
    if (!socket.write(block)) await once(socket, 'drain')
  }
  return digest.digest('hex')
}

/** Takes one PUBLISH off a socket, of which only the payload's digest is kept. */
async function read(socket: Socket, { length, qos }: { length: number; qos: QoS }): Promise<string> {
  const digest = createHash('sha256')
  let skip = 1 + lengthBytes(length).length + 3 + (qos === 0 ? 0 : 2)
  let left = 1 + lengthBytes(length).length + length - skip
  const taken = Promise.withResolvers<string>()
  const take = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(skip)
      skip = Math.max(0, skip - chunk.length)
      digest.update(part)
      left -= part.length
      if (left === 0) taken.resolve(digest.digest('hex'))
      else if (left < 0) taken.reject(new Error(`${-left} bytes too many`))
      done()
    },
  })
  socket.pipe(take)
  socket.once('close', () => taken.reject(new Error(`closed with ${left} bytes to come`)))
  return taken.promise
}

const ABOUT = { type: 'connect', version: 4, clean: true, keepAlive: 0, will: null } as const

/** A connection that is in. */
async function enter({ open }: SocketBroker, clientId: string): Promise<Socket> {
  const socket = await open()
  socket.write(encode({ ...ABOUT, clientId, username: null, password: null, properties: null }, 4))
  await answer(socket)
  return socket
}

/** Resolves with the first byte of the next chunk: these answers come alone. */
async function answer(socket: Socket): Promise<number> {
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  return chunk[0]! >> 4
}

/**
 * Sends a PUBLISH of `length` bytes behind its header to a subscriber at the same QoS.
 * @returns the digests of what was sent and of what came, and the types of the packets that answered the publisher.
 */
export async function passWhole({ length, qos }: { length: number; qos: QoS }) {
  const house = await startSocketBroker({ limits: { maxPacketSize: LARGEST } })
  try {
    const subscriber = await enter(house, 'subscriber')
    const filter = { filter: 't', qos, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
    subscriber.write(encode({ type: 'subscribe', packetId: 1, requests: [filter], properties: null }, 4))
    await answer(subscriber)
    const publisher = await enter(house, 'publisher')
    const came = read(subscriber, { length, qos })
    const sent = await write(publisher, { length, qos })
    const answers: number[] = []
    if (qos > 0) answers.push(await answer(publisher))
    if (qos === 2) {
      publisher.write(Buffer.from('62020007', 'hex'))
      answers.push(await answer(publisher))
    }
    return { sent, came: await came, answers, stats: house.broker.stats() }
  } finally {
    await house.close()
  }
}
