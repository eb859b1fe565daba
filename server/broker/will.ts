// A will is on disk from CONNECT to its end, so that it survives kill -9. It goes out when the connection ends
// without DISCONNECT, after its delay but not later than its session ends [MQTT5-3.1.2-8]; a client that is
// back before that cancels it for good [MQTT5-3.1.3-9].
// The hub's own orderly stop publishes no will. A client that was connected when the hub stopped or was killed has
// WILL_GRACE to come back, then its will goes out.

import type { Cancel, Clock } from '#kernel'
import type { Bodies, Body } from './bodies.ts'
import type { Ledger } from './ledger.ts'
import { WILL_GRACE } from './limits.ts'
import { type ClientIdentity, identityKey } from './session.ts'
import type { StoredWill } from './store.ts'

interface Will extends ClientIdentity {
  readonly body: Body
  /** Seconds. */
  readonly delay: number
  /** Seconds from its publication on; null for ever. */
  readonly messageExpiry: number | null
  /** Retained topics that the client may own. */
  readonly maxRetained: number
  cancel: Cancel | null
}

/** A will and when it goes out. */
export type WillTerms = Pick<Will, 'body' | 'delay' | 'messageExpiry' | 'maxRetained'>

export interface Wills {
  /** The client is connected; `body` is its will from now on. */
  set(client: ClientIdentity, will: WillTerms): void
  /** The client said goodbye, or is back: nothing will be published. */
  drop(client: ClientIdentity): void
  /** Another connection takes the client over: a will without delay goes out, and any when the session ends with it. */
  takeOver(client: ClientIdentity, isClean: boolean): void
  /** The client is lost. `sessionLeft` is the seconds its session still lives, null for ever. */
  lost(client: ClientIdentity, sessionLeft: number | null): void
  /** Drops the wills of a user's clients. */
  dropUser(user: string): void
  /** A row found at start. */
  restore(row: StoredWill, body: Body): void
  /** Ends the waiting; the rows stay. */
  close(): void
}

export function createWills(parts: {
  ledger: Ledger
  bodies: Bodies
  clock: Clock
  publish: (body: Body, maxRetained: number) => void
}): Wills {
  const { ledger, bodies, clock } = parts
  const wills = new Map<string, Will>()

  function write({ user, clientId, body, delay, messageExpiry }: Will, dueAt: number | null): void {
    const will = { user, clientId, message: body.key, delay, messageExpiry, dueAt }
    ledger.write({ op: 'broker.will.put', will })
  }

  function remove(client: ClientIdentity): Will | undefined {
    const will = wills.get(identityKey(client))
    if (will === undefined) return undefined
    wills.delete(identityKey(client))
    will.cancel?.()
    ledger.write({ op: 'broker.will.remove', user: client.user, clientId: client.clientId })
    return will
  }

  function publish(will: Will): void {
    remove(will)
    const at = clock.now()
    const expiresAt = will.messageExpiry === null ? null : at + will.messageExpiry * 1000
    parts.publish({ ...will.body, key: 0, references: 0, at, expiresAt }, will.maxRetained)
    bodies.release(will.body)
  }

  function drop(client: ClientIdentity): void {
    const will = remove(client)
    if (will !== undefined) bodies.release(will.body)
  }

  return {
    set({ user, clientId }, terms) {
      const will = { user, clientId, ...terms, cancel: null }
      bodies.hold(will.body)
      wills.set(identityKey(will), will)
      write(will, null)
    },
    drop,
    // [MQTT5-3.1.4-3] and the comment below it.
    takeOver(client, isClean) {
      const will = wills.get(identityKey(client))
      if (will === undefined) return
      if (isClean || will.delay === 0) publish(will)
      else drop(will)
    },
    dropUser(user) {
      for (const will of [...wills.values()]) if (will.user === user) drop(will)
    },
    lost(client, sessionLeft) {
      const will = wills.get(identityKey(client))
      if (will === undefined) return
      const delay = Math.min(will.delay, sessionLeft ?? Infinity) * 1000
      if (delay === 0) {
        publish(will)
        return
      }
      write(will, clock.now() + delay)
      will.cancel = clock.after(delay, () => publish(will))
    },
    restore({ user, clientId, delay, messageExpiry, dueAt }, body) {
      const will: Will = { user, clientId, body, delay, messageExpiry, maxRetained: Infinity, cancel: null }
      body.references++
      wills.set(identityKey(will), will)
      const left = dueAt === null ? Math.max(WILL_GRACE, delay * 1000) : Math.max(0, dueAt - clock.now())
      if (dueAt === null) write(will, clock.now() + left)
      will.cancel = clock.after(left, () => publish(will))
    },
    close() {
      for (const will of wills.values()) will.cancel?.()
    },
  }
}
