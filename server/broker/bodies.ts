import type { MessageProperties, QoS } from '#kernel'
import type { Ledger } from './ledger.ts'
import type { MessageKey, StoredMessage } from './store.ts'

/** A message as queues, the retained store and wills refer to it: kept once, in memory and on disk. */
export interface Body {
  /** 0 while no row holds it. */
  key: MessageKey
  /** Rows that refer to its row. */
  references: number
  readonly topic: string
  /** Owns its buffer. */
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: MessageProperties | null
  readonly expiresAt: number | null
  readonly user: string | null
  readonly clientId: string | null
  readonly at: number
}

/** Bytes that a body counts for in a queue. */
export function bodySize(body: Body): number {
  return body.payload.length + body.topic.length + 64
}

/** Counts the rows that refer to each message and writes or removes its own row with the first and the last. */
export interface Bodies {
  /** Messages that rows refer to, and the bytes of their payloads. */
  readonly count: number
  readonly bytes: number
  /** A row refers to `body` from now on. */
  hold(body: Body): void
  /** A row that referred to `body` is gone. */
  release(body: Body): void
  /** The body of a row found at start; nobody refers to it yet. */
  restore(message: StoredMessage): Body
  /** Removes the row of a restored body that nothing turned out to refer to. */
  sweep(body: Body): void
}

export function createBodies(ledger: Ledger, now: () => number): Bodies {
  // A key never repeats while the data folder lives: keys grow with the clock over restarts.
  let last = Math.floor(now())
  let count = 0
  let bytes = 0
  const add = ({ payload }: Pick<Body, 'payload'>) => {
    count++
    bytes += payload.length
  }
  const remove = (body: Body) => {
    ledger.write({ op: 'broker.message.remove', key: body.key })
    body.key = 0
    count--
    bytes -= body.payload.length
  }
  return {
    get count() {
      return count
    },
    get bytes() {
      return bytes
    },
    hold(body) {
      if (body.key === 0) {
        body.key = ++last
        add(body)
        const { key, topic, payload, qos, retain, properties, expiresAt, user, clientId, at } = body
        const message = { key, topic, payload, qos, retain, properties, expiresAt, user, clientId, at }
        ledger.write({ op: 'broker.message.put', message })
      }
      body.references++
    },
    release(body) {
      if (--body.references === 0) remove(body)
    },
    restore(message) {
      last = Math.max(last, message.key)
      add(message)
      return { ...message, references: 0 }
    },
    sweep(body) {
      if (body.references === 0) remove(body)
    },
  }
}
