import { createCauses, createUlids } from '#kernel'
import { allowEveryone, createBroker, defaultLimits, type Broker } from '../../server/broker/index.ts'
import { encode, PacketDecoder, type Packet } from '../../server/broker/codec/index.ts'
import { MemoryStream, settle } from '../broker/support/memory-stream.ts'
import { createTestStore, type TestStore } from '../broker/support/store.ts'
import { wire } from '../broker/codec/wire.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { seeded } from './mutation.ts'
import { makeScript } from './script-maker.ts'
import { scriptText, type Step } from './script.ts'
import { shrink } from './shrink.ts'

/** Steps that one broker takes at least, before a fresh one is made. */
const LIFE = 1_000
/** Steps between two messages of the client that does nothing wrong. */
const BEAT = 100
const MAX_PACKET = 65_536

function start(clock: TestClock, store: TestStore, failures: string[]): Broker {
  let ids = 0
  return createBroker({
    clock,
    causes: createCauses(createUlids(clock.now, length => new Uint8Array(length).fill(ids++ & 31))),
    store,
    permissions: allowEveryone,
    limits: { ...defaultLimits, maxQueued: 50, maxPacketSize: MAX_PACKET },
    log: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (facts, text) => void failures.push(`${text} ${'error' in facts ? String(facts.error) : ''}`),
    },
    onMessage: () => {},
  })
}

/** One connection, and what is true of all that the broker says on it. */
class Caller {
  readonly stream = new MemoryStream()
  /** Reads along, to know in which version the broker must speak. */
  readonly #said = new PacketDecoder({ maxPacketSize: MAX_PACKET })
  #heard: PacketDecoder | null = null
  #isGreeted = false
  isWelcome = false

  say(bytes: Buffer): void {
    this.#said.push(bytes, () => {})
    this.stream.feed(bytes)
  }

  /** What the broker said since the last call. Throws when that is no packet, or no first one. */
  listen(): Packet[] {
    const bytes = this.stream.taken()
    if (bytes.length === 0) return []
    const version = this.#said.version ?? (bytes[1] === 2 ? 4 : 5)
    this.#heard ??= new PacketDecoder({ maxPacketSize: 268_435_460, from: 'server', version })
    const packets: Packet[] = []
    const fault = this.#heard.push(bytes, packet => void packets.push(packet))
    if (fault !== null) throw new Error(`the broker sent what is no packet (${fault.code}): ${bytes.toString('hex')}`)
    const [first] = packets
    if (this.#isGreeted || first === undefined) return packets
    this.#isGreeted = true
    if (!['connack', 'auth', 'disconnect'].includes(first.type)) throw new Error(`the first answer is a ${first.type}`)
    this.isWelcome = first.type === 'connack' && first.reason === 0
    return packets
  }
}

/** A broker in memory, a client that does nothing wrong, and those of a script. */
class Arena {
  readonly failures: string[] = []
  readonly #clock = createTestClock()
  readonly #store = createTestStore(true)
  readonly #broker = start(this.#clock, this.#store, this.failures)
  readonly #healthy = new Caller()
  readonly #callers = new Map<number, Caller>()
  #beats = 0
  welcomed = 0

  async open(): Promise<void> {
    await this.#broker.open()
    this.#accept(this.#healthy)
    this.#healthy.say(wire("10 [ 'MQTT' 04 02 0000 'healthy' ] 82 [ 0001 'healthy' 00 ]"))
    await settle()
    this.#hear(this.#healthy)
  }

  #accept({ stream }: Caller): void {
    this.#broker.accept(stream, { address: '192.0.2.1', port: 1024, transport: 'tcp' })
  }

