import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientFrame, EntityJson, StreamFrame } from '#api'
import { Live } from '../../web/lib/live/live.svelte.ts'
import type { Api } from '../../web/lib/api.ts'
import type { Wire } from '../../web/lib/live/socket.ts'
import { Problem } from '../../web/lib/problem.ts'

const AT = '2026-01-22T17:04:00.000Z'
const CAUSE = { id: 'c', parent: null, kind: 'device', who: 'd', depth: 0 } as const

const lamp = (id: string, on: boolean, more: Partial<EntityJson> = {}): EntityJson => ({
  id,
  slug: id,
  name: id,
  device: { id: `d-${id}`, slug: id, name: id },
  area: null,
  component: 'light',
  deviceClass: null,
  category: null,
  values: { on: { value: on, at: AT, confirmed: true, changedAt: AT, every: null } },
  commands: [],
  online: true,
  pending: null,
  trouble: null,
  version: 1,
  ...more,
})

/** A connection whose other end is the test. */
class TestWire extends EventTarget implements Wire {
  readyState = 1
  readonly sent: ClientFrame[] = []
  send(data: unknown) {
    this.sent.push(JSON.parse(String(data)) as ClientFrame)
  }
  close() {
    this.readyState = 3
    this.dispatchEvent(new Event('close'))
  }
  say(...frames: StreamFrame[]) {
    for (const frame of frames) this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }))
  }
}

