import { beforeEach, describe, expect, it } from 'vitest'
import type { Change, Entity, Event, Registry, Value } from '#devices'
import type { Cause } from '#kernel'
import type { StreamFrame } from '#api'
import { Rights, type Principal } from '../../server/access/index.ts'
import { createLive, MAX_BEHIND, MAX_OWN_STREAMS, MAX_STREAMS, type Live } from '../../server/api/live/live.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'

const cause: Cause = { id: 'C', parent: null, kind: 'device', who: 'esp', depth: 0, byRule: false }
const hall = { id: 'A1', slug: 'hall', name: 'Hall' }

function entityOf(id: string, area: typeof hall | null): Entity {
  const value: Value = {
    name: 'on',
    spec: { type: 'bool' },
    value: true,
    changedAt: 1,
    at: 1,
    confirmed: true,
    changedBy: null,
    every: null,
  }
  return {
    id,
    slug: id.toLowerCase(),
    name: id,
    key: id,
    device: { id: `D${id}`, slug: `d_${id.toLowerCase()}`, name: id } as Entity['device'],
    area,
    component: 'switch',
    deviceClass: null,
    category: null,
    values: new Map([['on', value]]),
    commands: [],
    online: true,
    pending: null,
    trouble: null,
    version: 1,
  }
}

let lamp: Entity
let plug: Entity
const changeOf = (entity: Entity): Change => ({
  kind: 'value',
  entity,
  value: entity.values.get('on')!,
  from: false,
  to: true,
  cause,
})

const everything: Principal = {
  kind: 'token',
  user: 'U',
  who: 'T',
  role: 'owner',
  rights: Rights.inHouse('manage'),
  grant: 'T',
  viewer: null,
}
const reader: Principal = { ...everything, rights: Rights.inHouse('see') }
const hallAdmin = Rights.inHouse(null, [{ area: hall.id, may: 'manage' }])
const hallOnly: Principal = { ...reader, rights: Rights.inHouse(null, [{ area: hall.id, may: 'see' }]) }

let clock: TestClock
let seq: number
let live: Live
/** What a grant stands for, after its rights changed. */
let now: Principal | undefined
let faults: { topic: string; message: string }[]

beforeEach(() => {
  clock = createTestClock()
  seq = 100
  lamp = entityOf('LAMP', hall)
  plug = entityOf('PLUG', null)
  const registry = {
    entities: () => [lamp, plug],
    entity: (id: string) => [lamp, plug].find(each => each.id === id),
  } as Pick<Registry, 'entities' | 'entity'> as Registry
  faults = []
  now = undefined
  live = createLive({
    registry,
    access: { byGrant: () => now },
    pairing: { heard: () => ({ until: null, isBatch: false, candidates: [], guests: [], knocks: [], faults }) },
    clock,
    seq: () => seq,
    nextSeq: () => ++seq,
    subscriptions: { add() {}, remove() {} },
    broker: { retained: () => [] },
    topics: { hold: () => () => {} },
  })
})

function happen(...changes: Change[]): void {
  const event: Event = { seq: ++seq, at: clock.now(), message: null, matched: [], changes, cause }
  live.event(event)
}

function connect(principal: Principal, behind = () => 0) {
  const frames: StreamFrame[] = []
  let ended: string | undefined
  const stream = live.open(principal, {
    send: text => void frames.push(JSON.parse(text) as StreamFrame),
    behind,
    end: why => void (ended = why),
  })!
  return { stream, frames, types: () => frames.map(frame => frame.type), ended: () => ended }
}

