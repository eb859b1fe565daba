import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { isHobError, type Clock, type Log } from '#kernel'
import { reachableHosts, shownHost } from './addresses.ts'
import type { ListenersJson } from '#api'
import type { ApiServer } from './api/index.ts'
import {
  createWebSocketEntry,
  listenTcp,
  listenTls,
  type Broker,
  type Listener,
  type TlsListener,
} from './broker/index.ts'
import type { Config } from './config.ts'
import { isPrivateAddress, memberOf } from './peers.ts'
import type { Certificates } from './system/index.ts'

/** Where the hub serves, as people type it. */
export interface Places {
  /** `http://HOST:PORT` */
  readonly http: string
  /** `HOST:PORT` */
  readonly mqtt: string
  /** `HOST:PORT`, null when there is none. */
  readonly mqtts: string | null
}

export interface ListeningOptions {
  readonly config: Pick<Config, 'host' | 'httpPort' | 'mqttPort' | 'mqttsPort' | 'peers' | 'proxyProtocol'>
  readonly broker: Pick<Broker, 'accept'>
  /** What MQTT over TLS shows; null where it is off. */
  readonly certificates: Promise<Certificates> | null
  readonly clock: Clock
  readonly log: Log
}

/** MQTT over WebSocket, on the HTTP server. */
const MQTT_PATH = '/mqtt'

/** What a machine without IPv6 says to its address. */
const WITHOUT_IPV6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])

export type Listening = ReturnType<typeof createListening>

/** The sockets that the hub serves on, for peers that it takes. Nothing is open yet. */
export function createListening({ config, broker, certificates, clock, log }: ListeningOptions) {
  const { host } = config
  const accept = (address: string) => config.peers === 'any' || isPrivateAddress(address)
  const common = { broker, clock, log, host, accept, isProxy: memberOf(config.proxyProtocol) }
  const entry = createWebSocketEntry({ broker })
  let mqtt: Listener | undefined
  let mqtts: TlsListener | undefined
  let http = { port: 0 }
  let places: Places | null = null

  /** Opens MQTT over TLS with the certificate there is, now or when there is one. The hub goes on without. */
  async function openTls(source: Certificates): Promise<void> {
    const certificate = source.current()
    if (certificate === null) return
    try {
      if (mqtts !== undefined) return mqtts.setCertificate(certificate)
      mqtts = await listenTls({ ...common, port: config.mqttsPort, certificate })
      log.info({ port: config.mqttsPort }, 'MQTT over TLS is open')
    } catch (error) {
      const why = isHobError(error) ? error.message : `the certificate cannot be used: ${String(error)}`
      log.error(
        { port: config.mqttsPort },
        mqtts === undefined
          ? `there is no MQTT over TLS: ${why}; mqtts_port takes another port, 0 none`
          : `MQTT over TLS keeps its certificate: ${why}`,
      )
    }
  }

  return {
    /** Opens them. @throws HobError `broker.listen`, or the error of the HTTP server, when an address cannot be used. */
    async open(api: Pick<ApiServer, 'listen'>): Promise<Places> {
      mqtt = await listenTcp({ ...common, port: config.mqttPort })
      http = await openHttp(api, { host, port: config.httpPort, accept })
      const source = await certificates
      if (source !== null) {
        await openTls(source)
        source.onChange(() => void openTls(source))
      }
      const name = shownHost(host)
      const at = ({ address }: Listener) => `${name}:${address.port}`
      places = { http: `http://${name}:${http.port}`, mqtt: at(mqtt), mqtts: mqtts === undefined ? null : at(mqtts) }
      return places
    },
    /** Null before they are open and once they close. */
    places: () => places,
    /** Where MQTT clients find the broker. To be asked while it is open. */
    listeners: (): ListenersJson => ({
      hosts: reachableHosts(host),
      ports: { mqtt: mqtt!.address.port, mqtts: mqtts?.address.port ?? null, ws: http.port },
      wsPath: MQTT_PATH,
    }),
    /** Takes the upgrade request of a client of MQTT over WebSocket, from an address that may connect. */
    mqttSocket: (request: IncomingMessage, socket: Duplex, how: { head: Buffer; address: string }) =>
      entry.upgrade(request, socket, {
        head: how.head,
        from: { address: how.address, port: request.socket.remotePort ?? 0 },
      }),
    /** Whether a peer may connect at all. */
    accepts: accept,
    async close(): Promise<void> {
      places = null
      const source = await certificates
      source?.close()
      await mqtts?.close()
      await mqtt?.close()
    },
  }
}

/** Serves HTTP; on all addresses where `host` is empty, as far as the machine has them. */
async function openHttp(
  api: Pick<ApiServer, 'listen'>,
  at: Parameters<ApiServer['listen']>[0],
): ReturnType<ApiServer['listen']> {
  if (at.host !== '') return api.listen(at)
  try {
    return await api.listen({ ...at, host: '::' })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!WITHOUT_IPV6.has(code)) throw error
    return api.listen({ ...at, host: '0.0.0.0' })
  }
}
