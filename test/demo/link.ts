import mqtt, { type MqttClient } from 'mqtt'
import type { Outgoing, SimulatedClient } from './firmware/device.ts'
import { chance } from './model/noise.ts'

/** How time goes in the house. */
interface Pace {
  readonly now: () => number
  /** The past is being played: devices answer at once. */
  readonly isHurried: boolean
}

export interface LinkOptions {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
  readonly pace: Pace
}

/** A simulated client on a real socket. */
export interface Link {
  readonly name: string
  /** Says what is due now. Resolves when the hub has it. */
  tick(): Promise<void>
  /** The power goes: no DISCONNECT, the will speaks. */
  lose(): Promise<void>
  end(): Promise<void>
}

/** Milliseconds from a command to its answer: quick, as on a good day of Wi-Fi or Zigbee. */
const answerTime = (name: string, count: number) => 90 + 500 * chance(`${name} answers`, count) ** 2

async function speak(client: MqttClient, messages: readonly Outgoing[]): Promise<void> {
  await Promise.all(
    messages.map(({ topic, payload, retain = false }) => client.publishAsync(topic, payload, { retain, qos: 1 })),
  )
}

/** Connects a client; it announces its devices and obeys from then on. */
export async function openLink(simulated: SimulatedClient, options: LinkOptions): Promise<Link> {
  const { host, port, username, password, pace } = options
  const { name, will, birth, devices } = simulated
  const client = await mqtt.connectAsync({
    protocol: 'mqtt',
    host,
    port,
    username,
    password,
    clientId: name,
    reconnectPeriod: 1_000,
    // The hub's time jumps while the past is played.
    keepalive: 0,
    ...(will === null
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), retain: true, qos: 1 as const } }),
  })
  const answers = new Set<ReturnType<typeof setTimeout>>()
  let commands = 0
  client.on('message', (topic, payload) => {
    const device = devices.find(({ listens }) => listens.some(filter => covers(filter, topic)))
    const messages = device?.obey({ topic, payload: payload.toString() }, pace.now()) ?? []
    if (messages.length === 0) return
    if (pace.isHurried) return void speak(client, messages)
    const timer = setTimeout(
      () => {
        answers.delete(timer)
        void speak(client, messages)
      },
      answerTime(name, commands++),
    )
    answers.add(timer)
  })
  const listens = devices.flatMap(device => device.listens)
  if (listens.length > 0) await client.subscribeAsync([...listens])
  await speak(client, [...birth, ...devices.flatMap(device => device.announce(pace.now()))])
  const quiet = () => {
    for (const timer of answers) clearTimeout(timer)
    answers.clear()
  }
  return {
    name,
    tick: () =>
      client.connected
        ? speak(
            client,
            devices.flatMap(device => device.report(pace.now())),
          )
        : Promise.resolve(),
    async lose() {
      quiet()
      client.options.reconnectPeriod = 0
      const closed = new Promise<void>(resolve => client.once('close', () => resolve()))
      client.stream.destroy()
      await closed
    },
    async end() {
      quiet()
      await client.endAsync(true)
    },
  }
}

/** Filters of the firmware end in a name or in `+`. */
function covers(filter: string, topic: string): boolean {
  if (!filter.endsWith('/+')) return filter === topic
  return topic.startsWith(filter.slice(0, -1)) && !topic.slice(filter.length - 1).includes('/')
}
