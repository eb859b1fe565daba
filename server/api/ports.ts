import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ComponentTable, Pairing, Registry } from '#devices'
import type { Causes, Clock, Log, Publish, Random, Subscriptions } from '#kernel'
import type { Engine } from '#rules'
import type { Access } from '../access/index.ts'
import type { Broker } from '../broker/index.ts'
import type { History } from '../history/index.ts'
import type { Health } from '../system/index.ts'
import type { ListenersJson } from './contract.ts'
import type { HouseSettings } from '../settings/index.ts'
import type { Versions } from '../versions/index.ts'
import type { TopicMemory } from '../topics/index.ts'

/** What the API speaks for; wired in hub.ts. */
export interface ApiOptions {
  readonly version: string
  readonly clock: Clock
  readonly causes: Causes
  readonly random: Random
  readonly log: Log
  readonly access: Access
  readonly registry: Registry
  readonly pairing: Pairing
  readonly components: ComponentTable
  readonly engine: Engine
  readonly settings: HouseSettings
  readonly versions: Versions
  readonly history: History
  /** How the hub and its machine are; `metrics`: all figures in Prometheus' text format. */
  readonly health: Pick<Health, 'report' | 'look' | 'onChange'> & { metrics(): Promise<string> }
  readonly broker: Pick<Broker, 'clients' | 'client' | 'disconnect' | 'retained'>
  readonly topics: TopicMemory
  readonly publish: Publish
  readonly subscriptions: Subscriptions
  /** Copies of the databases in a fresh folder, which whoever asked for them removes; with `key`, `backup.key` is there. */
  readonly copies: { make(what: { readonly history: boolean; readonly key: boolean }): Promise<string> }
  /** The newest number of the global sequence. */
  readonly seq: () => number
  readonly nextSeq: () => number
  /** Whether everything is open and serves. */
  readonly isReady: () => boolean
  /** The hub's address as people type it, `http://192.168.1.20:8080`; empty before it serves. */
  readonly url: () => string
  /** Where MQTT clients reach the broker; asked for only while it serves. */
  readonly listeners: () => ListenersJson
  /** Serves a client of MQTT over WebSocket, from its upgrade request on. `head` is what came behind the request. */
  readonly mqttSocket: (request: IncomingMessage, socket: Duplex, how: { head: Buffer; address: string }) => void
  /** Whether MQTT clients of an address may connect. */
  readonly accepts: (address: string) => boolean
  /** The certificate of the hub's device CA as PEM, or null when there is none. */
  readonly ca: () => string | null
  /** Host names, beyond addresses and the machine's own, under which requests are taken. */
  readonly hosts: readonly string[]
  /** Addresses and networks of reverse proxies, whose word on address, host and protocol of a request is taken. */
  readonly trustedProxies: readonly string[]
  /** Folder of the built web UI, or null. */
  readonly webFolder: string | null
}
