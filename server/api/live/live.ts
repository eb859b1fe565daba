import type { Entity, Event, Registry } from '#devices'
import type { Cancel, Clock } from '#kernel'
import type { RunInfo } from '#rules'
import type { Principal, Revoked } from '../../access/index.ts'
import { hasScope, maySee } from '../auth.ts'
import type { StreamFrame } from '../contract.ts'
import { entityJson } from '../shapes.ts'
import { eventFrames, runFrame, visiblePart, type LiveFrame } from './frames.ts'
import { createJournal } from './journal.ts'

/** Milliseconds that frames may wait for others; the first after a pause leaves at once. */
const GATHER = 50
/** Frames kept for clients that come back with `since`. */
const JOURNAL = 2_000
/** Bytes a client may be behind before it is let go. */
export const MAX_BEHIND = 1_048_576
/** Streams at a time, over both kinds. */
export const MAX_STREAMS = 200

/** One open stream, whatever carries it. */
export interface Carrier {
  send(text: string, seq: number | null): void
  /** Bytes handed over and not yet taken by the network. */
  behind(): number
  /** Ends a client that cannot follow, or whose right to look is gone. */
  end(why: 'slow' | 'revoked'): void
}

export interface Filter {
  readonly areas?: readonly string[]
  readonly devices?: readonly string[]
}

export interface LiveStream {
  /** Starts the flow: missed frames when the journal still holds all after `since`, else `resync` (when `since` was given) and a snapshot. */
  subscribe(filter: Filter, since: number | undefined): void
  close(): void
}

export interface Live {
  event(event: Event): void
  run(run: RunInfo): void
  /** Ends all streams of a principal. */
  revoke(gone: Revoked): void
  /** Undefined when there are too many streams. */
  open(principal: Principal, carrier: Carrier): LiveStream | undefined
}

interface Client {
  readonly principal: Principal
  readonly carrier: Carrier
  filter: Filter | null
}

/** Fans events out to the open streams. A frame's text is made once; a client that is a megabyte behind is dropped. */
export function createLive(options: {
  registry: Registry
  clock: Clock
  seq: () => number
  nextSeq: () => number
}): Live {
  const { registry, clock } = options
  const clients = new Set<Client>()
  const journal = createJournal(JOURNAL, options.seq())
  let waiting: LiveFrame[] = []
  let timer: Cancel | undefined
  let flushedAt = -Infinity

  const sees = (client: Client, id: string): boolean => {
    const entity = registry.entity(id)
    return entity !== undefined && maySee(client.principal, entity) && passes(client.filter!, entity)
  }

  const mayGet = (client: Client, live: LiveFrame): string | undefined => {
    if (live.audience === 'admin' && !hasScope(client.principal, 'admin')) return undefined
    if (live.audience === 'house' && client.principal.areas !== null) return undefined
    return visiblePart(live, id => sees(client, id))
  }

  const sendTo = (client: Client, frames: readonly LiveFrame[]) => {
    for (const live of frames) {
      const text = mayGet(client, live)
      if (text !== undefined) client.carrier.send(text, live.seq)
    }
    if (client.carrier.behind() > MAX_BEHIND) end(client, 'slow')
  }

  const end = (client: Client, why: 'slow' | 'revoked') => {
    clients.delete(client)
    client.carrier.end(why)
  }

  const flush = () => {
    timer = undefined
    flushedAt = clock.monotonic()
    const frames = waiting
    waiting = []
    for (const client of clients) if (client.filter !== null) sendTo(client, frames)
  }

  const push = (frames: readonly LiveFrame[]) => {
    for (const frame of frames) journal.push(frame)
    if (frames.length === 0 || clients.size === 0) return
    waiting.push(...frames)
    if (timer !== undefined) return
    const left = GATHER - (clock.monotonic() - flushedAt)
    if (left <= 0) flush()
    else timer = clock.after(left, flush)
  }

  return {
    event: event => push(eventFrames(event, registry)),
    run: run => push([runFrame(options.nextSeq(), run)]),
    revoke({ kind, who }) {
      for (const client of clients)
        if (client.principal.kind === kind && client.principal.who === who) end(client, 'revoked')
    },
    open(principal, carrier) {
      if (clients.size >= MAX_STREAMS) return undefined
      const client: Client = { principal, carrier, filter: null }
      clients.add(client)
      return {
        subscribe(filter, since) {
          if (!clients.has(client)) return
          if (timer !== undefined) {
            timer()
            flush()
          }
          client.filter = filter
          const seq = options.seq()
          const missed = since === undefined || since > seq ? undefined : journal.after(since)
          if (missed !== undefined) return sendTo(client, missed)
          if (since !== undefined) carrier.send(JSON.stringify({ type: 'resync' } satisfies StreamFrame), null)
          const entities = registry
            .entities()
            .filter(entity => sees(client, entity.id))
            .map(entityJson)
          carrier.send(JSON.stringify({ type: 'snapshot', seq, entities } satisfies StreamFrame), seq)
        },
        close: () => void clients.delete(client),
      }
    },
  }
}

function passes({ areas, devices }: Filter, entity: Entity): boolean {
  const { area, device } = entity
  if (areas !== undefined && (area === null || !(areas.includes(area.id) || areas.includes(area.slug)))) return false
  return devices === undefined || devices.includes(device.id) || devices.includes(device.slug)
}