describe('the live channel', () => {
  it('sends a snapshot, then deltas with growing numbers', () => {
    const { stream, frames } = connect(everything)
    stream.subscribe({}, undefined)
    happen(changeOf(lamp))
    expect(frames).toMatchObject([
      { type: 'snapshot', seq: 100, entities: [{ id: 'LAMP' }, { id: 'PLUG' }] },
      {
        type: 'delta',
        seq: 101,
        cause: { id: 'C' },
        changes: [{ entity: 'LAMP', value: 'on', from: false, to: true }],
      },
    ])
  })

  it('sends the first change at once and gathers what follows within 50 ms', () => {
    const { stream, types } = connect(everything)
    stream.subscribe({}, undefined)
    for (let i = 0; i < 10; i++) happen(changeOf(lamp))
    expect(types()).toEqual(['snapshot', 'delta'])
    clock.advance(50)
    expect(types()).toHaveLength(11)
  })

  it('gives a client that comes back what it missed, once and in order', () => {
    happen(changeOf(lamp))
    happen(changeOf(plug))
    happen(changeOf(lamp))
    const { stream, frames } = connect(everything)
    stream.subscribe({}, 101)
    expect(frames).toMatchObject([{ seq: 102 }, { seq: 103 }])
    happen(changeOf(lamp))
    clock.advance(50)
    expect(frames.at(-1)).toMatchObject({ type: 'delta', seq: 104 })
    expect(frames).toHaveLength(3)
  })

  it.each([
    ['from before this start', 42],
    ['from the future', 9_999],
  ])('starts anew for a number %s', (_what, since) => {
    const { stream, types } = connect(everything)
    stream.subscribe({}, since)
    expect(types()).toEqual(['resync', 'snapshot'])
  })

  it('starts anew for a number the journal no longer holds', () => {
    for (let i = 0; i < 2_001; i++) happen(changeOf(lamp))
    const old = connect(everything)
    old.stream.subscribe({}, 100)
    expect(old.types()).toEqual(['resync', 'snapshot'])
    const recent = connect(everything)
    recent.stream.subscribe({}, 101)
    expect(recent.types()).toHaveLength(2_000)
  })

  it('shows a caller that is limited to areas only what is in them', () => {
    const { stream, frames } = connect(hallOnly)
    stream.subscribe({}, undefined)
    happen(changeOf(plug), changeOf(lamp))
    clock.advance(50)
    happen(changeOf(plug))
    live.pairing()
    clock.advance(50)
    expect(frames).toMatchObject([
      { type: 'snapshot', entities: [{ id: 'LAMP' }] },
      { type: 'delta', changes: [{ entity: 'LAMP' }] },
    ])
    expect(frames).toHaveLength(2)
  })

  it('keeps candidates for administrators, runs and rule files for the whole house', () => {
    const admin = connect(everything)
    const look = connect(reader)
    const limited = connect(hallOnly)
    for (const { stream } of [admin, look, limited]) stream.subscribe({}, undefined)
    live.pairing()
    live.run({
      id: 'R',
      rule: 'porch',
      file: 'porch',
      version: 1,
      startedAt: 1,
      state: 'running',
      dueAt: null,
      endedAt: null,
      outcome: null,
      cause,
    })
    live.rule('porch', undefined)
    clock.advance(50)
    expect(admin.types()).toEqual(['snapshot', 'pairing', 'run', 'rule'])
    expect(look.types()).toEqual(['snapshot', 'run', 'rule'])
    expect(limited.types()).toEqual(['snapshot'])
  })

  it('keeps the health of the hub for administrators of the whole house', () => {
    const admin = connect(everything)
    const others = [connect(reader), connect(hallOnly), connect({ ...hallOnly, rights: hallAdmin })]
    for (const { stream } of [admin, ...others]) stream.subscribe({}, undefined)
    const problem = { code: 'disk_free', state: 'bad', what: 'It is full', where: null, repair: 'Mend it.', link: null }
    const problems = [{ ...problem, state: 'bad' as const, since: clock.now() }]
    live.health({ at: clock.now(), state: 'bad', readings: [], problems })
    const at = '2026-03-01T20:00:00.000Z'
    expect(admin.frames.at(-1)).toEqual({
      type: 'health',
      seq: 101,
      health: { at, state: 'bad', readings: [], problems: [{ ...problem, since: at }] },
    })
    clock.advance(50)
    for (const other of others) expect(other.types()).toEqual(['snapshot'])
  })

  it('gives a stream other rights, and ends it when there are none', () => {
    const { stream, types, frames, ended } = connect(hallOnly)
    stream.subscribe({}, undefined)
    live.regrant('somebody else')
    expect(types()).toEqual(['snapshot'])
    now = everything
    live.regrant('U')
    expect(types()).toEqual(['snapshot', 'resync', 'snapshot'])
    expect(frames.at(-1)).toMatchObject({ entities: [{ id: 'LAMP' }, { id: 'PLUG' }] })
    now = undefined
    live.regrant('U')
    expect(ended()).toBe('revoked')
  })

  it('does not tell who else and which rules there are to whoever sees parts of the house', () => {
    const [limited, whole] = [connect(hallOnly), connect(everything)]
    for (const { stream } of [limited, whole]) stream.subscribe({}, undefined)
    happen(changeOf(lamp))
    expect(limited.frames[1]).toMatchObject({ type: 'delta', cause: { kind: 'device', who: 'device', parent: null } })
    expect(whole.frames[1]).toMatchObject({ type: 'delta', cause: { kind: 'device', who: 'esp' } })
  })

  it('tells everybody that the settings differ, also who comes back later', () => {
    const limited = connect(hallOnly)
    limited.stream.subscribe({}, undefined)
    const settings = {
      name: 'Home',
      zone: 'Asia/Tokyo',
      place: null,
      writeBudget: 10,
      retention: { days: 90, classes: {}, entities: {} },
      onboarded: true,
      version: 4,
    } as const
    live.settings(settings)
    expect(limited.frames[1]).toEqual({ type: 'settings', seq: 101, settings })
    const back = connect(everything)
    back.stream.subscribe({}, 100)
    expect(back.frames).toEqual([{ type: 'settings', seq: 101, settings }])
  })

  it('tells whoever comes back what is heard now, once, and only if it differs', () => {
    const before = seq
    live.pairing()
    live.pairing()
    faults = [{ topic: 't', message: 'newest' }]
    const back = connect(everything)
    back.stream.subscribe({}, before)
    expect(back.frames).toEqual([expect.objectContaining({ type: 'pairing', seq, faults })])
    const current = connect(everything)
    current.stream.subscribe({}, seq)
    expect(current.frames).toEqual([])
    const limited = connect(hallOnly)
    limited.stream.subscribe({}, before)
    // It may have lost what it saw: it begins anew.
    expect(limited.types()).toEqual(['resync', 'snapshot'])
  })

  it('filters by area and device, by slug or id; an empty list means none', () => {
    const byArea = connect(everything)
    byArea.stream.subscribe({ areas: ['hall'] }, undefined)
    const byDevice = connect(everything)
    byDevice.stream.subscribe({ devices: ['d_plug'] }, undefined)
    const none = connect(everything)
    none.stream.subscribe({ devices: [] }, undefined)
    happen(changeOf(lamp), changeOf(plug))
    expect(byArea.frames[1]).toMatchObject({ changes: [{ entity: 'LAMP' }] })
    expect(byDevice.frames[1]).toMatchObject({ changes: [{ entity: 'PLUG' }] })
    expect(none.frames).toMatchObject([{ type: 'snapshot', entities: [] }])
  })

  it('lets a client go that is a megabyte behind', () => {
    let behind = 0
    const slow = connect(everything, () => behind)
    slow.stream.subscribe({}, undefined)
    happen(changeOf(lamp))
    expect(slow.ended()).toBeUndefined()
    behind = MAX_BEHIND + 1
    clock.advance(50)
    happen(changeOf(lamp))
    expect(slow.ended()).toBe('slow')
    const before = slow.frames.length
    clock.advance(50)
    happen(changeOf(lamp))
    expect(slow.frames).toHaveLength(before)
  })

  it('ends the streams of a principal whose rights are gone, and no other', () => {
    const gone = connect(everything)
    const user = connect({ ...everything, kind: 'user', grant: 'S' })
    const other = connect({ ...everything, who: 'T2', grant: 'T2' })
    for (const { stream } of [gone, user, other]) stream.subscribe({}, undefined)
    live.revoke('T')
    expect([gone.ended(), user.ended(), other.ended()]).toEqual(['revoked', undefined, undefined])
    happen(changeOf(lamp))
    gone.stream.subscribe({}, undefined)
    expect([gone, user, other].map(each => each.types())).toEqual([
      ['snapshot'],
      ['snapshot', 'delta'],
      ['snapshot', 'delta'],
    ])
  })

  it('takes a bounded number of streams, and fewer of one person or pass, who cannot keep the others out', () => {
    const isTaken = (one: Principal) => live.open(one, { send() {}, behind: () => 0, end() {} }) !== undefined
    const passes = ['visit', 'sitter'].map((who): Principal => ({ ...hallOnly, kind: 'pass', user: null, who }))
    for (let n = 0; n < MAX_OWN_STREAMS; n++) [reader, passes[0]!].forEach(one => connect(one))
    expect([reader, ...passes].map(isTaken)).toEqual([false, false, true])
    for (let n = 2 * MAX_OWN_STREAMS + 1; n < MAX_STREAMS; n++) connect({ ...reader, user: `U${n}` })
    expect(isTaken(passes[1]!)).toBe(false)
  })
})

