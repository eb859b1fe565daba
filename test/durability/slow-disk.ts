import { startBroker } from '../support/broker-process.ts'
import { FaultDisk } from '../support/fault-disk.ts'
import { Link } from '../support/link.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Milliseconds of each fsync. */
const FSYNC = 200
/** Milliseconds between QoS 0 messages. */
const PACE = 5

export interface SlowDiskReport {
  /** Milliseconds from write to read of QoS 0 messages, in the order they were sent. */
  readonly latencies: readonly number[]
  /** fsyncs while they were on their way. */
  readonly fsyncs: number
  /** QoS 1 messages to a lasting session that were acknowledged meanwhile. */
  readonly acknowledged: number
}

/** Sends QoS 0 at a steady pace while every fsync takes 200 ms and another client's QoS 1 always waits for one. */
export async function measureSlowDisk(messages: number): Promise<SlowDiskReport> {
  const folder = temporaryFolder()
  const disk = new FaultDisk(folder.path)
  const broker = startBroker(folder.path, { env: disk.env })
  try {
    const port = await broker.ready
    const durable = await durableTraffic(port)
    disk.set({ delay: FSYNC })
    const since = disk.position
    const latencies = await promptTraffic(port, messages)
    const fsyncs = disk.calls(since).filter(({ call }) => call === 'synced').length
    return { latencies, fsyncs, acknowledged: durable.acknowledged() }
  } finally {
    await broker.kill()
    disk.remove()
    folder.remove()
  }
}

async function connect(port: number, clientId: string, clean: boolean): Promise<Link> {
  const opened = await Link.open(port, clientId, { version: 4, clean })
  if (opened === null) throw new Error(`the connection of ${clientId} broke`)
  return opened.link
}

async function subscribe(link: Link, filter: string, qos: 0 | 1): Promise<void> {
  link.subscribe({ [filter]: qos })
  await new Promise<void>(resolve => link.receive(packet => packet.type === 'suback' && resolve()))
}

/** A client that publishes its next QoS 1 message, for a session that is away, when the last was acknowledged. */
async function durableTraffic(port: number): Promise<{ acknowledged: () => number }> {
  const away = await connect(port, 'away', false)
  await subscribe(away, 'durable', 1)
  await away.drop()
  const publisher = await connect(port, 'durable', true)
  let acknowledged = 0
  const publish = () =>
    publisher.publish({ topic: 'durable', payload: Buffer.alloc(100), qos: 1, packetId: (acknowledged % 0xffff) + 1 })
  publisher.receive(packet => {
    if (packet.type !== 'puback') return
    acknowledged++
    publish()
  })
  publish()
  return { acknowledged: () => acknowledged }
}

async function promptTraffic(port: number, messages: number): Promise<number[]> {
  const subscriber = await connect(port, 'listener', true)
  await subscribe(subscriber, 'prompt', 0)
  const publisher = await connect(port, 'prompt', true)
  const sentAt: number[] = []
  const latencies: number[] = []
  await new Promise<void>(resolve => {
    subscriber.receive(() => {
      latencies.push(performance.now() - sentAt[latencies.length]!)
      if (latencies.length === messages) resolve()
    })
    const pace = setInterval(() => {
      sentAt.push(performance.now())
      publisher.publish({ topic: 'prompt', payload: Buffer.alloc(64), qos: 0, packetId: 0 })
      if (sentAt.length === messages) clearInterval(pace)
    }, PACE)
  })
  return latencies
}

/** What so large a share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1]!
}
