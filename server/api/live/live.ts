import type { Entity, Event, Pairing, Registry } from '#devices'
import type { Clock, LocalSubscriber, Message, Subscriptions, Ulid } from '#kernel'
import type { RuleFileInfo, RunInfo } from '#rules'
import type { Access, Principal } from '../../access/index.ts'
import type { HealthReport } from '../../system/index.ts'
import type { SettingsJson, StreamFrame } from '../contract.ts'
import { entityJson } from '../shapes.ts'
import { maySee } from '../sight.ts'
import {
  eventFrames,
  healthFrame,
  pairingFrame,
  ruleFrame,
  runFrame,
  settingsFrames,
  visiblePart,
  type LiveFrame,
} from './frames.ts'
import { createGather } from './gather.ts'
import { createJournal } from './journal.ts'
import { checkTopics, MessageTail, type MessageFrame } from './message-tail.ts'
import { seenFrames, watchReports } from './seen.ts'

/** Frames kept for clients that come back with `since`. */
const JOURNAL = 2_000
/** Bytes a client may be behind before it is let go. */
export const MAX_BEHIND = 1_048_576
/** Bytes a client may be behind and still get messages: its values must not drown in them. */
const BEHIND_WITH_MESSAGES = MAX_BEHIND / 4
/** Streams at a time, over both kinds. */
export const MAX_STREAMS = 200
/** Streams of one person or pass: a guest must not keep the house from its owner. */
export const MAX_OWN_STREAMS = 50

/** One open stream, whatever carries it. */
export interface Carrier {
  send(text: string, seq: number | null): void
  /** Bytes handed over and not yet taken by the network. */
  behind(): number
  /** Ends a client that cannot follow, or whose right to look is gone. */
  end(why: 'slow' | 'revoked'): void
}

/** What a stream wants: entities by area and device (left out: all), messages by topic filter (left out: none). */
export interface Filter {
  readonly areas?: readonly string[]
  readonly devices?: readonly string[]
  readonly topics?: readonly string[]
}

export interface LiveStream {
  /**
   * Starts the flow, or goes on with another filter: missed frames when the journal still holds all after `since`, else
   * `resync` (when `since` was given) and a snapshot; then the retained messages of the topics.
   * @throws HobError `api.forbidden`, `mqtt.bad_filter`: nothing has changed then.
   */
  subscribe(filter: Filter, since: number | undefined): void
  close(): void
}

export interface Live {
  event(event: Event): void
  run(run: RunInfo): void
  /** A rule file is not what it was; undefined when it is gone. */
  rule(slug: string, file: RuleFileInfo | undefined): void
  settings(settings: SettingsJson): void
  /** A problem of the hub came or went. */
  health(report: HealthReport): void
  /** What is heard and not adopted differs. */
  pairing(): void
  /** A user, or a session alone, may do something else from now on: its streams begin anew. */
  regrant(userOrGrant: Ulid): void
  /** Ends all streams that a token or session let in. */
  revoke(grant: Ulid): void
  /** Undefined when there are too many streams. */
  open(principal: Principal, carrier: Carrier): LiveStream | undefined
}

interface Client {
  principal: Principal
  /** Entities it was shown, when it sees no more than parts of the house: it is told when one goes out of its sight. */
  shown: Set<Ulid> | null
  readonly carrier: Carrier
  readonly tail: MessageTail
  filter: Filter | null
}

export interface LiveOptions {
  readonly access: Pick<Access, 'byGrant'>
  readonly registry: Registry
  readonly pairing: Pick<Pairing, 'heard'>
  readonly clock: Clock
  readonly seq: () => number
  readonly nextSeq: () => number
  readonly subscriptions: Subscriptions
  readonly broker: { retained(filter: string): readonly Message[] }
  /** Whoever watches messages may look at their topics next: the memory listens meanwhile. */
  readonly topics: { hold(): () => void }
}

