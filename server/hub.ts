import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { components, createPairing, createRegistry, type Event, type Pairing, type Registry } from '#devices'
import { createCauses, createUlids, type Clock, type Log } from '#kernel'
import { createEngine, type Engine } from '#rules'
import { createAccess } from './access/index.ts'
import { createApi, type ApiServer } from './api/index.ts'
import { createBroker, defaultLimits, type Broker } from './broker/index.ts'
import type { Config } from './config.ts'
import { createBackups } from './backups.ts'
import { openDisk } from './disk.ts'
import { watchHealth } from './health.ts'
import { createHistory } from './history/index.ts'
import { createListening, type Places } from './listening.ts'
import { namesOf } from './names.ts'
import { createSettings } from './settings/index.ts'
import { LOCAL_SOCKET } from './paths.ts'
import type { Storage } from './storage/index.ts'
import { openTls } from './tls.ts'
import { createTopicMemory } from './topics/index.ts'
import { createVersions, versionedKinds } from './versions/index.ts'

export interface HubOptions {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly version: string
  /** Folder of the built web UI, or null. */
  readonly webFolder: string | null
  /** The disk failed: the process should end. */
  readonly onFatal: (error: Error) => void
}

export interface Hub {
  /** Serves HTTP and MQTT. @returns where. */
  listen(): Promise<Places>
  /** A fresh code that makes its first user the owner, or null when there is one. */
  newClaim(): string | null
  close(): Promise<void>
}

/**
 * Builds the parts, wires them and opens them in order: disk, settings, access, broker, devices, rules, API.
 * The command line's socket serves from the end of this function on.
 * @throws HobError `storage.in_use` when another hub holds the data folder; `storage.newer_schema`.
 */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { config } = options
  const { data: folder } = config
  const disk = await openDisk(folder, { ...options, writeBudget: () => parts.settings.current().writeBudget })
  const parts = createParts(options, disk.storage)
  // Made in a process of its own while the other parts open.
  const tls = openTls(options)
  await openParts(parts)
  const listening = createListening({ ...options, ...parts, ...tls })
  const backups = createBackups({ ...options, ...parts, ...disk, folder })
  const now = { isReady: () => listening.places() !== null, url: () => listening.places()?.http ?? '', ca: tls.ca }
  const health = watchHealth({ ...options, ...parts, ...tls, ...disk, folder, backups })
  const api = await createApi({ ...options, ...config, ...parts, ...listening, ...now, health, copies: backups })
  parts.watchers.push(api)
  const socketPath = join(folder, LOCAL_SOCKET)
  rmSync(socketPath, { force: true })
  await api.listenLocal(socketPath)

  return {
    listen: () => listening.open(api),
    newClaim: () => (parts.access.signIns.isClaimed() ? null : parts.access.signIns.newClaim()),
    async close() {
      health.close()
      await listening.close()
      // The HTTP server has ended when its MQTT clients have.
      const areEnded = Promise.all([api.close(), backups.close()])
      await closeParts(parts)
      await areEnded
      await disk.close()
      rmSync(socketPath, { force: true })
    },
  }
}

type Parts = ReturnType<typeof createParts>

/** The parts and who speaks to whom. Nothing runs yet. */
export function createParts(
  { config, clock, log, version }: Pick<HubOptions, 'config' | 'clock' | 'log' | 'version'>,
  storage: Storage,
) {
  const { seq, nextSeq } = storage
  const random = (length: number) => randomBytes(length)
  const newId = createUlids(clock.now, random)
  const causes = createCauses(newId)
  const watchers: Pick<ApiServer, 'event' | 'run' | 'rule' | 'pairing'>[] = []

  const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const settings = createSettings({ store: storage.settings, clock, systemZone })

  const access = createAccess({
    clock,
    newId,
    random,
    store: storage.access,
    log,
    allowAnonymous: false,
    door: () => pairing,
    connected: user => broker.connected(user),
    onCredentialRevoked({ user, kind }) {
      broker.disconnect({ user, forget: true })
      if (kind !== 'software') broker.clearRetained(user)
    },
    onBanned: ({ user, clientId, address }) => broker.disconnect({ user, clientId, address, reason: 'banned' }),
  })

  const broker: Broker = createBroker({
    clock,
    causes,
    store: storage.broker,
    permissions: access.permissions,
    limits: defaultLimits,
    log,
    version: `hob version ${version}`,
    onMessage: (message, matched) => onEvent(registry.onMessage(message, matched)),
    onUnmatched: message => registry.overhear(message),
  })
  const { publish, subscriptions } = broker
  const topics = createTopicMemory({ clock, subscriptions, retained: broker.retained })

  const registry: Registry = createRegistry({
    ...{ clock, causes, newId, nextSeq, publish, subscriptions, log, onEvent },
    store: storage.devices,
    ownTopics: access.logins.topicsOf,
  })

  const pairing: Pairing = createPairing({
    ...{ clock, newId, registry, publish, log },
    logins: access.logins,
    publishAs: (client, message) => broker.publishAs({ ...access.member(client.user), ...client }, message),
    onChange: () => watchers.forEach(watcher => watcher.pairing()),
  })

  const engine: Engine = createEngine({
    clock,
    causes,
    newId,
    random,
    store: storage.rules,
    world: {
      catalogue: { components, entities: registry.entities, areas: registry.areas, aliases: registry.aliases },
      house: settings.current,
      publish,
      subscriptions,
      command: registry.command,
      onStructure: registry.onStructure,
      onHouse: settings.onChange,
    },
    log,
    paused: config.safe,
    onRun: run => [history, ...watchers].forEach(each => each.run(run)),
    onFile: slug => watchers.forEach(watcher => watcher.rule(slug)),
  })

  const kinds = versionedKinds({ registry, settings, engine })
  const versions = createVersions({ store: storage.versions, kinds })

  const { entities } = registry
  const names = namesOf({ registry, engine, access, broker })
  const history = createHistory({ ...{ clock, log, settings, entities, names, seq }, store: storage.history })

  // Devices before rules, once per message; then history and whoever watches.
  function onEvent(event: Event): void {
    engine.event(event)
    history.event(event)
    if (event.changes.some(({ kind }) => kind === 'candidates')) pairing.touch()
    for (const watcher of watchers) watcher.event(event)
  }

  return {
    ...{ causes, random, settings, access, broker, publish, subscriptions, topics, registry, pairing },
    ...{ components, engine, versions, history, seq, nextSeq, watchers },
  }
}

/** Each part loads what it kept; whoever is asked stands before whoever asks. */
export async function openParts({ settings, access, broker, history, registry, engine }: Parts): Promise<void> {
  await settings.open()
  await access.open()
  await broker.open()
  await history.open()
  await registry.open()
  await engine.open()
}

export async function closeParts({ broker, topics, registry, pairing, engine, history }: Parts): Promise<void> {
  topics.close()
  engine.close()
  pairing.stop()
  registry.close()
  await broker.close()
  await history.close()
}
