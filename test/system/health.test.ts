import { beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '#kernel'
import { createHealth, type Health, type HealthReport } from '../../server/system/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { goodCondition, sourcesOf, type Condition } from '../support/health.ts'

const LOOK = 10_000
const MINUTE = 6
const MB = 1e6
const GB = 1e9

let clock: TestClock
let now: Condition
let health: Health
let told: HealthReport[]
let warned: object[]

beforeEach(() => {
  clock = createTestClock()
  now = goodCondition()
  told = []
  warned = []
  const log: Log = { debug() {}, info() {}, error() {}, warn: facts => void warned.push(facts) }
  health = createHealth({ clock, log, folder: '/var/lib/hob', sources: sourcesOf(now) })
  health.onChange(report => void told.push(report))
})

async function look(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await health.look()
    clock.advance(LOOK)
  }
}

/** Codes and states of what is wrong, worst first. */
const wrong = () => health.report().problems.map(({ code, state }) => `${code} ${state}`)
const readingOf = (key: string) => health.report().readings.find(each => each.key === key)

interface Case {
  readonly code: string
  /** Makes it a warning, then bad. */
  readonly warning: (now: Condition) => void
  readonly bad: ((now: Condition) => void) | null
  /** Good again by the limit, and not yet by enough. */
  readonly nearly?: (now: Condition) => void
  /** Looks until it is a problem, and until it is none. */
  readonly rise: number
  readonly fall: number
  readonly says: RegExp
  readonly where?: string
  readonly link: string | null
}

const cases: readonly Case[] = [
  {
    code: 'loop_delay',
    warning: it => void (it.loop = { p99: 50, longest: 90 }),
    bad: it => void (it.loop = { p99: 250, longest: 900 }),
    nearly: it => void (it.loop = { p99: 46, longest: 60 }),
    ...{ rise: 3, fall: 6, says: /wait up to 250 ms/, link: '/messages/clients?sort=busy' },
  },
  {
    code: 'commit_time',
    warning: it => void (it.commits = { longest: 1_000, waiting: 3 }),
    bad: it => void (it.commits = { longest: 5_400, waiting: 3 }),
    nearly: it => void (it.commits = { longest: 950, waiting: 3 }),
    ...{ rise: 3, fall: 6, says: /took 5.4 s/, where: '/var/lib/hob', link: null },
  },
  {
    code: 'commit_queue',
    warning: it => void (it.commits = { longest: 12, waiting: 5_000 }),
    bad: it => void (it.commits = { longest: 12, waiting: 50_000 }),
    nearly: it => void (it.commits = { longest: 12, waiting: 4_900 }),
    ...{ rise: 3, fall: 6, says: /50000 changes wait/, where: '/var/lib/hob', link: '/messages/clients?sort=busy' },
  },
  {
    code: 'client_queue',
    warning: it => void (it.queues = { fullest: { clientId: 'wall-tablet', share: 0.8 } }),
    bad: it => void (it.queues = { fullest: { clientId: 'wall-tablet', share: 1 } }),
    nearly: it => void (it.queues = { fullest: { clientId: 'wall-tablet', share: 0.75 } }),
    ...{ rise: 2, fall: 6, says: /is full/, where: 'wall-tablet', link: '/messages/clients?sort=waiting' },
  },
  {
    code: 'memory',
    warning: it => void (it.memory = 400 * MB),
    bad: it => void (it.memory = 480 * MB),
    nearly: it => void (it.memory = 390 * MB),
    ...{ rise: 3, fall: 6, says: /takes 480 MB/, link: '/messages/clients?sort=waiting' },
  },
  {
    code: 'written',
    warning: it => void (it.writes = { perDay: 1.5 * GB }),
    bad: it => void (it.writes = { perDay: 4.4 * GB }),
    nearly: it => void (it.writes = { perDay: 1.4 * GB }),
    ...{ rise: 1, fall: 2, says: /4.4 GB a day/, link: '/settings/health#writing' },
  },
  {
    code: 'disk_free',
    warning: it => void (it.disk = { free: 1 * GB }),
    bad: it => void (it.disk = { free: 199 * MB }),
    nearly: it => void (it.disk = { free: 1.05 * GB }),
    ...{ rise: 1, fall: 6, says: /199 MB left/, where: '/var/lib/hob', link: '/settings/health#space' },
  },
  {
    code: 'full_in',
    warning: it => void (it.space = { fullIn: 30 }),
    bad: it => void (it.space = { fullIn: 0 }),
    nearly: it => void (it.space = { fullIn: 32 }),
    ...{ rise: 1, fall: 2, says: /within a day/, where: '/var/lib/hob', link: '/settings/health#space' },
  },
  {
    code: 'temperature',
    warning: it => void (it.machine = { ...it.machine, temperature: 80 }),
    bad: it => void (it.machine = { ...it.machine, temperature: 85.4 }),
    nearly: it => void (it.machine = { ...it.machine, temperature: 76 }),
    ...{ rise: 3, fall: 6, says: /85 °C/, link: null },
  },
  {
    code: 'clock',
    warning: it => void (it.machine = { ...it.machine, clock: { word: 'unsynchronised', state: 'warning' } }),
    bad: it => void (it.machine = { ...it.machine, clock: { word: 'unset', state: 'bad' } }),
    ...{ rise: 1, fall: 1, says: /never set/, link: null },
  },
  {
    code: 'power',
    warning: it => void (it.machine = { ...it.machine, power: { word: 'throttled', state: 'warning' } }),
    bad: it => void (it.machine = { ...it.machine, power: { word: 'undervoltage', state: 'bad' } }),
    ...{ rise: 1, fall: 6, says: /voltage of the supply is too low/, link: null },
  },
]

