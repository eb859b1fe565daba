import { createDurableWait, HobError } from '#kernel'
import type { Dialect, Outgoing } from '../dialects/dialect.ts'
import { Incoming } from '../dialects/incoming.ts'
import { dialects } from '../dialects/index.ts'
import type { Candidate, Registry, RegistryOptions } from '../face.ts'
import { createAdoption } from './adoption.ts'
import { AnnouncementListener, createAnnouncements } from './announcements.ts'
import { createCommands, type Commands } from './commands.ts'
import { createDescribe } from './describe.ts'
import type { LiveDevice } from './device.ts'
import { Directory } from './directory.ts'
import { createEdits } from './edits.ts'
import { Faults } from './faults.ts'
import { CANDIDATES_EVERY, COMMAND_EXPIRY } from './limits.ts'
import { createListeners } from './listeners.ts'
import { RecentPoints } from './points.ts'
import { restoreDecisions, restorePoints, restoreValues } from './restore.ts'
import { createStates } from './states.ts'
import { createTurns, Turn } from './turn.ts'

function candidateOf(device: LiveDevice): Candidate {
  const { id, name, dialect, manufacturer, model, software, user, clientId, suggestedArea, firstSeen, lastSeen } =
    device
  const { identifiers, entities, unsupported } = device
  return {
    id,
    name,
    dialect,
    manufacturer,
    model,
    software,
    identifiers: [...identifiers],
    user,
    clientId,
    suggestedArea,
    entities,
    unsupported,
    firstSeen,
    lastSeen,
  }
}

export function createRegistry(options: RegistryOptions, known: readonly Dialect[] = dialects): Registry {
  const { clock, causes, newId, nextSeq, store, publish, subscriptions, log } = options
  const directory = new Directory()
  const faults = new Faults()
  const structureListeners: (() => void)[] = []
  const announced = known.map(dialect => new AnnouncementListener(dialect))
  const hub = () => causes.root('hub', 'hub')
  const whenDurable = createDurableWait(store)
  let startedAt = clock.now()
  let cancelCandidates: (() => void) | undefined
  let aliases: ReadonlyMap<string, string> | undefined

  const turns = createTurns({
    now: clock.now,
    nextSeq,
    onEvent: options.onEvent,
    onStructure() {
      aliases = undefined
      for (const listener of structureListeners) listener()
    },
  })
  const listeners = createListeners({ subscriptions, log, causes, now: clock.now, isFresh: at => at >= startedAt })
  // Values answer commands and commands assume values: each is wired to the other.
  const points = new RecentPoints()
  const states = createStates({
    points,
    clock,
    causes,
    log,
    listeners,
    turns,
    onReport: (entity, values, turn) => commands.onReport(entity, values, turn),
    causesOf: (entity, values) => commands.causesOf(entity, values),
    onCandidateValue() {
      cancelCandidates ??= clock.after(CANDIDATES_EVERY, () => {
        cancelCandidates = undefined
        turns.run(hub(), turn => void (turn.hasCandidates = true))
      })
    },
  })
  const commands: Commands = createCommands({ clock, causes, newId, publish, turns, assume: states.assume })
  const describe = createDescribe({
    directory,
    states,
    store,
    newId,
    log,
    maxCandidateEntities: options.maxCandidateEntities,
  })
  const announcements = createAnnouncements({
    dialects: known,
    describe,
    faults,
    store,
    ownTopics: options.ownTopics ?? (() => null),
    log,
  })
  const adoption = createAdoption({
    directory,
    announcements,
    commands,
    points,
    store,
    turns,
    publish,
    now: clock.now,
    whenDurable,
  })
  const edits = createEdits({ directory, store, turns, newId, whenDurable })

  function ask(messages: readonly Outgoing[], turn: Turn): void {
    for (const message of messages) publish({ ...message, expiry: COMMAND_EXPIRY, cause: turn.cause })
  }

  return {
    async open() {
      const stored = await store.load()
      startedAt = clock.now()
      const turn = new Turn(startedAt, hub())
      restoreDecisions(directory, stored)
      const queries = announcements.restore(stored.announcements, turn)
      restoreValues(directory, stored.values)
      restorePoints(directory, points, stored.points)
      for (const listener of announced) {
        for (const filter of listener.dialect.announcements) subscriptions.add(filter, listener)
      }
      ask([...known.flatMap(({ greetings }) => greetings), ...queries], turn)
    },
    onMessage(message, matched) {
      const turn = new Turn(message.at, message.cause)
      let isAnnouncement = false
      for (const subscriber of matched) {
        if (!(subscriber instanceof AnnouncementListener)) continue
        const taken = announcements.take(message, subscriber.dialect, turn)
        isAnnouncement ||= taken.isAnnouncement
        ask(taken.queries, turn)
      }
      const { at, cause, replayed } = message
      const report = {
        message: new Incoming(message.topic, message.payload, message.at),
        at,
        cause,
        isOwn: message.publisher === null,
        isReplayed: replayed,
        isFresh: !replayed || at >= startedAt,
        isAnnouncement,
        turn,
      }
      listeners.deliver(report, message, matched)
      return turns.finish(turn, message, matched)
    },
    overhear: listeners.overhear,
    command(id, request, cause) {
      const entity = directory.entities.get(id)
      if (entity === undefined) throw new HobError('devices.unknown_entity', `there is no entity with id "${id}"`)
      return commands.send(entity, request, cause)
    },
    commandById: commands.byId,
    devices: () => [...directory.devices.values()],
    entities: () => [...directory.entities.values()],
    areas: () => [...directory.areas.values()],
    candidates: () => [...directory.candidates.values()].map(candidateOf),
    faults: () => faults.list(),
    device: idOrSlug => directory.device(idOrSlug),
    entity: id => directory.entities.get(id),
    area: idOrSlug => directory.area(idOrSlug),
    version: id => (directory.devices.get(id) ?? directory.entities.get(id) ?? directory.areas.get(id))?.version,
    recentPoints(id, value) {
      const entity = directory.entities.get(id)
      return entity === undefined ? [] : points.of(entity, value)
    },
    ...adoption,
    ...edits,
    onStructure: listener => void structureListeners.push(listener),
    aliases: () => (aliases ??= directory.aliases()),
    close() {
      cancelCandidates?.()
      commands.close()
      for (const device of [...directory.devices.values(), ...directory.candidates.values()]) {
        for (const entity of device.entities) entity.release()
      }
      for (const listener of announced) {
        for (const filter of listener.dialect.announcements) subscriptions.remove(filter, listener)
      }
    },
  }
}
