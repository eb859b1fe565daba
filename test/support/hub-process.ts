import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'

export { temporaryFolder } from './temporary-folder.ts'

/** The built product. */
export const program = join(import.meta.dirname, '../../dist/server/main.js')

if (!existsSync(program)) throw new Error('the hub is not built: run `npm run build` before its process tests')

/** Runs a verb of `hob` to its end. */
export function hob(args: readonly string[], input = ''): { code: number | null; stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8', timeout: 20_000 })
  return { code: result.status, stdout: result.stdout, stderr: result.stderr }
}

export interface HubProcess {
  readonly http: string
  readonly mqtt: { readonly host: string; readonly port: number }
  /** Null when it is off. */
  readonly mqtts: { readonly host: string; readonly port: number } | null
  readonly pid: number
  /** What it wrote to stderr so far. */
  readonly log: () => string
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** Starts the built hub on free ports (or given ones) and waits for its ready line. MQTT over TLS is off unless given. */
export async function startHub(
  data: string,
  {
    env = {},
    ...ports
  }: {
    http?: number
    mqtt?: number
    mqtts?: number
    more?: readonly string[]
    env?: Readonly<Record<string, string>>
  } = {},
): Promise<HubProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      program,
      'start',
      '--data',
      data,
      '--host',
      '127.0.0.1',
      '--http-port',
      String(ports.http ?? 0),
      '--mqtt-port',
      String(ports.mqtt ?? 0),
      '--mqtts-port',
      String(ports.mqtts ?? 0),
      ...(ports.more ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  let log = ''
  child.stderr!.setEncoding('utf8').on('data', (part: string) => (log += part))
  const gone = new Promise<number | null>(resolve => child.once('exit', resolve))
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', line => {
      if (line.startsWith('hob ready ')) resolve(line)
    })
    void gone.then(code => reject(new Error(`the hub ended with ${code} before it was ready:\n${log}`)))
  })
  const match = /^hob ready http=(http:\/\/\S+) mqtt=(\S+):(\d+) pid=(\d+)(?: mqtts=(\S+):(\d+))?$/.exec(ready)
  if (match === null) throw new Error(`not a ready line: ${ready}`)
  return {
    http: match[1]!,
    mqtt: { host: match[2]!, port: Number(match[3]) },
    mqtts: match[5] === undefined ? null : { host: match[5], port: Number(match[6]) },
    pid: Number(match[4]),
    log: () => log,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    stop() {
      child.kill('SIGTERM')
      return gone
    },
  }
}

/** Asks the API with a token; throws for an answer that is not 2xx. */
export function apiClient(hub: HubProcess, token: string) {
  return async <T = unknown>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${hub.http}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

/** A connected MQTT.js client (3.1.1) with everything it received, from the first packet on. */
export async function mqttClient(
  hub: HubProcess,
  options: IClientOptions,
): Promise<{ client: MqttClient; inbox: Inbox; sessionPresent: boolean }> {
  const client = mqtt.connect({
    host: hub.mqtt.host,
    port: hub.mqtt.port,
    protocol: 'mqtt',
    reconnectPeriod: 0,
    ...options,
  })
  const received = createInbox(client)
  const sessionPresent = await new Promise<boolean>((resolve, reject) => {
    client.once('connect', packet => resolve(packet.sessionPresent))
    client.once('error', reject)
  })
  return { client, inbox: received, sessionPresent }
}

export interface Received {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
  readonly dup: boolean
}

export type Inbox = ReturnType<typeof createInbox>

/** Collects what a client receives and waits for what is to come, without sleeping. */
function createInbox(client: MqttClient) {
  const received: Received[] = []
  const watchers = new Set<() => void>()
  client.on('message', (topic, payload, packet) => {
    received.push({ topic, payload: payload.toString(), retain: packet.retain, dup: packet.dup })
    for (const watcher of watchers) watcher()
  })
  return {
    received,
    /** Resolves with the first message that fits, also one that came already. */
    until(fits: (message: Received) => boolean): Promise<Received> {
      return new Promise(resolve => {
        const look = () => {
          const found = received.find(fits)
          if (found === undefined) return
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        look()
      })
    },
  }
}

/** Asks again, as fast as answers come, until one fits. */
export async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    await new Promise(resolve => setImmediate(resolve))
  }
}
