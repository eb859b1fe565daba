import { and, asc, eq, sql } from 'drizzle-orm'
import type { MessageProperties } from '#kernel'
import type {
  BrokerOp,
  StoredBroker,
  StoredDelivery,
  StoredMessage,
  StoredSession,
  StoredSubscription,
} from '../../broker/index.ts'
import type { OpenDatabase } from '../database.ts'
import { deliveries, inbound, messages, retained, sessions, subscriptions, wills } from '../tables/broker.ts'
import { excluded, fromJson, toBuffer, type Operations } from './operations.ts'

function propertiesText(properties: MessageProperties | null): string | null {
  if (properties === null) return null
  const { correlationData, ...rest } = properties
  return JSON.stringify(
    correlationData === undefined ? rest : { ...rest, correlationData: toBuffer(correlationData).toString('base64') },
  )
}

function propertiesOf(text: string | null): MessageProperties | null {
  if (text === null) return null
  const { correlationData, ...rest } = fromJson<
    Omit<MessageProperties, 'correlationData'> & { correlationData?: string }
  >(text)
  return correlationData === undefined ? rest : { ...rest, correlationData: Buffer.from(correlationData, 'base64') }
}

const p = sql.placeholder

/** The broker's writes. */
export function brokerOperations({ orm }: OpenDatabase): Operations<BrokerOp> {
  const session = {
    user: p('user'),
    clientId: p('clientId'),
    protocol: p('protocol'),
    expiry: p('expiry'),
    disconnectedAt: p('disconnectedAt'),
  }
  const putSession = orm
    .insert(sessions)
    .values({ key: p('key'), ...session })
    .onConflictDoUpdate({
      target: sessions.key,
      set: excluded('user', 'client_id', 'protocol', 'expiry', 'disconnected_at'),
    })
    .prepare()
  const removeSession = orm
    .delete(sessions)
    .where(eq(sessions.key, p('key')))
    .prepare()
  const putSubscription = orm
    .insert(subscriptions)
    .values({
      session: p('session'),
      filter: p('filter'),
      qos: p('qos'),
      noLocal: p('noLocal'),
      retainAsPublished: p('retainAsPublished'),
      retainHandling: p('retainHandling'),
      subscriptionId: p('subscriptionId'),
    })
    .onConflictDoUpdate({
      target: [subscriptions.session, subscriptions.filter],
      set: excluded('qos', 'no_local', 'retain_as_published', 'retain_handling', 'subscription_id'),
    })
    .prepare()
  const removeSubscription = orm
    .delete(subscriptions)
    .where(and(eq(subscriptions.session, p('session')), eq(subscriptions.filter, p('filter'))))
    .prepare()
  const putMessage = orm
    .insert(messages)
    .values({
      key: p('key'),
      topic: p('topic'),
      payload: p('payload'),
      qos: p('qos'),
      retain: p('retain'),
      properties: p('properties'),
      expiresAt: p('expiresAt'),
      user: p('user'),
      clientId: p('clientId'),
      at: p('at'),
    })
    .onConflictDoNothing()
    .prepare()
  const removeMessage = orm
    .delete(messages)
    .where(eq(messages.key, p('key')))
    .prepare()

  return {
    'broker.session.put': ({ session: row }) => void putSession.run({ ...row }),
    'broker.session.remove': ({ key }) => void removeSession.run({ key }),
    'broker.subscription.put': ({ subscription }) => void putSubscription.run({ ...subscription }),
    'broker.subscription.remove': ({ session: key, filter }) => void removeSubscription.run({ session: key, filter }),
    'broker.message.put': ({ message }) =>
      void putMessage.run({
        ...message,
        payload: toBuffer(message.payload),
        properties: propertiesText(message.properties),
      }),
    'broker.message.remove': ({ key }) => void removeMessage.run({ key }),
    ...deliveryOperations({ orm }),
    ...keptOperations({ orm }),
  }
}

type DeliveryOp = Extract<BrokerOp, { op: `broker.delivery.${string}` | `broker.inbound.${string}` }>

