import { z } from 'zod'
import { nameText, payload, time } from './shared.ts'

const filters = z.array(z.string().max(65_535)).max(100).default([])
export const credential = z
  .object({
    username: z.string().describe('as the client shows it; empty for one that shows none'),
    user: z.string().describe('who its clients are, as in the list of clients'),
    clientId: z.string().nullable().describe('the client id it is bound to; null lets any in'),
    kind: z.enum(['software', 'device', 'gateway']),
    origin: z.enum(['issued', 'own', 'none']).describe('made by the hub, the own choice of a device, or no password'),
    device: z.string().nullable().describe('id of the device that brought it along'),
    publish: z.array(z.string()),
    subscribe: z.array(z.string()),
    full: z.boolean(),
    createdAt: time,
  })
  .meta({ id: 'Credential' })
export const newCredential = z
  .strictObject({ name: nameText, publish: filters, subscribe: filters, full: z.boolean().default(false) })
  .meta({ id: 'NewCredential' })
export const createdCredential = z
  .object({ username: z.string(), password: z.string() })
  .meta({ id: 'CreatedCredential' })
/** A client that is connected, or away with a session that waits for it. Counts are since its session began. */
export const client = z
  .object({
    id: z.string().describe('stands for its user and client id, for ever'),
    user: z.string(),
    clientId: z.string(),
    kind: z
      .enum(['software', 'device', 'gateway', 'guest', 'other'])
      .describe('of its login; a guest of the pairing window reaches nobody'),
    device: z.object({ id: z.string(), name: z.string() }).nullable().describe('the device that speaks through it'),
    connected: z.boolean(),
    slowed: z.boolean().describe('it publishes faster than its kind may, and is read more slowly'),
    protocol: z.number().int().describe('3 is MQTT 3.1, 4 is 3.1.1, 5 is 5.0'),
    address: z.string().nullable().describe('where it is, or was last'),
    connectedAt: time.nullable(),
    disconnectedAt: time.nullable(),
    sessionExpiry: z
      .number()
      .int()
      .nullable()
      .describe('seconds that its session outlives a connection; 0 ends with it, null never ends'),
    queued: z.number().int().describe('messages that wait for it'),
    queuedBytes: z.number().int(),
    inflight: z.number().int().describe('messages it has not acknowledged'),
    unread: z.number().int().describe('bytes on their way that it has not read'),
    subscriptions: z.number().int(),
    received: z.number().int().describe('messages from it'),
    sent: z.number().int().describe('messages to it'),
    dropped: z.number().int().describe('messages for it that a limit dropped'),
    rateIn: z.number().describe('messages a second from it, over 10 s'),
    rateOut: z.number().describe('messages a second to it, over 10 s'),
    lastReason: z.string().nullable().describe('why its last connection ended, `broker.keep_alive`'),
    lastReasonAt: time.nullable(),
  })
  .meta({ id: 'Client' })
export const clientDetail = z
  .object({
    ...client.shape,
    filters: z.array(
      z.object({
        filter: z.string(),
        qos: z.number().int(),
        noLocal: z.boolean(),
        retainAsPublished: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ClientDetail' })

/** MQTT clients that are kept out. */
export const ban = z
  .object({
    id: z.string(),
    user: z.string().nullable(),
    clientId: z.string().nullable(),
    address: z.string().nullable(),
    until: time.nullable().describe('null for ever'),
    who: z.string().describe('who set it, as in a cause'),
    createdAt: time,
  })
  .meta({ id: 'Ban' })
export const newBan = z
  .strictObject({
    user: z.string().max(65_535).optional().describe('all clients of a user, or one of them with `clientId`'),
    clientId: z.string().max(65_535).optional(),
    address: z.union([z.ipv4(), z.ipv6()]).optional().describe('all clients at an address'),
    until: time.nullable().default(null),
  })
  .meta({ id: 'NewBan' })

const listenerPort = z.number().int().min(1).max(65_535)
/** Where MQTT clients reach the broker. */
export const listeners = z
  .object({
    hosts: z.array(z.string()).describe('addresses and names of the hub on the network, best first'),
    ports: z.object({
      mqtt: listenerPort,
      mqtts: listenerPort.nullable().describe('MQTT over TLS; null when it is off'),
      ws: listenerPort.nullable().describe('MQTT over WebSocket at `wsPath`; null when it is off'),
    }),
    wsPath: z.string(),
  })
  .meta({ id: 'Listeners' })

export const publication = z
  .strictObject({
    topic: z.string().max(65_535),
    payload: z.string().max(1_048_576).default(''),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
    qos: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
    retain: z.boolean().default(false),
  })
  .meta({ id: 'Publication' })

/** One message as the explorer shows it; a payload over 64 KiB is cut. */
export const topicMessage = z
  .object({
    ...payload,
    at: time,
    qos: z.number().int(),
    retain: z.boolean(),
    size: z.number().int().describe('bytes of the whole payload'),
    client: z.string().nullable().describe('client id of the publisher; null for the hub'),
  })
  .meta({ id: 'TopicMessage' })
/** One level of the topic tree below a prefix. */
export const topicBranch = z
  .object({
    level: z.string().describe('its own segment'),
    topic: z.string().describe('from the root'),
    topics: z.number().int().describe('topics with a message at or below it'),
    messages: z.number().int().describe('messages heard at or below it'),
    lastAt: time,
    message: topicMessage
      .nullable()
      .describe('last message of exactly this topic; its payload is cut at 200 characters'),
    device: z.object({ id: z.string(), name: z.string() }).nullable().describe('whose topic it is'),
  })
  .meta({ id: 'TopicBranch' })
/** One topic with its newest messages, newest first, at most 50. */
export const topicDetail = z
  .object({
    topic: z.string(),
    retained: topicMessage.nullable(),
    messages: z.array(topicMessage),
    device: z.object({ id: z.string(), name: z.string() }).nullable(),
  })
  .meta({ id: 'TopicDetail' })

export type ListenersJson = z.output<typeof listeners>
export type CredentialJson = z.output<typeof credential>
export type ClientJson = z.output<typeof client>
export type ClientDetailJson = z.output<typeof clientDetail>
export type BanJson = z.output<typeof ban>
export type TopicMessageJson = z.output<typeof topicMessage>
export type TopicBranchJson = z.output<typeof topicBranch>
export type TopicDetailJson = z.output<typeof topicDetail>