describe('a problem', () => {
  it.each(cases)('$code comes, gets worse, holds at its limit, and goes by itself', async each => {
    const { code, rise, fall } = each
    await look()
    expect(wrong()).toEqual([])

    const isSlow = code === 'written' || code === 'full_in'
    const step = isSlow ? MINUTE : 1
    each.warning(now)
    await look(rise * step - (isSlow ? 0 : 1))
    if (!isSlow) expect(wrong()).toEqual([])
    await look(isSlow ? 0 : 1)
    expect(wrong()).toEqual([`${code} warning`])
    const since = health.report().problems[0]!.since

    if (each.bad !== null) {
      each.bad(now)
      await look(rise * step)
      expect(wrong()).toEqual([`${code} bad`])
    }
    const [problem] = health.report().problems
    expect(problem).toMatchObject({ since, where: each.where ?? null, link: each.link })
    expect(problem!.what).toMatch(each.says)
    expect(problem!.repair).toMatch(/^[A-Z].*\.$/)
    expect(health.report().state).toBe(each.bad === null ? 'warning' : 'bad')

    each.nearly?.(now)
    if (each.nearly !== undefined) {
      await look(4 * MINUTE)
      expect(wrong()).toEqual([`${code} warning`])
    }
    Object.assign(now, goodCondition())
    if (!isSlow && fall > 1) {
      await look(fall - 1)
      expect(wrong()).toHaveLength(1)
    }
    await look(isSlow ? 2 * MINUTE : 1)
    expect(wrong()).toEqual([])
    expect(health.report().state).toBe('good')
  })

  it('is not one when it lasts for a moment', async () => {
    for (let i = 0; i < 10; i++) {
      now.loop = { p99: 400, longest: 900 }
      await look(2)
      now.loop = { p99: 2, longest: 9 }
      await look()
    }
    expect(wrong()).toEqual([])
  })

  it('is no single slow commit on an idle hub, and that of slow ones goes when nothing is written', async () => {
    now.commits = { longest: 6_000, waiting: 0 }
    await look()
    now.commits = { longest: null, waiting: 0 }
    await look(10 * MINUTE)
    expect(told).toEqual([])
    now.commits = { longest: 6_000, waiting: 0 }
    await look(3)
    expect(wrong()).toEqual(['commit_time bad'])
    now.commits = { longest: null, waiting: 0 }
    await look(5)
    expect(wrong()).toEqual(['commit_time bad'])
    await look()
    expect(wrong()).toEqual([])
    expect(readingOf('commit_time')).toMatchObject({ value: 6_000, state: 'good' })
  })

  it('tells of the mildest that a rise had in common', async () => {
    now.machine = { ...now.machine, temperature: 90 }
    await look(2)
    now.machine = { ...now.machine, temperature: 81 }
    await look()
    expect(wrong()).toEqual(['temperature warning'])
  })

  it('of others is told as they tell it, with the time since which it is there; worst first', async () => {
    await look()
    const certificate = { code: 'certificate', state: 'bad', what: 'It is refused', repair: 'Renew it.' } as const
    now.disk = { free: 500 * MB }
    now.troubles = [{ ...certificate, where: 'cert.pem', link: null }]
    await look(MINUTE)
    expect(wrong()).toEqual(['certificate bad', 'disk_free warning'])
    const { since } = health.report().problems[0]!
    await look(MINUTE)
    expect(health.report().problems[0]).toEqual({ ...certificate, where: 'cert.pem', link: null, since })
    now.troubles = []
    await look(MINUTE)
    expect(wrong()).toEqual(['disk_free warning'])
  })

  it('is told to whoever listens once when it comes, is worse and goes', async () => {
    await look(3)
    now.disk = { free: 900 * MB }
    await look()
    now.disk = { free: 800 * MB }
    await look(3)
    now.disk = { free: 100 * MB }
    await look(2)
    now.disk = { free: 9 * GB }
    await look(10)
    expect(told.map(({ problems }) => problems.map(({ code, state }) => `${code} ${state}`))).toEqual([
      ['disk_free warning'],
      ['disk_free bad'],
      [],
    ])
  })
})

