import type { Cause } from './cause.ts'

/** Quality of service, promised per hop. */
export type QoS = 0 | 1 | 2

/** The MQTT 5.0 properties that travel with a message from publisher to subscriber [MQTT5-3.3.2]. */
export interface MessageProperties {
  readonly payloadFormat?: 0 | 1
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Uint8Array
  /** Name and value pairs in the publisher's order, duplicates kept. */
  readonly userProperties?: readonly (readonly [string, string])[]
}

/** The client that published a message: its user name and client id are a client's identity. */
export interface Publisher {
  readonly user: string
  readonly clientId: string
}

/** Topic, payload and what belongs to them, as routed. Nobody writes to the payload again: it may be kept. */
export interface Message {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: QoS
  /** As published; on a delivery from the retained store see `replayed`. */
  readonly retain: boolean
  readonly properties: MessageProperties | null
  /** Wall-clock milliseconds after which nobody may get it, or null. */
  readonly expiresAt: number | null
  /** Null for the hub's own messages. */
  readonly publisher: Publisher | null
  /** When the broker took it, wall-clock milliseconds. */
  readonly at: number
  readonly cause: Cause
  /** True when it comes from the retained store and not from a publish that happens now. */
  readonly replayed: boolean
}

/**
 * What a part of the hub hangs on a topic filter. The broker keeps it in the same tree as the
 * sockets' subscriptions and hands back the ones that match. `isLiveOnly`: retained messages do not follow.
 */
export interface LocalSubscriber {
  readonly owner: 'devices' | 'rules' | 'api'
  readonly isLiveOnly?: true
}

/** The publish side of the broker as the domains see it. */
export type Publish = (message: {
  topic: string
  payload: Uint8Array | string
  qos?: QoS
  retain?: boolean
  /** Milliseconds from now after which queued copies are dropped. */
  expiry?: number
  properties?: MessageProperties
  cause: Cause
}) => void

/** The subscribe side of the broker as the domains see it. Retained messages that match follow as replays. */
export interface Subscriptions {
  add(filter: string, subscriber: LocalSubscriber): void
  remove(filter: string, subscriber: LocalSubscriber): void
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
const encoder = new TextEncoder()

/** The payload as text, or `undefined` when it is not well-formed UTF-8 (then it is binary). */
export function payloadText(payload: Uint8Array): string | undefined {
  try {
    return decoder.decode(payload)
  } catch {
    return undefined
  }
}

/** Text as payload bytes. */
export function toPayload(text: string): Uint8Array {
  return encoder.encode(text)
}