/** Fans events out to the open streams. A frame's text is made once; a client that is a megabyte behind is dropped. */
export function createLive(options: LiveOptions): Live {
  const { registry, pairing, clock, subscriptions, broker, topics } = options
  const clients = new Set<Client>()
  const journal = createJournal(JOURNAL, options.seq())
  let waiting: LiveFrame<number | null>[] = []
  // Only the newest list of what is heard counts, so that none of them is kept.
  let pairingSeq = 0
  const flush = () => {
    const frames = waiting
    waiting = []
    for (const client of clients) if (client.filter !== null) sendTo(client, frames)
  }
  const gather = createGather(clock, flush)
  const seen = watchReports({ registry, clock, send: frames => queue(frames) })

  const sees = (client: Client, id: string): boolean => {
    const entity = registry.entity(id)
    return entity !== undefined && maySee(client.principal, entity) && passes(client.filter!, entity)
  }

  const mayGet = (client: Client, live: LiveFrame<number | null>): string | undefined => {
    const { principal, shown } = client
    if (live.audience === 'admin' && !principal.rights.mayInHouse('admin')) return undefined
    if (live.audience === 'parts' && shown === null) return undefined
    if (live.frame.type === 'removed' && shown !== null) return goneFrom(shown, live.frame.entities, live.frame.seq)
    if (live.audience === 'house' && shown !== null) return undefined
    const text = visiblePart(live, { sees: id => sees(client, id), partsAs: shown === null ? null : principal.who })
    if (live.frame.type !== 'entity' || shown === null) return text
    const { entity, seq } = live.frame
    if (text === undefined) return goneFrom(shown, [entity.id], seq)
    shown.add(entity.id)
    return text
  }

  const sendTo = (client: Client, frames: readonly LiveFrame<number | null>[]) => {
    const { carrier, tail } = client
    for (const live of frames) {
      const text = mayGet(client, live)
      if (text !== undefined) carrier.send(text, live.seq)
    }
    if (tail.hasMessages)
      for (const text of tail.drain(carrier.behind() <= BEHIND_WITH_MESSAGES)) carrier.send(text, null)
    if (carrier.behind() > MAX_BEHIND) end(client, 'slow')
  }

  const remove = (client: Client) => {
    clients.delete(client)
    client.tail.close()
    if (clients.size === 0) seen.stop()
  }
  const end = (client: Client, why: 'slow' | 'revoked') => {
    remove(client)
    client.carrier.end(why)
  }

  const push = (frames: readonly LiveFrame[]) => {
    for (const frame of frames) journal.push(frame)
    queue(frames)
  }
  const queue = (frames: readonly LiveFrame<number | null>[]) => {
    if (frames.length === 0 || clients.size === 0) return
    waiting.push(...frames)
    gather.ask()
  }

  const hear = (message: Message, matched: readonly LocalSubscriber[]) => {
    let frame: MessageFrame | undefined
    let isHeard = false
    for (const subscriber of matched) {
      if (!(subscriber instanceof MessageTail)) continue
      frame = subscriber.take(message, frame)
      isHeard = true
    }
    if (isHeard) gather.ask()
  }

  const start = (client: Client, since: number | undefined) => {
    const { carrier } = client
    const seq = options.seq()
    // Whoever sees parts of the house may have lost some of them meanwhile.
    const isWhole = client.principal.rights.mayInHouse('read')
    const missed = since === undefined || since > seq || !isWhole ? undefined : journal.after(since)
    if (missed !== undefined) {
      const latest = since! < pairingSeq ? [pairingFrame(pairingSeq, pairing.heard())] : []
      return sendTo(client, [...missed, ...latest, ...seenFrames(registry.entities(), 0)])
    }
    if (since !== undefined) carrier.send(JSON.stringify({ type: 'resync' } satisfies StreamFrame), null)
    const entities = registry
      .entities()
      .filter(entity => sees(client, entity.id))
      .map(entityJson)
    client.shown = isWhole ? null : new Set(entities.map(({ id }) => id))
    carrier.send(JSON.stringify({ type: 'snapshot', seq, entities } satisfies StreamFrame), seq)
    sendTo(client, [])
  }

  const renew = (client: Client, principal: Principal) => {
    gather.settle()
    client.principal = principal
    if (client.filter === null) return
    if (!principal.rights.mayInHouse('admin')) client.tail.watch([])
    start(client, Infinity)
  }

  return {
    event(event) {
      push(eventFrames(event))
      if (clients.size > 0 && event.message !== null) hear(event.message, event.matched)
    },
    pairing() {
      pairingSeq = options.nextSeq()
      if (clients.size > 0) queue([pairingFrame(pairingSeq, pairing.heard())])
    },
    run: run => push([runFrame(options.nextSeq(), run)]),
    rule: (slug, file) => push([ruleFrame(options.nextSeq(), slug, file)]),
    settings: settings => push(settingsFrames(options.nextSeq(), settings)),
    health: report => push([healthFrame(options.nextSeq(), report)]),
    regrant(id) {
      for (const client of clients) {
        const { user: who, grant } = client.principal
        if (grant === null || (who !== id && grant !== id)) continue
        const principal = options.access.byGrant(grant)
        if (principal === undefined) end(client, 'revoked')
        else renew(client, principal)
      }
    },
    revoke(grant) {
      for (const client of clients) if (client.principal.grant === grant) end(client, 'revoked')
    },
    open(principal, carrier) {
      if (clients.size >= MAX_STREAMS || ownStreams(clients, principal) >= MAX_OWN_STREAMS) return undefined
      const tail = new MessageTail({ subscriptions, retained: filter => broker.retained(filter), hold: topics.hold })
      const client: Client = { principal, shown: null, carrier, tail, filter: null }
      clients.add(client)
      seen.start()
      return {
        subscribe(filter, since) {
          if (!clients.has(client)) return
          const { topics: watched = [] } = filter
          checkTopics(client.principal, watched)
          gather.settle()
          client.filter = filter
          tail.watch(watched)
          start(client, since)
        },
        close() {
          if (clients.has(client)) remove(client)
        },
      }
    },
  }
}

function ownStreams(clients: ReadonlySet<Client>, { user, who }: Principal): number {
  let count = 0
  for (const { principal } of clients) if (principal.user === user && (user !== null || principal.who === who)) count++
  return count
}

/** Tells which of these entities were shown and are not any more; undefined for none. */
function goneFrom(shown: Set<Ulid>, entities: readonly Ulid[], seq: number): string | undefined {
  const gone = entities.filter(id => shown.delete(id))
  return gone.length === 0 ? undefined : JSON.stringify({ type: 'removed', seq, entities: gone } satisfies StreamFrame)
}

function passes({ areas, devices }: Filter, entity: Entity): boolean {
  const { area, device } = entity
  if (areas !== undefined && (area === null || !(areas.includes(area.id) || areas.includes(area.slug)))) return false
  return devices === undefined || devices.includes(device.id) || devices.includes(device.slug)
}
