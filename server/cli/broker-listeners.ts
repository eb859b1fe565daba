import { isIP } from 'node:net'
import { HobError } from '#kernel'
import { inUrl } from '../addresses.ts'
import { listenTcp, listenTls, listenWebSocket, type Listener, type ListenerOptions } from '../broker/index.ts'
import type { ServerCertificate } from '../broker/index.ts'
import { memberOf } from '../peers.ts'
import { openCertificateFiles, type CertificateFiles } from '../system/index.ts'
import { integer, text, UsageError, type Call } from './verb.ts'

const PORTS = { min: 0, max: 65_535 }

/** Which ports to open, and how. */
export interface ListenerPlan {
  readonly host: string
  readonly port: number
  readonly tlsPort: number | undefined
  readonly wsPort: number | undefined
  readonly wssPort: number | undefined
  readonly files: { readonly cert: string; readonly key: string } | undefined
  readonly isProxy: ((address: string) => boolean) | undefined
}

/** @throws UsageError */
export function listenerPlan(call: Call): ListenerPlan {
  const cert = text(call, 'cert')
  const key = text(call, 'key')
  const files = cert === undefined || key === undefined ? undefined : { cert, key }
  if (files === undefined && (cert ?? key) !== undefined) throw new UsageError('--cert and --key go together')
  const tlsPort = integer(call, 'tls-port', PORTS)
  const wssPort = integer(call, 'wss-port', PORTS)
  if (files === undefined && (tlsPort ?? wssPort) !== undefined)
    throw new UsageError(`${tlsPort === undefined ? '--wss-port' : '--tls-port'} needs --cert FILE and --key FILE`)
  return {
    host: text(call, 'host') ?? '',
    port: integer(call, 'port', PORTS) ?? 1883,
    wsPort: integer(call, 'ws-port', PORTS),
    isProxy: memberOf(networks(text(call, 'proxy-protocol'))),
    ...{ tlsPort, wssPort, files },
  }
}

function networks(list: string | undefined): string[] {
  const found = list === undefined ? [] : list.split(',').map(each => each.trim())
  for (const each of found) {
    const [address = '', bits] = each.split('/')
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!
    if (most < 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
      throw new UsageError(`--proxy-protocol: "${each}" is not an address or network`)
  }
  return found
}

export interface OpenListeners {
  /** `mqtt=HOST:PORT`, and the others that are open. */
  readonly places: string
  close(): Promise<void>
}

/**
 * Opens the ports.
 * @throws HobError `broker.listen`, or what is wrong with the certificate files.
 */
export async function openListeners(
  plan: ListenerPlan,
  parts: Pick<ListenerOptions, 'broker' | 'clock' | 'log'>,
): Promise<OpenListeners> {
  const { host, isProxy, tlsPort, wsPort, wssPort } = plan
  const common = { ...parts, host, isProxy }
  const source = plan.files === undefined ? undefined : await openCertificateFiles({ ...parts, files: plan.files })
  const open = new Map<string, Listener>()
  open.set('mqtt', await listenTcp({ ...common, port: plan.port }))
  if (wsPort !== undefined) open.set('ws', await listenWebSocket({ ...common, port: wsPort }))
  if (source !== undefined) {
    const certificate = usable(source)
    const secure: { setCertificate(certificate: ServerCertificate): void }[] = []
    const add = <T extends Listener & (typeof secure)[number]>(name: string, listener: T) => {
      open.set(name, listener)
      secure.push(listener)
    }
    if (tlsPort !== undefined) add('mqtts', await listenTls({ ...common, port: tlsPort, certificate }))
    if (wssPort !== undefined) add('wss', await listenWebSocket({ ...common, port: wssPort, certificate }))
    source.onChange(() => secure.forEach(each => each.setCertificate(usable(source))))
  }
  return {
    places: [...open].map(([name, { address }]) => `${name}=${inUrl(address.address)}:${address.port}`).join(' '),
    async close() {
      source?.close()
      for (const listener of open.values()) await listener.close()
    },
  }
}

function usable(source: CertificateFiles): ServerCertificate {
  const certificate = source.current()
  if (certificate === null) throw new HobError('broker.certificate', source.fault()!)
  return certificate
}
