import { HobError, isTopicFilter } from '#kernel'
import { assemble, type Assembly } from './assembly.ts'
import { hold, type ConnectionParts } from './connection.ts'
import { depart, endSession } from './departure.ts'
import { createDoor } from './door.ts'
import { clientDetails, clientInfo } from './client-list.ts'
import type { Broker, BrokerOptions, ClientTarget } from './face.ts'
import { handle } from './handlers/index.ts'
import { Newcomers } from './newcomers.ts'
import type { Outbox } from './outbox.ts'
import { OutputBuffers } from './output-buffers.ts'
import { causeOf, toMessage } from './publication.ts'
import { endings } from './reason.ts'
import { queuesOf } from './queues.ts'
import { restore } from './restore.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import { isSystemFilter } from './subscriptions.ts'
import { Turn } from './turn.ts'

/** An MQTT broker: the rooms, the connections, and the face that the hub sees. */
export function createBroker(options: BrokerOptions): Broker {
  const assembly = assemble(options)
  const { rooms, retainedWrites } = assembly
  const { deliveries, retained, sessions, stats, ledger } = rooms
  const parts = connectionParts(rooms)
  const door = createDoor(rooms, parts)
  ledger.onDurable(() => settle(rooms, parts))

  return {
    open: () => restore(rooms, options.store),
    accept: door.accept,
    publish: deliveries.publish,
    publishAs: (member, message) => publishAs(rooms, member, message),
    subscriptions: localSubscriptions(assembly),
    retained(filter, most) {
      const bodies = retained.match(filter).slice(0, most)
      return bodies.map(body => toMessage(body, { cause: causeOf(body, rooms.causes), at: body.at, replayed: true }))
    },
    clients: () => [...sessions.values()].map(session => clientInfo(rooms, session)),
    client(user, clientId) {
      const session = sessions.find({ user, clientId })
      return session === undefined ? undefined : clientDetails(rooms, session)
    },
    connected: user =>
      sessions
        .ofUser(user)
        .filter(({ connection }) => connection !== null)
        .map(session => clientInfo(rooms, session)),
    stats: () => ({
      connections: stats.connections,
      sessions: sessions.count,
      subscriptions: assembly.subscriptions.count,
      retained: retained.count,
      received: stats.received,
      sent: stats.sent,
      dropped: stats.dropped,
      refused: stats.refused,
      bytesReceived: stats.bytesReceived,
      bytesSent: stats.bytesSent,
    }),
    queues: () => queuesOf(rooms),
    disconnect: target => disconnect(rooms, target),
    clearRetained: user => retained.clear(user),
    async close() {
      door.close()
      rooms.wills.close()
      rooms.system.close()
      rooms.meter.close()
      retainedWrites.flush()
      await durable(rooms)
    },
  }
}

function connectionParts(rooms: Rooms): ConnectionParts {
  const { clock, log, ledger, deliveries, outgoing, stats } = rooms
  return {
    ...{ clock, log, ledger, deliveries, stats },
    turn: new Turn(),
    buffers: new OutputBuffers(),
    waiting: new Set<Outbox>(),
    connections: new Set(),
    closing: new Set(),
    newcomers: new Newcomers(rooms.limits),
    handle: (connection, packet) => handle(rooms, connection, packet),
    onRoom: session => outgoing.pump(session),
    onEnded: (connection, reason) => depart(rooms, connection, reason),
  }
}

/** A batch is on disk: lets go what waited for it, and reads on where the disk was behind. */
function settle({ ledger, waitingForDisk }: Rooms, { waiting, closing, turn }: ConnectionParts): void {
  for (const outbox of waiting) outbox.release()
  for (const connection of closing) {
    if (connection.lastBatch > ledger.durable) continue
    closing.delete(connection)
    connection.finish()
  }
  if (!ledger.isPressed && waitingForDisk.size > 0) {
    const held = [...waitingForDisk]
    waitingForDisk.clear()
    for (const connection of held) connection.resume(hold.disk)
  }
  turn.afterRead()
}

/** Resolves when everything that was written is on disk. */
function durable({ ledger }: Rooms): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (ledger.isSettled) resolve()
    }
    ledger.onDurable(check)
    check()
  })
}

function localSubscriptions({ rooms, subscriptions }: Assembly): Broker['subscriptions'] {
  return {
    add(filter, subscriber) {
      if (!isTopicFilter(filter)) throw new HobError('broker.topic_filter', `"${filter}" is no topic filter`)
      if (isSystemFilter(filter)) rooms.system.prepare()
      subscriptions.addLocal(filter, subscriber)
      if (subscriber.isLiveOnly !== true) rooms.deliveries.replay(filter, subscriber)
    },
    remove(filter, subscriber) {
      subscriptions.removeLocal(filter, subscriber)
    },
  }
}

function publishAs(
  { deliveries, stats, clock }: Rooms,
  { user, clientId, rules, limits }: Parameters<Broker['publishAs']>[0],
  { topic, payload, qos, retain, properties }: Parameters<Broker['publishAs']>[1],
): void {
  if (topic.startsWith('$') || !rules.mayPublish(topic)) {
    stats.refused++
    return
  }
  const about = { topic, payload: new Uint8Array(payload), qos, retain, properties, expiresAt: null }
  const body = { key: 0, references: 0, ...about, user, clientId, at: clock.now() }
  deliveries.publishBody(body, limits.maxRetained)
}

function disconnect(rooms: Rooms, target: Parameters<Broker['disconnect']>[0]): void {
  const { user, clientId, address, forget = false, reason = 'administrative' } = target
  // What a client that is sent away for good left behind is not worth publishing.
  if (forget && user != null && clientId == null && address == null) rooms.wills.dropUser(user)
  for (const session of [...rooms.sessions.values()]) {
    if (!isMeant(session, target)) continue
    if (forget) rooms.wills.drop(session)
    session.connection?.end(endings[reason])
    if (forget && rooms.sessions.find(session) === session) endSession(rooms, session)
  }
}

function isMeant({ user, clientId, connection }: Session, target: ClientTarget): boolean {
  return (
    (target.user == null || target.user === user) &&
    (target.clientId == null || target.clientId === clientId) &&
    (target.address == null || target.address === connection?.address)
  )
}
