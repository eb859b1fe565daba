import { reachableHosts, shownHost } from './addresses.ts'
import type { ListenersJson } from '#api'
import type { ApiServer } from './api/index.ts'
import { listenTcp, type Broker, type TcpListener } from './broker/index.ts'
import type { Config } from './config.ts'
import { isPrivateAddress } from './peers.ts'

/** Where the hub serves, as people type it. */
export interface Places {
  /** `http://HOST:PORT` */
  readonly http: string
  /** `HOST:PORT` */
  readonly mqtt: string
}

export type Listening = ReturnType<typeof createListening>

/** The sockets that the hub serves on, for peers that it takes. Nothing is open yet. */
export function createListening(
  config: Pick<Config, 'host' | 'httpPort' | 'mqttPort' | 'peers'>,
  { broker }: { broker: Pick<Broker, 'accept'> },
) {
  const { host } = config
  const accept = (address: string) => config.peers === 'any' || isPrivateAddress(address)
  let mqtt: TcpListener | undefined
  let places: Places | null = null

  return {
    /** Opens them. @throws HobError `broker.listen`, or the error of the HTTP server, when an address cannot be used. */
    async open(api: Pick<ApiServer, 'listen'>): Promise<Places> {
      mqtt = await listenTcp({ broker, host, port: config.mqttPort, accept })
      const http = await api.listen({ host: host || '::', port: config.httpPort, accept })
      const name = shownHost(host)
      places = { http: `http://${name}:${http.port}`, mqtt: `${name}:${mqtt.address.port}` }
      return places
    },
    /** Null before they are open and once they close. */
    places: () => places,
    /** Where MQTT clients find the broker. To be asked while it is open. */
    listeners: (): ListenersJson => ({
      hosts: reachableHosts(host),
      ports: { mqtt: mqtt!.address.port, mqtts: null, ws: null },
      wsPath: '/mqtt',
    }),
    async close(): Promise<void> {
      places = null
      await mqtt?.close()
    },
  }
}
