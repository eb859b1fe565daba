import { hostname, networkInterfaces } from 'node:os'
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { components, createRegistry, type Event, type Registry } from '#devices'
import { createCauses, createUlids, type Clock, type LocalSubscriber, type Log, type Message } from '#kernel'
import { createEngine, type Engine, type RunInfo } from '#rules'
import { createAccess } from './access/index.ts'
import { createApi, type ApiServer } from './api/index.ts'
import { createBroker, defaultLimits, listenTcp, type Broker } from './broker/index.ts'
import type { Config } from './config.ts'
import { isPrivateAddress } from './peers.ts'
import { createSettings } from './settings/index.ts'
import { lockFolder, openStorage } from './storage/index.ts'

/** The unix socket of the command line, in the data folder. */
export const LOCAL_SOCKET = 'hob.sock'

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
  listen(): Promise<{ http: string; mqtt: string }>
  readonly hasUsers: () => boolean
  close(): Promise<void>
}

/**
 * Builds the parts, wires them and opens them in order: disk, settings, access, broker, devices, rules, API.
 * The command line's socket serves from the end of this function on.
 * @throws HobError `storage.in_use` when another hub holds the data folder; `storage.newer_schema`.
 */
export async function createHub({ config, clock, log, version, webFolder, onFatal }: HubOptions): Promise<Hub> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const lock = lockFolder(config.data)
  const random = (length: number) => randomBytes(length)
  const newId = createUlids(clock.now, random)
  const causes = createCauses(newId)

  let writeBudget = 10
  const storage = await openStorage({ folder: config.data, clock, log, writeBudget: () => writeBudget, onFatal }).catch(
    error => {
      lock.release()
      throw error
    },
  )
  const settings = createSettings({
    store: storage.settings,
    clock,
    systemZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
  settings.onChange(changed => void (writeBudget = changed.writeBudget))

  const access = createAccess({
    clock,
    newId,
    random,
    store: storage.access,
    log,
    allowAnonymous: false,
    onCredentialRevoked: user => broker.disconnect({ user }),
  })

  const broker: Broker = createBroker({
    clock,
    causes,
    store: storage.broker,
    permissions: access.permissions,
    limits: defaultLimits,
    log,
    onMessage: (message, matched) => onMessage(message, matched),
  })

  const registry: Registry = createRegistry({
    clock,
    causes,
    newId,
    nextSeq: storage.nextSeq,
    store: storage.devices,
    publish: broker.publish,
    subscriptions: broker.subscriptions,
    log,
    onEvent: event => onEvent(event),
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
      publish: broker.publish,
      subscriptions: broker.subscriptions,
      command: registry.command,
      onStructure: registry.onStructure,
      onHouse: settings.onChange,
    },
    log,
    paused: config.safe,
    onRun: run => onRun(run),
  })

  const watchers: { api?: ApiServer } = {}

  // Devices before rules, once per message; then whoever watches.
  function onMessage(message: Message, matched: readonly LocalSubscriber[]): void {
    onEvent(registry.onMessage(message, matched))
  }
  function onEvent(event: Event): void {
    engine.event(event)
    watchers.api?.event(event)
  }
  function onRun(run: RunInfo): void {
    watchers.api?.run(run)
  }

  await settings.open()
  writeBudget = settings.current().writeBudget
  await access.open()
  await broker.open()
  await registry.open()
  await engine.open()
  let isReady = false
  const served = await createApi({
    version,
    clock,
    causes,
    random,
    log,
    access,
    registry,
    components,
    engine,
    settings,
    broker,
    publish: broker.publish,
    subscriptions: broker.subscriptions,
    seq: storage.seq,
    nextSeq: storage.nextSeq,
    isReady: () => isReady,
    hosts: config.hosts,
    webFolder,
  })
  watchers.api = served
  const socketPath = join(config.data, LOCAL_SOCKET)
  rmSync(socketPath, { force: true })
  await served.listenLocal(socketPath)

  const accept = (address: string) => config.peers === 'any' || isPrivateAddress(address)
  let mqtt: Awaited<ReturnType<typeof listenTcp>> | undefined

  return {
    async listen() {
      mqtt = await listenTcp({ broker, host: config.host, port: config.mqttPort, accept })
      const http = await served.listen({ host: config.host || '::', port: config.httpPort, accept })
      isReady = true
      return {
        http: `http://${shownHost(config.host)}:${http.port}`,
        mqtt: `${shownHost(config.host)}:${mqtt.address.port}`,
      }
    },
    hasUsers: () => access.users().length > 0,
    async close() {
      isReady = false
      await mqtt?.close()
      await served.close()
      engine.close()
      registry.close()
      await broker.close()
      await storage.close()
      rmSync(socketPath, { force: true })
      lock.release()
    },
  }
}

/** The address people can type: the one that was asked for, else this machine's first on the network. */
function shownHost(host: string): string {
  if (host !== '' && host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host
  const addresses = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  return addresses.find(each => each.family === 'IPv4' && !each.internal)?.address ?? hostname()
}
