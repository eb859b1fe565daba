// Runs a scene line by line against a broker with streams in memory, a clock moved by hand and a test store.
//   a> packet; packet     client `a` sends, in one chunk; a connect opens a new connection
//   a< packet             the next packet that `a` got
//   a< any                one more packet, whichever
//   a< assigned           a CONNACK that gives a client id away, one that no other line got
//   a< nothing            `a` got nothing more
//   a< open               `a` got nothing more and the broker has not closed the connection
//   a< closed             `a` got nothing more and the broker has closed the connection
//   a<< 20 03 00          the bytes that `a` got
//   a drops, a stalls, a reads, a opens     its socket breaks, is not read, is read again, connects and says nothing
//   hub> publish t x q1 retain             the hub itself; also subscribe FILTER, unsubscribe FILTER
//   hub< t x q1 retain replayed from a     the next message of the hub's own subscriber
//   wait 15               seconds pass
//   commit                what was written becomes durable (in a scene with `disk: 'by hand'`)
//   pending 2             so many rows are not durable
//   kill, restart         kill -9 and an orderly stop, each followed by a start
//   counts dropped=1      the broker's counters
//   reason a broker.lost  why the last connection of client id `a` ended

import { expect } from 'vitest'
import type { Message } from '#kernel'
import { createCauses, createUlids } from '#kernel'
import { allowEveryone, createBroker, defaultLimits } from '../../../server/broker/index.ts'
import type { Broker, BrokerLimits, BrokerOptions, Permissions } from '../../../server/broker/index.ts'
import { PacketDecoder, type Version } from '../../../server/broker/codec/index.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'
import { MemoryStream, settle } from './memory-stream.ts'
import { levelOf, payloadOf, toBytes, toText } from './notation.ts'
import { createTestStore, type TestStore } from './store.ts'

export interface StageOptions {
  readonly limits?: Partial<BrokerLimits>
  readonly permissions?: Permissions
  /** By itself at the end of each turn, or by hand with `commit`. */
  readonly disk?: 'by itself' | 'by hand'
  /** What the hub's own part does with a message; may publish. */
  readonly onMessage?: (message: Message, broker: Broker) => number | void
  /** Sees what the hub's own part does not listen to. */
  readonly onUnmatched?: NonNullable<BrokerOptions['onUnmatched']>
}

interface Player {
  readonly stream: MemoryStream
  readonly decoder: PacketDecoder
  readonly got: string[]
}

export interface Stage {
  readonly clock: TestClock
  readonly broker: Broker
  readonly store: TestStore
  /** Lines of the log, `level reason text`. */
  readonly log: readonly string[]
  stream(name: string): MemoryStream
  /** Runs further lines. */
  play(lines: string): Promise<void>
  /** Makes everything durable. @returns what somebody got and no line expected. */
  end(): Promise<string[]>
}

const subscriber = { owner: 'rules' } as const

