import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTimers, Timer } from '../../rules/timers.ts'
import { createTestClock } from '../support/clock.ts'

const MINUTE = 60_000

function setUp() {
  const clock = createTestClock(1_000_000)
  const jumps: number[] = []
  const faults: unknown[] = []
  const timers = createTimers({ clock, onJump: by => void jumps.push(by), onFault: error => void faults.push(error) })
  const log: string[] = []
  const timer = (name: string, isElapsed = true) =>
    new Timer(0, () => void log.push(`${name}@${clock.now() - 1_000_000}`), isElapsed)
  return { clock, jumps, faults, timers, log, timer }
}

describe('timers', () => {
  it('run at their time, in order, and of equals the first set first', () => {
    const { clock, timers, log, timer } = setUp()
    timers.set(timer('c'), 1_000_300)
    timers.set(timer('a'), 1_000_100)
    timers.set(timer('b'), 1_000_100)
    clock.advance(99)
    expect(log).toEqual([])
    clock.advance(1000)
    expect(log).toEqual(['a@100', 'b@100', 'c@300'])
    expect(timers.size).toBe(0)
  })

  it('use one timer of the clock, however many wait', () => {
    const { clock, timers, timer } = setUp()
    for (let i = 0; i < 1000; i++) timers.set(timer('x'), 1_000_000 + ((i * 7919) % 5000))
    expect(clock.pending).toBe(1)
    clock.advance(6000)
    expect(timers.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('can be moved, cancelled, and set anew by their own task', () => {
    const { clock, timers, log, timer } = setUp()
    const moved = timer('moved')
    const gone = timer('gone')
    timers.set(moved, 1_000_100)
    timers.set(gone, 1_000_100)
    timers.set(moved, 1_000_200)
    timers.cancel(gone)
    timers.cancel(gone)
    let left = 3
    const ticking = new Timer(
      0,
      self => {
        log.push('tick')
        if (--left > 0) timers.set(self, clock.now() + 50)
      },
      true,
    )
    timers.set(ticking, 1_000_050)
    clock.advance(1000)
    expect(log).toEqual(['tick', 'tick', 'tick', 'moved@200'])
  })

  it('run a past time at once, but not before the caller is done', () => {
    const { clock, timers, log, timer } = setUp()
    timers.set(timer('late'), 5)
    expect(log).toEqual([])
    clock.advance(0)
    expect(log).toEqual(['late@0'])
  })

  it('report a task that throws and go on', () => {
    const { clock, timers, log, timer, faults } = setUp()
    timers.set(
      new Timer(
        0,
        () => {
          throw new Error('no')
        },
        true,
      ),
      1_000_010,
    )
    timers.set(timer('next'), 1_000_010)
    clock.advance(10)
    expect(log).toEqual(['next@10'])
    expect(faults).toHaveLength(1)
  })

  it('are silent once closed', () => {
    const { clock, timers, log, timer } = setUp()
    timers.set(timer('a'), 1_000_010)
    timers.close()
    timers.set(timer('b'), 1_000_010)
    clock.advance(100)
    expect(log).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('a clock that is set', () => {
  it('forward: what it passed falls due within a minute', () => {
    const { clock, timers, log, timer, jumps } = setUp()
    timers.set(timer('in an hour'), 1_000_000 + 60 * MINUTE)
    clock.advance(MINUTE)
    clock.jump(3 * 60 * MINUTE)
    clock.advance(MINUTE)
    expect(jumps).toEqual([3 * 60 * MINUTE])
    expect(log).toEqual([`in an hour@${182 * MINUTE}`])
  })

  it('back: elapsed time goes on, moments of the calendar wait', () => {
    const { clock, timers, log, timer, jumps } = setUp()
    timers.set(timer('wait'), 1_000_000 + 5 * MINUTE)
    timers.set(timer('moment', false), 1_000_000 + 5 * MINUTE)
    clock.advance(MINUTE)
    clock.jump(-60 * MINUTE)
    clock.advance(4 * MINUTE)
    expect(jumps).toEqual([-60 * MINUTE])
    expect(log).toEqual([`wait@${-55 * MINUTE}`])
    clock.advance(60 * MINUTE)
    expect(log).toEqual([`wait@${-55 * MINUTE}`, `moment@${5 * MINUTE}`])
  })

  it('by less than a second: is left to the next alarm', () => {
    const { clock, timers, log, timer, jumps } = setUp()
    timers.set(timer('a'), 1_000_000 + 2 * MINUTE)
    clock.jump(-900)
    clock.advance(3 * MINUTE)
    expect(jumps).toEqual([])
    expect(log).toEqual([`a@${2 * MINUTE}`])
  })
})

it('fire each timer once, never early, whatever is set, moved and cancelled', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), timer: fc.nat(9), delay: fc.nat(200_000) }),
    fc.record({ kind: fc.constant('cancel' as const), timer: fc.nat(9) }),
    fc.record({ kind: fc.constant('advance' as const), by: fc.nat(100_000) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const clock = createTestClock(0)
      const timers = createTimers({
        clock,
        onJump: () => {},
        onFault: error => {
          throw error
        },
      })
      const expected = new Map<number, number>()
      const fired: number[] = []
      const all = Array.from(
        { length: 10 },
        (_, i) =>
          new Timer(
            0,
            () => {
              expect(expected.get(i)).toBe(clock.now())
              expected.delete(i)
              fired.push(clock.now())
            },
            true,
          ),
      )
      for (const each of steps) {
        if (each.kind === 'advance') clock.advance(each.by)
        else if (each.kind === 'cancel') {
          timers.cancel(all[each.timer]!)
          expected.delete(each.timer)
        } else {
          timers.set(all[each.timer]!, clock.now() + each.delay)
          expected.set(each.timer, clock.now() + each.delay)
        }
      }
      clock.advance(200_000)
      expect(expected.size).toBe(0)
      expect(fired).toEqual(fired.toSorted((a, b) => a - b))
    }),
  )
})