  #hear(caller: Caller): Packet[] {
    const wasWelcome = caller.isWelcome
    const packets = caller.listen()
    if (caller.isWelcome && !wasWelcome) this.welcomed++
    return packets
  }

  async step(step: Step): Promise<void> {
    if (step.kind === 'wait') this.#clock.advance(step.milliseconds)
    else if (step.kind === 'turn') await settle()
    else if (step.kind === 'opens') {
      const old = this.#callers.get(step.client)
      if (old !== undefined) this.#hear(old)
      old?.stream.break()
      const caller = new Caller()
      this.#callers.set(step.client, caller)
      this.#accept(caller)
      caller.say(step.bytes)
    } else this.#act(step)
  }

  #act(step: Exclude<Step, { kind: 'wait' | 'turn' | 'opens' }>): void {
    const caller = this.#callers.get(step.client)
    if (caller === undefined) return
    if (step.kind === 'sends') caller.say(step.bytes)
    else if (step.kind === 'drops') caller.stream.break()
    else if (step.kind === 'stalls') caller.stream.stall()
    else caller.stream.unstall()
  }

  /** The client that does nothing wrong says something to itself, and everybody reads. */
  async beat(): Promise<void> {
    const payload = Buffer.from(String(this.#beats++))
    const message = { type: 'publish', topic: 'healthy', qos: 0, dup: false, retain: false } as const
    this.#healthy.say(encode({ ...message, payload, packetId: 0, properties: null }, 4))
    await settle()
    for (const caller of this.#callers.values()) this.#hear(caller)
    const isHeard = this.#hear(this.#healthy).some(
      packet => packet.type === 'publish' && payload.equals(packet.payload),
    )
    if (!isHeard) this.failures.push('a message of another client is lost')
  }

  /** Everybody goes; what the broker keeps is what a fresh one finds on disk. */
  async close(): Promise<void> {
    for (const { stream } of this.#callers.values()) stream.unstall()
    await this.beat()
    for (const { stream } of this.#callers.values()) stream.break()
    await settle()
    await this.beat()
    const { connections, sessions } = this.#broker.stats()
    if (connections !== 1) this.failures.push(`${connections} connections are left, not 1`)
    const again = start(this.#clock, this.#store.afterKill(), this.failures)
    await again.open()
    // The session of the client that stands does not last.
    const restored = again.stats().sessions
    if (restored !== sessions - 1) this.failures.push(`${restored} sessions on disk, ${sessions - 1} in memory`)
  }
}

/** Plays a script to a fresh broker. @returns what is wrong, first things first, and how many clients came in. */
export async function play(steps: readonly Step[]): Promise<{ failures: readonly string[]; welcomed: number }> {
  const arena = new Arena()
  process.setUncaughtExceptionCaptureCallback(error => arena.failures.push(error.stack ?? String(error)))
  try {
    await arena.open()
    for (const [i, step] of steps.entries()) {
      await arena.step(step)
      if (i % BEAT === BEAT - 1) await arena.beat()
    }
    await arena.close()
  } catch (error) {
    arena.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    process.setUncaughtExceptionCaptureCallback(null)
  }
  return arena
}

/** Feeds random scripts to brokers in memory until `inputs` byte strings were sent. Throws the shortest script that fails. */
export async function fuzzBroker(seed: number, inputs: number): Promise<{ welcomed: number; scripts: number }> {
  const random = seeded(seed)
  const report = { welcomed: 0, scripts: 0 }
  for (let fed = 0; fed < inputs;) {
    const steps: Step[] = []
    while (steps.length < LIFE) {
      steps.push(...makeScript(random))
      report.scripts++
    }
    const { failures, welcomed } = await play(steps)
    if (failures.length > 0) {
      const needed = await shrink(steps, async fewer => (await play(fewer)).failures.length > 0)
      const [failure] = (await play(needed)).failures
      throw new Error(`HOB_SEED=${seed}: ${failure}\nFor scripts.ts:\n${scriptText(needed)}`)
    }
    fed += steps.filter(step => 'bytes' in step).length
    report.welcomed += welcomed
  }
  return report
}