describe('reports without a change', () => {
  const report = (entity: Entity) => Object.assign(entity.values.get('on')!, { at: clock.now() })
  const seen = (frames: readonly StreamFrame[]) => frames.filter(frame => frame.type === 'seen')

  it('are told every 15 s, with the time of the last one', () => {
    const { stream, frames } = connect(everything)
    stream.subscribe({}, undefined)
    clock.advance(4_000)
    report(lamp)
    clock.advance(5_000)
    report(lamp)
    expect(seen(frames)).toEqual([])
    clock.advance(6_000)
    expect(seen(frames)).toEqual([{ type: 'seen', entities: { LAMP: '2026-03-01T20:00:09.000Z' } }])
    clock.advance(60_000)
    expect(seen(frames)).toHaveLength(1)
  })

  it('are no news when the last one changed the value', () => {
    const { stream, frames } = connect(everything)
    stream.subscribe({}, undefined)
    clock.advance(4_000)
    Object.assign(report(lamp), { changedAt: clock.now() })
    clock.advance(11_000)
    expect(seen(frames)).toEqual([])
  })

  it('reach only who sees the entity', () => {
    const { stream, frames } = connect(hallOnly)
    const none = connect(everything)
    stream.subscribe({}, undefined)
    none.stream.subscribe({ devices: [] }, undefined)
    clock.advance(1_000)
    report(lamp)
    report(plug)
    clock.advance(14_000)
    expect(seen(frames)).toMatchObject([{ entities: { LAMP: expect.any(String) } }])
    expect(Object.keys(seen(frames)[0]!.entities)).toEqual(['LAMP'])
    expect(seen(none.frames)).toEqual([])
  })

  it('that a client missed come with what else it missed', () => {
    clock.advance(1_000)
    report(plug)
    happen(changeOf(lamp))
    const { stream, frames } = connect(everything)
    stream.subscribe({}, 100)
    expect(frames).toMatchObject([
      { type: 'delta', seq: 101 },
      { type: 'seen', entities: { PLUG: '2026-03-01T20:00:01.000Z' } },
    ])
  })

  it('are looked for only while somebody is there', () => {
    expect(clock.pending).toBe(0)
    const { stream } = connect(everything)
    expect(clock.pending).toBe(1)
    stream.close()
    expect(clock.pending).toBe(0)
  })
})
