import { HobError, type Cause, type Publish, type Publisher, type Ulid } from '#kernel'
import type { Candidate, Registry } from '../face.ts'
import type { Device } from '../model/entity.ts'
import type { AdoptionChoice, DeviceLogins, HeardMessage, OwnTopics } from './face.ts'
import { overlaps } from './filters.ts'
import type { Guest } from './guest.ts'
import { foreignTopic, namedTopics, ownTopics } from './own-topics.ts'

export interface GuestAdoptionOptions {
  readonly registry: Registry
  readonly logins: DeviceLogins
  readonly publish: Publish
  /** Publishes what a client said before it was a member, as its own. */
  readonly publishAs: (publisher: Publisher, message: HeardMessage) => void
  /** The client is a guest no more. */
  readonly onMember: (guest: Guest) => void
}

/** Makes what a guest announced a device, and the guest a member. */
export function createGuestAdoption({ registry, logins, publish, publishAs, onMember }: GuestAdoptionOptions) {
  const shares = (one: { identifiers: readonly string[] }, other: { identifiers: readonly string[] }) =>
    one.identifiers.some(identifier => other.identifiers.includes(identifier))

  function requireStranger(candidate: Candidate): void {
    const known = registry.devices().find(device => shares(device, candidate))
    if (known === undefined) return
    throw new HobError(
      'pairing.already_adopted',
      `this is "${known.name}", which is adopted already${known.user === null ? '' : ` through the MQTT user "${known.user}"`}; forget it first`,
      { device: known.id },
    )
  }

  function takenTopics(): (OwnTopics & { readonly device: Device })[] {
    return registry.devices().map(device => {
      const own = device.user === null ? null : logins.topicsOf(device.user)
      return { device, publish: [...device.topics, ...(own?.publish ?? [])], subscribe: own?.subscribe ?? [] }
    })
  }

  /** The topics that the guest gets. */
  function topicsOf(guest: Guest, candidate: Candidate): OwnTopics & { kind: 'device' | 'gateway' } {
    const taken = takenTopics()
    const announcements = guest.announcements()
    const candidates = guest.candidates()
    const isGateway = candidates.length > 1
    const identifiers = candidates.flatMap(each => each.identifiers.map(id => id.replace(/^\w+:/, '')))
    const { clientId } = guest.visitor
    const own = ownTopics({ clientId, identifiers, announcements, spoken: guest.spoken(), isGateway, taken })
    const { says, takes } = namedTopics(announcements)
    const foreign = foreignTopic({ says: [...announcements.map(({ topic }) => topic), ...says], takes }, own)
    if (foreign === undefined) return { ...own, kind: isGateway ? 'gateway' : 'device' }
    const owner = taken.find(({ publish, subscribe }) =>
      [...publish, ...subscribe].some(each => overlaps(each, foreign)),
    )
    throw new HobError(
      'pairing.topics_taken',
      owner === undefined
        ? `"${candidate.name}" speaks on "${foreign}", which no device can have for itself; give it topics of its own`
        : `"${candidate.name}" speaks on "${foreign}", a topic of "${owner.device.name}"; give it topics of its own`,
      { topic: foreign },
    )
  }

  /** Candidates that others announced give way to the one that a person chose. */
  async function makeWay(candidate: Candidate, cause: Cause): Promise<void> {
    for (const other of registry.candidates()) if (shares(other, candidate)) await registry.forget(other.id, cause)
  }

  return async (
    guest: Guest,
    id: Ulid,
    { choice, cause }: { choice: AdoptionChoice; cause: Cause },
  ): Promise<Device> => {
    const candidate = guest.candidate(id)
    const { visitor } = guest
    const { name, area } = choice
    if (area !== undefined && area !== null && registry.area(area) === undefined)
      throw new HobError('devices.unknown_area', `there is no area "${area}"`)
    if (!visitor.hasPassword && choice.allowWithoutPassword !== true) {
      throw new HobError(
        'pairing.no_password',
        `"${candidate.name}" shows no password: give it one, or adopt it without; then anybody who learns its client id can take its place`,
      )
    }
    requireStranger(candidate)
    const rights = topicsOf(guest, candidate)
    await makeWay(candidate, cause)

    // From here to the writes all happens in one turn, so that a crash leaves all of it or nothing.
    const user = logins.grant(visitor, rights)
    guest.connection?.promote(user)
    onMember(guest)
    for (const message of guest.remembered()) publishAs({ user, clientId: visitor.clientId }, message)
    const known = registry.candidates().find(each => each.user === user && shares(each, candidate))
    if (known === undefined) {
      const topics = new Set(guest.remembered().map(({ topic }) => topic))
      const why = registry.faults().find(({ topic }) => topics.has(topic))?.message ?? 'it is not understood any more'
      await logins.revoke(user, cause)
      throw new HobError('pairing.refused', `"${candidate.name}" cannot be adopted: ${why}`)
    }
    const chosen = { ...(name === undefined ? {} : { name }), ...(area === undefined ? {} : { area }) }
    const [device] = await Promise.all([registry.adopt(known.id, chosen, cause), logins.keep(user, known.id, cause)])
    // A gateway may have announced more than a guest is remembered by.
    if (rights.kind === 'gateway') publish({ topic: 'homeassistant/status', payload: 'online', cause })
    return device
  }
}
