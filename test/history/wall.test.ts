import { beforeEach, describe, expect, it } from 'vitest'
import { createWall, type Wall } from '../../server/history/wall.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 2, 28, 12)

let clock: TestClock
let wall: Wall
let said: string[]

/** Starts a hub whose clock says so, and which last recorded at another time. */
function start({ says = START, aliveAt }: { says?: number; aliveAt: number }): void {
  clock = createTestClock(says)
  said = []
  const warn = (_facts: object, text: string) => void said.push(text)
  wall = createWall({ clock, log: { debug() {}, info() {}, warn, error: warn } })
  wall.open(aliveAt)
}

/** Looks every five minutes for so long. @returns whether the clock was believed each time, or never. */
function looks(time: number): boolean | 'both' {
  const seen = new Set<boolean>()
  for (let left = time; left > 0; left -= 5 * MINUTE) {
    clock.advance(5 * MINUTE)
    seen.add(wall.isRight())
  }
  return seen.size === 2 ? 'both' : seen.has(true)
}

describe('a clock that ran for a while', () => {
  beforeEach(() => {
    start({ aliveAt: START - MINUTE })
    expect(looks(2 * HOUR)).toBe(true)
  })

  it('is believed by and by when it runs too fast or too slow', () => {
    for (let i = 0; i < 1_000; i++) {
      clock.jump(i < 500 ? 10 * MINUTE : -10 * MINUTE)
      expect(looks(5 * MINUTE)).toBe(true)
    }
  })

  it.each([-HOUR, HOUR])('may be set by the hour of summer time (%i)', by => {
    clock.jump(by)
    expect(looks(DAY)).toBe(true)
    expect(said).toEqual([])
  })

  it.each([
    ['behind', -1.5 * HOUR],
    ['ahead', DAY],
  ])('may be as far %s as that, and not farther', (_name, most) => {
    clock.jump(most)
    expect(wall.isRight()).toBe(true)
    clock.jump(most * 1.01)
    expect(wall.isRight()).toBe(false)
  })

  it.each([-8 * DAY, 730 * DAY])('far off (%i) is told once, and is right again when it is back', by => {
    const before = clock.now()
    clock.jump(by)
    expect(looks(3 * HOUR)).toBe(false)
    expect(said).toHaveLength(1)
    expect(wall.now()).toBe(before + 3 * HOUR)
    clock.jump(-by)
    expect(looks(DAY)).toBe(true)
    expect(said).toHaveLength(1)
  })

  it.each([-8 * DAY, 730 * DAY])('far off (%i) for good is right after a day in which nobody set it', by => {
    clock.jump(by)
    expect(looks(20 * HOUR)).toBe(false)
    clock.jump(2 * MINUTE)
    expect(looks(DAY)).toBe(false)
    expect(looks(5 * MINUTE)).toBe(true)
    expect(wall.now()).toBe(clock.now())
    expect(said).toHaveLength(1)
  })
})

describe('a clock after a start', () => {
  it('is believed when the hub was off for three weeks', () => {
    start({ aliveAt: START - 21 * DAY })
    expect(looks(DAY)).toBe(true)
  })

  it('that was never set is right as soon as it is set, however late', () => {
    start({ says: 0, aliveAt: START - 21 * DAY })
    expect(looks(3 * HOUR)).toBe(false)
    clock.jump(START)
    expect(looks(DAY)).toBe(true)
    expect(said).toEqual([])
  })

  it('that goes on from where it was switched off is set by the network within an hour', () => {
    start({ says: START - 21 * DAY, aliveAt: START - 21 * DAY })
    expect(looks(HOUR - 5 * MINUTE)).toBe(true)
    clock.jump(21 * DAY)
    expect(looks(DAY)).toBe(true)
  })

  it('that was ahead is set back by the network within an hour', () => {
    start({ says: START + 730 * DAY, aliveAt: START - MINUTE })
    expect(looks(30 * MINUTE)).toBe(true)
    clock.jump(-730 * DAY)
    expect(looks(DAY)).toBe(true)
  })

  it('behind what was recorded is not believed until the network sets it', () => {
    start({ says: START - 8 * DAY, aliveAt: START })
    expect(looks(20 * MINUTE)).toBe(false)
    clock.jump(8 * DAY + MINUTE)
    expect(looks(DAY)).toBe(true)
    expect(said).toHaveLength(1)
  })
})