let wires: TestWire[]
let api: ReturnType<typeof vi.fn<() => Promise<unknown>>>
let onSignedOut: ReturnType<typeof vi.fn<() => void>>
let live: Live

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(AT) })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  wires = []
  api = vi.fn<() => Promise<unknown>>()
  onSignedOut = vi.fn<() => void>()
  const open = () => {
    const wire = new TestWire()
    wires.push(wire)
    return wire
  }
  live = new Live({ api: api as Api, open, explain: error => (error as Error).message, onSignedOut })
})
afterEach(() => {
  live.close()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function connect(...entities: EntityJson[]): TestWire {
  live.connect()
  const wire = wires.at(-1)!
  wire.say({ type: 'hello', version: '1', seq: 10, zone: 'Europe/Berlin' }, { type: 'snapshot', seq: 10, entities })
  return wire
}
const delta = (seq: number, ...changes: Extract<StreamFrame, { type: 'delta' }>['changes']): StreamFrame => ({
  type: 'delta',
  seq,
  at: AT,
  cause: CAUSE,
  changes,
})
const valueOf = (id: string) => live.entities.get(id)?.values['on']?.value

describe('the live house', () => {
  it('is what the snapshot says, then what changes', () => {
    const wire = connect(lamp('a', false), lamp('b', true))
    expect(wire.sent).toEqual([{ type: 'subscribe' }])
    expect([live.state, valueOf('a'), valueOf('b')]).toEqual(['live', false, true])
    const before = live.entities.get('a')
    wire.say(
      delta(11, { entity: 'a', value: 'on', from: false, to: true }, { entity: 'b', online: false }),
      { type: 'entity', seq: 12, entity: lamp('c', true) },
      { type: 'removed', seq: 13, entities: ['b'] },
    )
    expect(valueOf('a')).toBe(true)
    expect(live.entities.get('a')).toBe(before)
    expect(live.entities.all.map(({ id }) => id)).toEqual(['a', 'c'])
  })

  it('notes when something went away, and when something was heard', () => {
    const wire = connect(lamp('a', true))
    wire.say(delta(11, { entity: 'a', online: false }))
    expect(live.entities.get('a')?.offlineSince).toBe(Date.parse(AT))
    wire.say({ type: 'seen', entities: { a: '2026-01-22T17:09:00.000Z' } })
    expect(live.entities.get('a')?.heardAt).toBe(Date.parse(AT) + 300_000)
  })

  it('answers pings and takes an unknown frame for none of its business', () => {
    const wire = connect()
    wire.say({ type: 'ping' }, { type: 'later' } as unknown as StreamFrame)
    expect(wire.sent.at(-1)).toEqual({ type: 'pong' })
  })

  it('says when nobody is signed in', () => {
    connect().say({ type: 'error', code: 'api.unauthorised', detail: 'over' })
    expect(onSignedOut).toHaveBeenCalledOnce()
  })
})

describe('a lost connection', () => {
  it('keeps what was shown, and is old after three seconds', () => {
    connect(lamp('a', true)).close()
    expect([live.state, live.isOld, valueOf('a')]).toEqual(['lost', false, true])
    vi.advanceTimersByTime(3000)
    expect(live.isOld).toBe(true)
    expect(live.heardAt).toBe(Date.parse(AT))
  })

  it('is tried again with growing pauses, and goes on from what was heard', () => {
    connect(lamp('a', true)).close()
    const pauses = [250, 1000, 2000, 4000, 8000, 15_000, 15_000]
    for (const [index, pause] of pauses.entries()) {
      vi.advanceTimersByTime(pause - 1)
      expect(wires).toHaveLength(index + 1)
      vi.advanceTimersByTime(1)
      expect(wires).toHaveLength(index + 2)
      wires.at(-1)!.close()
    }
    live.connect()
    const wire = wires.at(-1)!
    wire.say({ type: 'hello', version: '1', seq: 12, zone: 'Europe/Berlin' })
    expect(wire.sent).toEqual([{ type: 'subscribe', since: 10 }])
    expect([live.state, live.isOld]).toEqual(['live', false])
    wire.say(delta(12, { entity: 'a', value: 'on', from: true, to: false }))
    expect(valueOf('a')).toBe(false)
  })

  it('takes the snapshot after a gap in place: what is gone is dropped, what stays is the same thing', () => {
    connect(lamp('a', true), lamp('b', true)).close()
    const before = live.entities.get('a')
    live.connect()
    wires
      .at(-1)!
      .say(
        { type: 'hello', version: '1', seq: 99, zone: 'Europe/Berlin' },
        { type: 'resync' },
        { type: 'snapshot', seq: 99, entities: [lamp('a', false)] },
      )
    expect(live.entities.get('a')).toBe(before)
    expect(valueOf('a')).toBe(false)
    expect(live.entities.get('b')).toBeUndefined()
  })

  it('is noticed when nothing comes for 75 s', () => {
    connect(lamp('a', true))
    vi.advanceTimersByTime(74_999)
    expect(live.state).toBe('live')
    vi.advanceTimersByTime(1)
    expect(live.state).toBe('lost')
  })

  it('is not tried again once it was closed', () => {
    connect()
    live.close()
    vi.advanceTimersByTime(60_000)
    expect(wires).toHaveLength(1)
  })
})

describe('messages', () => {
  const message: StreamFrame = {
    type: 'message',
    at: AT,
    topic: 'a/b',
    payload: '1',
    encoding: 'utf8',
    size: 1,
    qos: 0,
    retain: false,
    client: null,
  }

  it('are asked for while somebody listens, all filters in one subscription', async () => {
    const wire = connect()
    const heard = vi.fn<() => void>()
    const stopA = live.onMessages(['a/#'], heard)
    const stopB = live.onMessages(['b/#', 'a/#'], () => {})
    await Promise.resolve()
    expect(wire.sent).toHaveLength(2)
    expect(wire.sent.at(-1)).toEqual({ type: 'subscribe', since: 10, topics: ['a/#', 'b/#'] })
    wire.say(message)
    expect(heard).toHaveBeenCalledOnce()
    stopA()
    stopB()
    await Promise.resolve()
    expect(wire.sent.at(-1)).toEqual({ type: 'subscribe', since: 10 })
    wire.say(message)
    expect(heard).toHaveBeenCalledOnce()
  })
})

describe('a command', () => {
  const take = (state: string, reason: string | null = null) =>
    api.mockResolvedValue({ id: 'c1', entity: 'a', command: 'turn_on', values: {}, at: AT, state, reason })
  const entity = () => live.entities.get('a')!
  const TROUBLE = {
    command: 'turn_on',
    values: { brightness: 40 },
    state: 'expired',
    reason: 'no answer',
    at: AT,
  } as const
  const end = (state: 'confirmed' | 'expired' | 'failed', reason: string | null = null): StreamFrame => ({
    type: 'command',
    seq: 20,
    id: 'c1',
    entity: 'a',
    state,
    reason,
  })

  it('is open until the hub tells how it ended', async () => {
    const wire = connect(lamp('a', false))
    take('pending')
    const sent = live.commands.send(entity(), 'turn_on', { brightness: 40 })
    expect(entity().isPending).toBe(true)
    await sent
    wire.say(end('confirmed'))
    expect([entity().isPending, entity().trouble, entity().confirmations]).toEqual([false, null, 1])
  })

  it('that expires is trouble until the device says something', async () => {
    const wire = connect(lamp('a', false))
    take('pending')
    await live.commands.send(entity(), 'turn_on')
    wire.say(delta(20, { entity: 'a', trouble: TROUBLE }), end('expired', 'no answer'))
    expect(entity().trouble).toMatchObject({ kind: 'silent', command: 'turn_on', isOwn: true })
    wire.say(delta(21, { entity: 'a', value: 'on', from: false, to: true }, { entity: 'a', trouble: null }))
    expect(entity().trouble).toBeNull()
  })

  it('of somebody else that came to nothing is known here too, also after a reload', async () => {
    const wire = connect(lamp('a', false, { trouble: TROUBLE }), lamp('b', true))
    expect(entity().trouble).toMatchObject({ kind: 'silent', isOwn: false })
    take('pending')
    await live.commands.retry(entity())
    expect(api).toHaveBeenCalledWith('POST /entities/:id/commands', {
      params: { id: 'a' },
      body: { command: 'turn_on', values: { brightness: 40 } },
    })
    const refused = { ...TROUBLE, state: 'failed', reason: 'b is offline' } as const
    wire.say(delta(22, { entity: 'b', trouble: refused }))
    expect(live.entities.get('b')!.trouble).toMatchObject({ kind: 'refused', reason: 'b is offline', isOwn: false })
    wire.say(delta(23, { entity: 'b', trouble: null }))
    expect(live.entities.get('b')!.trouble).toBeNull()
  })

  it('that the hub fails at once says why', async () => {
    connect(lamp('a', false))
    take('failed', 'a is offline')
    await live.commands.send(entity(), 'turn_on')
    expect(entity().trouble).toMatchObject({ kind: 'refused', reason: 'a is offline' })
  })

  it('without an answer from the hub is silent, without a hub refused', async () => {
    connect(lamp('a', false))
    api.mockRejectedValue(new Problem('web.no_answer', 'late'))
    await live.commands.send(entity(), 'turn_on')
    expect(entity().trouble?.kind).toBe('silent')
    api.mockRejectedValue(new Problem('web.unreachable', 'gone'))
    await live.commands.retry(entity())
    expect(entity().trouble).toMatchObject({ kind: 'refused', reason: 'gone', command: 'turn_on' })
    // The hub knows nothing of it, so that nothing it says ends it but a change.
    wires.at(-1)!.say({ type: 'entity', seq: 31, entity: lamp('a', false) })
    expect(entity().trouble).not.toBeNull()
  })

  it('counts alone when a newer one took its place', async () => {
    const wire = connect(lamp('a', false))
    take('pending')
    await live.commands.send(entity(), 'turn_on')
    api.mockResolvedValue({ id: 'c2', state: 'pending', reason: null })
    await live.commands.send(entity(), 'turn_off')
    wire.say(end('failed', 'replaced by a newer command'))
    expect(entity().trouble).toBeNull()
    expect(entity().ask?.command).toBe('turn_off')
    wire.say({ type: 'command', seq: 22, id: 'c2', entity: 'a', state: 'confirmed', reason: null })
    expect(entity().isPending).toBe(false)
  })

  it('whose end was told while the page was away is over', async () => {
    connect(lamp('a', false))
    take('pending')
    await live.commands.send(entity(), 'turn_on')
    wires.at(-1)!.close()
    live.connect()
    wires
      .at(-1)!
      .say(
        { type: 'hello', version: '1', seq: 30, zone: 'Europe/Berlin' },
        { type: 'resync' },
        { type: 'snapshot', seq: 30, entities: [lamp('a', true)] },
      )
    expect(entity().isPending).toBe(false)
  })
})
