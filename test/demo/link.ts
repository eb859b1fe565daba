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
  /** Says what is due now. While the past is played, resolves when the hub has it. */
  tick(): Promise<void>
  /** The power goes: no DISCONNECT, the will speaks. */
  lose(): Promise<void>
  end(): Promise<void>
}

/** Milliseconds from a command to its answer: quick, as on a good day of Wi-Fi or Zigbee. */
const answerTime = (name: string, count: number) => 90 + 500 * chance(`${name} answers`, count) ** 2

function speak(client: MqttClient, messages: readonly Outgoing[]): void {
  for (const { topic, payload, retain = false } of messages) client.publish(topic, payload, { retain })
}

/** Resolves when the hub has taken what was said: its answer to a filter nobody subscribed comes behind. */
async function heard(client: MqttClient): Promise<void> {
  await client.unsubscribeAsync('nothing')
}

function connect({ name, will }: SimulatedClient, { host, port, username, password }: LinkOptions): MqttClient {
  return mqtt.connect({
    ...{ protocol: 'mqtt', host, port, username, password, clientId: name, reconnectPeriod: 1_000 },
    // The hub's time jumps while the past is played.
    keepalive: 0,
    ...(will === null
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), retain: true, qos: 1 as const } }),
  })
}

/** Obeys commands, each after a moment. @returns forgets the answers that are due. */
function obey(client: MqttClient, { name, devices }: SimulatedClient, pace: Pace): () => void {
  const answers = new Set<ReturnType<typeof setTimeout>>()
  let commands = 0
  client.on('message', (topic, payload) => {
    const device = devices.find(({ listens }) => listens.some(filter => covers(filter, topic)))
    const messages = device?.obey({ topic, payload: payload.toString() }, pace.now()) ?? []
    if (pace.isHurried) return speak(client, messages)
    const answer = () => {
      answers.delete(timer)
      speak(client, messages)
    }
    const timer = setTimeout(answer, answerTime(name, commands++))
    answers.add(timer)
  })
  return () => {
    for (const timer of answers) clearTimeout(timer)
    answers.clear()
  }
}

/** Connects a client; it announces its devices each time it does, and obeys from then on. */
export async function openLink(simulated: SimulatedClient, options: LinkOptions): Promise<Link> {
  const { pace } = options
  const { name, birth, devices } = simulated
  const client = connect(simulated, options)
  const quiet = obey(client, simulated, pace)
  client.on('connect', () => speak(client, [...birth, ...devices.flatMap(device => device.announce(pace.now()))]))
  const listens = devices.flatMap(device => device.listens)
  if (listens.length > 0) await client.subscribeAsync(listens)
  await heard(client)
  return {
    name,
    async tick() {
      if (!client.connected) return
      speak(
        client,
        devices.flatMap(device => device.report(pace.now())),
      )
      if (pace.isHurried) await heard(client)
    },
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
