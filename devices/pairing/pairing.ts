import { HobError, type Cancel, type Cause, type Clock, type Log, type Publish, type Ulid } from '#kernel'
import type { Registry } from '../face.ts'
import { createGuestAdoption, type GuestAdoptionOptions } from './adoption.ts'
import type { DeviceLogins, Pairing } from './face.ts'
import { createGuests } from './guests.ts'
import { Knocks } from './knocks.ts'
import { GUEST_PATIENCE, SWEEP_EVERY, TELL_EVERY } from './limits.ts'
import { createPulse } from './pulse.ts'
import { createWindow } from './window.ts'

export interface PairingOptions {
  readonly clock: Clock
  readonly newId: () => Ulid
  readonly registry: Registry
  readonly logins: DeviceLogins
  readonly publish: Publish
  readonly publishAs: GuestAdoptionOptions['publishAs']
  readonly log: Log
  /** What `heard` tells differs; called at most twice a second. */
  readonly onChange: () => void
}

/** What makes devices of several firmwares announce themselves anew. */
const CALLS = [
  { topic: 'homeassistant/status', payload: 'online' },
  { topic: 'shellies/command', payload: 'announce' },
  { topic: 'esphome/discover', payload: '' },
]

export function createPairing(options: PairingOptions): Pairing {
  const { clock, registry, logins, publish, newId, log } = options
  const pulse = createPulse({ clock, every: TELL_EVERY, beat: options.onChange })
  const guests = createGuests({ clock, newId, log, onChange: touch })
  const knocks = new Knocks(newId)
  const rejected = new Set<string>()
  let cancelSweep: Cancel | undefined
  /** Monotonic milliseconds at which the last guests have to go; null while the window is open. */
  let curfew: number | null = null

  const window = createWindow({
    clock,
    onClosed() {
      curfew = clock.monotonic() + GUEST_PATIENCE
      touch()
    },
  })
  const adoptGuest = createGuestAdoption({ ...options, onMember: guests.remove })

  function touch(): void {
    pulse.touch()
    if (guests.size > 0 || knocks.size > 0) cancelSweep ??= clock.after(SWEEP_EVERY, sweep)
  }

  function sweep(): void {
    cancelSweep = undefined
    const isForgotten = knocks.sweep(clock.now())
    guests.sweep()
    if (curfew !== null && clock.monotonic() >= curfew) for (const guest of guests.values()) guests.dismiss(guest)
    if (isForgotten) pulse.touch()
    if (guests.size > 0 || knocks.size > 0) cancelSweep ??= clock.after(SWEEP_EVERY, sweep)
  }

  async function forget(idOrSlug: string, cause: Cause): Promise<void> {
    const device = registry.device(idOrSlug)
    if (device === undefined) throw new HobError('devices.unknown_device', `there is no device "${idOrSlug}"`)
    const { user } = device
    const isLast = registry.devices().every(each => each === device || each.user !== user)
    if (user === null || logins.topicsOf(user) === null || !isLast) return registry.forget(device.id, cause)
    const gone = logins.revoke(user, cause)
    const left = registry.candidates().filter(each => each.user === user)
    await Promise.all([gone, ...[device, ...left].map(({ id }) => registry.forget(id, cause))])
  }

  return {
    admit(visitor) {
      if (!window.isOpen) return 'closed'
      if (rejected.has(visitor.proof)) return 'revoked'
      const seat = guests.admit(visitor)
      if (typeof seat === 'object' && knocks.settle(visitor)) touch()
      return seat
    },
    refused(visitor, reason) {
      knocks.note(visitor, reason, clock.now())
      touch()
    },
    welcomed(visitor) {
      if (knocks.settle(visitor)) touch()
    },
    open(wanted, cause) {
      const wasClosed = window.open(wanted)
      curfew = null
      if (wasClosed) {
        rejected.clear()
        for (const call of CALLS) publish({ ...call, cause })
      }
      touch()
    },
    close: window.close,
    heard: () => ({
      until: window.until,
      isBatch: window.isBatch,
      candidates: registry.candidates(),
      guests: [...guests.values()].map(guest => guest.info()),
      knocks: knocks.list(),
      faults: [...registry.faults(), ...[...guests.values()].flatMap(guest => guest.faults())],
    }),
    async adopt(id, choice, cause) {
      const { allowWithoutPassword: _guestsOnly, ...chosen } = choice
      const guest = guests.ofCandidate(id)
      const device = await (guest === undefined
        ? registry.adopt(id, chosen, cause)
        : adoptGuest(guest, id, { choice, cause }))
      if (!window.isBatch) window.close()
      return device
    },
    forget,
    reject(id) {
      const guest = guests.need(id)
      rejected.add(guest.visitor.proof)
      guests.dismiss(guest)
    },
    dismiss(id) {
      knocks.remove(id)
      touch()
    },
    touch,
    stop() {
      window.close()
      for (const guest of guests.values()) guests.remove(guest)
      cancelSweep?.()
      pulse.stop()
    },
  }
}