function deliveryOperations({ orm }: Pick<OpenDatabase, 'orm'>): Operations<DeliveryOp> {
  const put = orm
    .insert(deliveries)
    .values({
      session: p('session'),
      seq: p('seq'),
      message: p('message'),
      qos: p('qos'),
      retain: p('retain'),
      subscriptionIds: p('subscriptionIds'),
      share: p('share'),
      state: p('state'),
      packetId: p('packetId'),
    })
    .onConflictDoUpdate({
      target: [deliveries.session, deliveries.seq],
      set: excluded('message', 'qos', 'retain', 'subscription_ids', 'share', 'state', 'packet_id'),
    })
    .prepare()
  const one = and(eq(deliveries.session, p('session')), eq(deliveries.seq, p('seq')))
  const state = orm
    .update(deliveries)
    .set({ state: sql`${p('state')}`, packetId: sql`${p('packetId')}` })
    .where(one)
    .prepare()
  const remove = orm.delete(deliveries).where(one).prepare()
  const putInbound = orm
    .insert(inbound)
    .values({ session: p('session'), packetId: p('packetId') })
    .onConflictDoNothing()
    .prepare()
  const removeInbound = orm
    .delete(inbound)
    .where(and(eq(inbound.session, p('session')), eq(inbound.packetId, p('packetId'))))
    .prepare()
  return {
    'broker.delivery.put': ({ delivery }) =>
      void put.run({ ...delivery, subscriptionIds: JSON.stringify(delivery.subscriptionIds) }),
    'broker.delivery.state': ({ session, seq, state: to, packetId }) =>
      void state.run({ session, seq, state: to, packetId }),
    'broker.delivery.remove': ({ session, seq }) => void remove.run({ session, seq }),
    'broker.inbound.put': ({ inbound: row }) => void putInbound.run({ ...row }),
    'broker.inbound.remove': ({ session, packetId }) => void removeInbound.run({ session, packetId }),
  }
}

type KeptOp = Extract<BrokerOp, { op: `broker.retained.${string}` | `broker.will.${string}` }>

function keptOperations({ orm }: Pick<OpenDatabase, 'orm'>): Operations<KeptOp> {
  const putRetained = orm
    .insert(retained)
    .values({ topic: p('topic'), message: p('message') })
    .onConflictDoUpdate({ target: retained.topic, set: excluded('message') })
    .prepare()
  const removeRetained = orm
    .delete(retained)
    .where(eq(retained.topic, p('topic')))
    .prepare()
  const putWill = orm
    .insert(wills)
    .values({
      user: p('user'),
      clientId: p('clientId'),
      message: p('message'),
      delay: p('delay'),
      messageExpiry: p('messageExpiry'),
      dueAt: p('dueAt'),
    })
    .onConflictDoUpdate({
      target: [wills.user, wills.clientId],
      set: excluded('message', 'delay', 'message_expiry', 'due_at'),
    })
    .prepare()
  const removeWill = orm
    .delete(wills)
    .where(and(eq(wills.user, p('user')), eq(wills.clientId, p('clientId'))))
    .prepare()
  return {
    'broker.retained.put': ({ retained: row }) => void putRetained.run({ ...row }),
    'broker.retained.remove': ({ topic }) => void removeRetained.run({ topic }),
    'broker.will.put': ({ will }) => void putWill.run({ ...will }),
    'broker.will.remove': ({ user, clientId }) => void removeWill.run({ user, clientId }),
  }
}

/** Everything the broker kept. */
export function loadBroker({ orm }: OpenDatabase): StoredBroker {
  return {
    sessions: orm.select().from(sessions).orderBy(asc(sessions.key)).all() as StoredSession[],
    subscriptions: orm.select().from(subscriptions).all() as StoredSubscription[],
    messages: orm
      .select()
      .from(messages)
      .all()
      .map(row => ({ ...row, properties: propertiesOf(row.properties) }) as StoredMessage),
    deliveries: orm
      .select()
      .from(deliveries)
      .orderBy(asc(deliveries.session), asc(deliveries.seq))
      .all()
      .map(row => ({ ...row, subscriptionIds: fromJson<number[]>(row.subscriptionIds) }) as StoredDelivery),
    inbound: orm.select().from(inbound).all(),
    retained: orm.select().from(retained).all(),
    wills: orm.select().from(wills).all(),
  }
}