/** Sets up a broker and waits for lines. */
export async function createStage(options: StageOptions = {}): Promise<Stage> {
  const clock = createTestClock()
  const players = new Map<string, Player>()
  const messages: string[] = []
  const log: string[] = []
  const reasons = new Map<string, string>()
  let store = createTestStore(options.disk !== 'by hand')
  let broker = await start()
  let ids = 0

  function write(level: string) {
    return (facts: object, text: string) =>
      void log.push(`${level} ${'reason' in facts ? `${String(facts.reason)} ` : ''}${text}`)
  }

  async function start(): Promise<Broker> {
    const started = createBroker({
      clock,
      causes: createCauses(createUlids(clock.now, length => new Uint8Array(length).fill(ids++ & 31))),
      store,
      permissions: options.permissions ?? allowEveryone,
      limits: { ...defaultLimits, reasonStrings: false, ...options.limits },
      log: { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') },
      onMessage(message) {
        messages.push(hubText(message))
        return options.onMessage?.(message, started)
      },
      onUnmatched: message => options.onUnmatched?.(message),
      onClient({ clientId, reason }) {
        if (reason !== null) reasons.set(clientId, reason)
      },
    })
    await started.open()
    return started
  }

  function player(name: string): Player {
    const found = players.get(name)
    if (found === undefined) throw new Error(`${name} has not connected`)
    const { stream, decoder, got } = found
    const fault = decoder.push(stream.taken(), packet => void got.push(toText(packet)))
    if (fault !== null) throw new Error(`${name} got bytes that are no packet: ${fault.code}`)
    return found
  }

  function open(name: string, version: Version = 4): Player {
    const stream = new MemoryStream()
    const decoder = new PacketDecoder({ maxPacketSize: 268_435_460, from: 'server', version })
    const opened = { stream, decoder, got: [] }
    players.set(name, opened)
    broker.accept(stream, { address: '192.0.2.1', port: 1024, transport: 'tcp' })
    return opened
  }

  function send(name: string, text: string): void {
    const isConnect = /^ *connect\b/.test(text)
    const { stream, decoder } = isConnect && !isSilent(name) ? open(name, levelOf(text)) : players.get(name)!
    // One that opened its connection and says its version only now.
    if (isConnect) decoder.version = levelOf(text)
    stream.feed(Buffer.concat(text.split(';').map(each => toBytes(each, name, decoder.version!))))
  }

  // Those that opened their connection and said nothing yet.
  const silent = new Set<string>()
  function isSilent(name: string): boolean {
    return silent.delete(name)
  }

  function expectLine(name: string, text: string): void {
    const { stream, got } = player(name)
    if (text === 'nothing') expect(got).toEqual([])
    else if (text === 'open' || text === 'closed')
      expect([...got, stream.isEnded || stream.destroyed]).toEqual([text === 'closed'])
    else if (text === 'any') expect(got.shift()).toBeDefined()
    else if (text === 'assigned') expectAssigned(got.shift() ?? 'nothing')
    else expect(got.shift() ?? 'nothing').toBe(text)
  }

  const assigned = new Set<string>()
  function expectAssigned(text: string): void {
    const id = / assignedClientId=(\S+)/.exec(text)?.[1]
    expect(id, text).toBeDefined()
    expect(assigned.has(id!), `${id} was given before`).toBe(false)
    assigned.add(id!)
  }

  function hub(text: string): void {
    const [verb, ...words] = text.split(' ')
    const [topic = '', payload = '', ...flags] = words
    if (verb === 'subscribe') broker.subscriptions.add(topic, subscriber)
    else if (verb === 'unsubscribe') broker.subscriptions.remove(topic, subscriber)
    else {
      const qos = flags.includes('q2') ? 2 : flags.includes('q1') ? 1 : 0
      const expiry = flags.find(flag => flag.startsWith('expiry='))
      const cause = { id: 'c', parent: null, kind: 'rule', who: 'r', depth: 0, byRule: true } as const
      broker.publish({
        topic,
        payload: payloadOf(payload),
        qos,
        retain: flags.includes('retain'),
        ...(expiry === undefined ? {} : { expiry: Number(expiry.slice(7)) * 1000 }),
        cause,
      })
    }
  }

  async function begin(next: TestStore): Promise<void> {
    for (const { stream } of players.values()) stream.destroy()
    players.clear()
    store = next
    broker = await start()
  }

  async function act(line: string): Promise<void> {
    const [first = '', second = '', third = ''] = line.split(' ')
    if (line === 'commit') store.commit()
    else if (line === 'kill') await begin(store.afterKill())
    else if (line === 'restart') {
      const closed = broker.close()
      store.commit()
      await closed
      await begin(store.afterKill())
    } else if (first === 'wait') clock.advance(Number(second) * 1000)
    else if (first === 'pending') expect(store.pending.length).toBe(Number(second))
    else if (first === 'counts') expectCounts(line.slice(7))
    else if (first === 'reason') expect(reasons.get(second)).toBe(third)
    else if (second === 'opens') {
      open(first)
      silent.add(first)
    } else if (second === 'drops') players.get(first)!.stream.break()
    else if (second === 'stalls') players.get(first)!.stream.stall()
    else if (second === 'reads') players.get(first)!.stream.unstall()
    else throw new Error(`no line of a scene: ${line}`)
  }

  function expectCounts(text: string): void {
    const counts: Record<string, number> = { ...broker.stats() }
    const wanted = Object.fromEntries(text.split(' ').map(pair => [pair.split('=')[0]!, Number(pair.split('=')[1])]))
    expect(Object.fromEntries(Object.keys(wanted).map(key => [key, counts[key]]))).toEqual(wanted)
  }

  async function run(line: string): Promise<void> {
    const parts = /^(\w+)(<<|<|>) *(.*)$/.exec(line)
    if (parts === null) await act(line)
    else {
      const [, name = '', arrow, text = ''] = parts
      if (arrow === '<<') expect(players.get(name)!.stream.taken().toString('hex')).toBe(text.replaceAll(' ', ''))
      else if (name === 'hub') {
        if (arrow === '<') expect(messages.shift() ?? 'nothing').toBe(text)
        else hub(text)
      } else if (arrow === '<') expectLine(name, text)
      else send(name, text)
      if (arrow !== '>') return
    }
    await settle()
  }

  return {
    clock,
    get broker() {
      return broker
    },
    get store() {
      return store
    },
    log,
    stream: name => players.get(name)!.stream,
    async play(lines) {
      for (const line of lines.split('\n').map(each => each.replace(/ *\/\/.*/, '').trim())) {
        if (line === '') continue
        try {
          await run(line)
        } catch (error) {
          if (error instanceof Error) error.message = `at "${line}": ${error.message}`
          throw error
        }
      }
    },
    async end() {
      for (let i = 0; i < 2; i++) {
        store.commit()
        await settle()
      }
      const left = [...players.keys()].flatMap(name => player(name).got.map(text => `${name}< ${text}`))
      return [...left, ...messages.map(text => `hub< ${text}`)]
    },
  }
}

function hubText({ topic, payload, qos, retain, replayed, publisher }: Message): string {
  const text = Buffer.from(payload).toString()
  const flags = `${qos > 0 ? ` q${qos}` : ''}${retain ? ' retain' : ''}${replayed ? ' replayed' : ''}`
  return `${topic} ${text === '' ? '""' : text}${flags}${publisher === null ? '' : ` from ${publisher.clientId}`}`
}

/** One scene of a table of scenes. */
export interface Scene extends StageOptions {
  readonly name: string
  readonly lines: string
}

/** Plays a scene from its first line to its last. @returns what somebody got and no line expected. */
export async function playScene(scene: Scene): Promise<string[]> {
  const stage = await createStage(scene)
  await stage.play(scene.lines)
  return stage.end()
}
