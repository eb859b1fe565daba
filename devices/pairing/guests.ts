import { HobError, type Clock, type Log, type Message, type Ulid } from '#kernel'
import { openSandbox } from '../sandbox.ts'
import type { GuestConnection, GuestSeat, Visitor } from './face.ts'
import { Guest } from './guest.ts'
import { GUEST_PATIENCE, MAX_GUEST_ENTITIES, MAX_GUESTS } from './limits.ts'

/** Everybody in quarantine. */
export interface Guests {
  readonly size: number
  values(): Iterable<Guest>
  /** A place for a visitor; the same visitor comes back to what it said before. */
  admit(visitor: Visitor): GuestSeat | 'too_many' | 'used_twice'
  /** The guest that announced a candidate. */
  ofCandidate(candidate: Ulid): Guest | undefined
  /** @throws HobError `pairing.unknown_guest`. */
  need(id: Ulid): Guest
  /** Lets go of a guest without ending its connection. */
  remove(guest: Guest): void
  /** Sends a guest away. */
  dismiss(guest: Guest): void
  /** Sends those away whose time is up. */
  sweep(): void
}

export function createGuests(options: { clock: Clock; newId: () => Ulid; log: Log; onChange: () => void }): Guests {
  const { clock, newId, log, onChange } = options
  const guests = new Map<string, Guest>()
  const now = () => ({ wall: clock.now(), monotonic: clock.monotonic() })

  function receive(visitor: Visitor): Guest {
    const guest = new Guest(newId(), visitor, now())
    guests.set(visitor.proof, guest)
    void openSandbox({ clock, newId, onChange, maxEntities: MAX_GUEST_ENTITIES }).then(
      sandbox => {
        guest.furnish(sandbox)
        onChange()
      },
      (error: unknown) => log.error({ error, client: visitor.clientId }, 'a guest cannot be understood'),
    )
    return guest
  }

  function seatOf(guest: Guest): GuestSeat {
    let own: GuestConnection | null = null
    return {
      user: guest.user,
      open(connection) {
        own = guest.connection = connection
        onChange()
      },
      accept(message: Message) {
        guest.hear(message, now())
        onChange()
      },
      closed() {
        if (guest.connection !== own) return
        guest.connection = null
        onChange()
      },
    }
  }

  function remove(guest: Guest): void {
    if (guests.get(guest.visitor.proof) === guest) guests.delete(guest.visitor.proof)
    guest.leave()
    onChange()
  }

  function dismiss(guest: Guest): void {
    const { connection } = guest
    remove(guest)
    connection?.close()
  }

  return {
    get size() {
      return guests.size
    },
    values: () => guests.values(),
    admit(visitor) {
      const known = guests.get(visitor.proof)
      if (known !== undefined) {
        if (known.connection !== null && known.visitor.address !== visitor.address) return 'used_twice'
        known.visitor = visitor
        known.heardAt = clock.monotonic()
        return seatOf(known)
      }
      if (guests.size >= MAX_GUESTS) return 'too_many'
      return seatOf(receive(visitor))
    },
    ofCandidate: candidate => [...guests.values()].find(guest => guest.candidates().some(({ id }) => id === candidate)),
    need(id) {
      const found = [...guests.values()].find(guest => guest.id === id)
      if (found === undefined) throw new HobError('pairing.unknown_guest', 'there is no such guest; it may be gone')
      return found
    },
    remove,
    dismiss,
    sweep() {
      const latest = clock.monotonic() - GUEST_PATIENCE
      for (const guest of guests.values()) if (guest.heardAt <= latest) dismiss(guest)
    },
  }
}