describe('a reading', () => {
  it('has its value, unit, limit and state', async () => {
    await look()
    expect(readingOf('temperature')).toEqual({
      key: 'temperature',
      value: 52.1,
      unit: '°C',
      limit: { good: 'below', warning: 80, bad: 85 },
      state: 'good',
    })
    expect(readingOf('disk_free')).toMatchObject({ value: 20 * GB, limit: { good: 'above', warning: GB } })
    expect(readingOf('clock')).toEqual({ key: 'clock', value: 'synchronised', unit: null, limit: null, state: 'good' })
  })

  it('is unknown before the first look, and where the machine does not say', async () => {
    expect(health.report().at).toBe(0)
    expect(health.report().readings.every(({ value, state }) => value === null && state === 'unknown')).toBe(true)
    now.machine = { temperature: null, power: null, clock: { word: 'waiting', state: 'unknown' } }
    now.loop = null
    now.disk = null
    now.writes = { perDay: null }
    await look()
    for (const key of ['temperature', 'power', 'loop_delay', 'disk_free', 'written'])
      expect(readingOf(key), key).toMatchObject({ value: null, state: 'unknown' })
    expect(readingOf('clock')).toMatchObject({ value: 'waiting', state: 'unknown' })
    expect(wrong()).toEqual([])
  })

  it('of commits is that of the last look that saw one', async () => {
    now.commits = { longest: 700, waiting: 0 }
    await look()
    now.commits = { longest: null, waiting: 0 }
    await look()
    expect(readingOf('commit_time')?.value).toBe(700)
  })

  it('that cannot be read is unknown, said once, and takes no other along', async () => {
    const sources = { ...sourcesOf(now), writes: async () => Promise.reject(new Error('history.db is damaged')) }
    const log: Log = { debug() {}, info() {}, error() {}, warn: facts => void warned.push(facts) }
    health = createHealth({ clock, log, folder: '/var/lib/hob', sources })
    await look(2 * MINUTE)
    expect(warned).toEqual([{ source: 'writes', error: 'Error: history.db is damaged' }])
    expect(readingOf('written')).toMatchObject({ value: null, state: 'unknown' })
    expect(readingOf('disk_free')).toMatchObject({ state: 'good' })
  })
})

it('looks at once when it opens, every 10 s from then on, and not after it closed', async () => {
  let looks = 0
  let seen: (() => void) | undefined
  const sources = { ...sourcesOf(now), memory: () => (looks++, seen?.(), 1) }
  const log: Log = { debug() {}, info() {}, error() {}, warn() {} }
  health = createHealth({ clock, log, folder: '/', sources })
  const next = () => new Promise<void>(resolve => (seen = resolve))
  const first = next()
  health.open()
  await first
  // The timer is set behind the look.
  await expect.poll(() => clock.pending).toBe(1)
  clock.advance(LOOK - 1)
  expect(looks).toBe(1)
  const second = next()
  clock.advance(1)
  await second
  await expect.poll(() => clock.pending).toBe(1)
  expect(looks).toBe(2)
  health.close()
  expect(clock.pending).toBe(0)
})
