// The load generator, a process of its own: node test/bench/load.ts PLAN, where PLAN is a LoadPlan as JSON.
// Raw sockets, packets built beforehand, all of one size, and a bounded number of messages on their way.
import type { Socket } from 'node:net'
import { dial, prebuilt, SameSizeReader } from './load-client.ts'
import type { LoadPlan, LoadReport } from './load-plan.ts'

const plan = JSON.parse(process.argv[2] ?? '{}') as LoadPlan
const credential = plan.credential ?? null
const { qos, window } = plan
/** Topics are `b/0000/in`; a message is known by the four digits. */
const DIGITS = 4
const PREFIX = 'b/'
/** Where the digits stand: behind a fixed header of two bytes, the topic's length and the prefix. */
const DIGITS_AT = 2 + 2 + (plan.shape === 'rules' ? 'bench/'.length : PREFIX.length)

function topicOf(index: number): string {
  const digits = String(index).padStart(DIGITS, '0')
  return plan.shape === 'rules' ? `bench/${digits}/in` : `${PREFIX}${digits}`
}

function indexAt(bytes: Buffer, at: number): number {
  let index = 0
  for (let i = at + DIGITS_AT; i < at + DIGITS_AT + DIGITS; i++) index = index * 10 + bytes[i]! - 0x30
  return index
}

/** One publishing connection: a ring of packets, and how many of them are on their way. */
class Publisher {
  readonly #socket: Socket
  readonly #ring: Buffer
  readonly #size: number
  readonly #length: number
  #next = 0
  sent = 0
  acknowledged = 0
  delivered = 0

  constructor(socket: Socket, packets: readonly Buffer[]) {
    this.#socket = socket
    this.#size = packets[0]!.length
    this.#length = packets.length
    // Twice, so that any run of packets lies in one piece.
    this.#ring = Buffer.concat([...packets, ...packets])
    socket.on('data', chunk => {
      this.acknowledged += chunk.length / 4
      if (plan.pace === null) this.refill()
    })
  }

  send(count: number): void {
    const start = this.#next * this.#size
    this.#socket.write(this.#ring.subarray(start, start + count * this.#size))
    this.#next = (this.#next + count) % this.#length
    this.sent += count
  }

  /** Sends as many as arrived and, with QoS 1, were acknowledged. */
  refill(): void {
    const done = qos === 0 ? this.delivered : Math.min(this.delivered, Math.floor(this.acknowledged))
    // A message of a fan-out is done when its last copy is; the sum of the shares is a little off.
    const count = Math.floor(window - this.sent + done + 1e-6)
    if (count > 0) this.send(count)
  }
}

const publishers: Publisher[] = []
const owners: number[] = []
let received = 0
const sentAt: number[][] = []
const delays: number[] = []
let isMeasuring = false

function packetsOf(publisher: number): Buffer[] {
  const payload = Buffer.alloc(plan.payload, 0x61)
  const topics = owners.flatMap((owner, index) => (owner === publisher ? [index] : []))
  // As many as the window, so that a packet id is free again before its turn comes; with many topics, each in turn.
  const count = Math.max(window, topics.length)
  return Array.from({ length: count }, (_, i) =>
    prebuilt({ topic: topicOf(topics[i % topics.length]!), payload, qos, packetId: qos === 0 ? 0 : i + 1 }),
  )
}

function onMessage(bytes: Buffer, at: number, touched: Set<Publisher>): void {
  const index = indexAt(bytes, at)
  const owner = owners[index]
  if (owner === undefined) throw new Error(`not a message of this load: ${bytes.toString('latin1', at, at + 20)}`)
  received++
  const publisher = publishers[owner]!
  publisher.delivered += plan.shape === 'fan-out' ? 1 / plan.subscribers : 1
  touched.add(publisher)
  const times = sentAt[owner]
  if (times === undefined) return
  const start = times.shift()
  if (isMeasuring && start !== undefined) delays.push((performance.now() - start) * 1000)
}

/** Reads a subscriber's messages, acknowledges them and lets their publishers go on. */
function serve(socket: Socket, size: number): void {
  const reader = new SameSizeReader(size)
  const touched = new Set<Publisher>()
  let acks = Buffer.alloc(0)
  socket.on('data', chunk => {
    let acksLength = 0
    if (qos === 1) acks = Buffer.allocUnsafe(4 * (Math.floor(chunk.length / size) + 1))
    reader.read(chunk, (bytes, at) => {
      onMessage(bytes, at, touched)
      if (qos === 0) return
      const id = at + DIGITS_AT + DIGITS + (plan.shape === 'rules' ? '/out'.length : 0)
      acks.writeUInt32BE((0x40020000 | (bytes[id]! << 8) | bytes[id + 1]!) >>> 0, acksLength)
      acksLength += 4
    })
    if (acksLength > 0) socket.write(acks.subarray(0, acksLength))
    if (plan.pace === null) for (const publisher of touched) publisher.refill()
    touched.clear()
  })
}

async function connectAll(): Promise<void> {
  const topics = plan.shape === 'rules' ? plan.rules! : plan.publishers
  for (let index = 0; index < topics; index++) owners.push(index % plan.publishers)
  const size = packetsOf(0)[0]!.length + (plan.shape === 'rules' ? 1 : 0)
  for (let i = 0; i < plan.subscribers; i++) {
    const filter = plan.shape === 'rules' ? 'bench/+/out' : plan.shape === 'pairs' ? topicOf(i) : `${PREFIX}+`
    serve(await dial({ port: plan.port, clientId: `sub-${i}`, filter, qos, credential }), size)
  }
  for (let i = 0; i < plan.publishers; i++) {
    const socket = await dial({ port: plan.port, clientId: `pub-${i}`, qos, credential })
    publishers.push(new Publisher(socket, packetsOf(i)))
  }
}

/** Sends at a steady rate, in turn over the publishers. */
function pace(rate: number): void {
  const start = performance.now()
  let sent = 0
  for (let i = 0; i < plan.publishers; i++) sentAt.push([])
  setInterval(() => {
    for (const due = ((performance.now() - start) * rate) / 1000; sent < due; sent++) {
      const owner = sent % plan.publishers
      sentAt[owner]!.push(performance.now())
      publishers[owner]!.send(1)
    }
  }, 1)
}

const pause = (seconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, seconds * 1000))

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}

async function measure(): Promise<LoadReport> {
  await connectAll()
  if (plan.pace === null) for (const publisher of publishers) publisher.refill()
  else pace(plan.pace)
  await pause(plan.warmup)
  isMeasuring = true
  const [start, before, usage] = [performance.now(), received, process.cpuUsage()]
  await pause(plan.seconds)
  const seconds = (performance.now() - start) / 1000
  const used = process.cpuUsage(usage)
  const messages = received - before
  const sorted = delays.toSorted((a, b) => a - b)
  return {
    rate: messages / seconds,
    messages,
    load: (used.user + used.system) / 1e6 / seconds,
    latency: plan.pace === null ? null : { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) },
  }
}

console.log(JSON.stringify(await measure()))
process.exit(0)
