import { describe, expect, it } from 'vitest'
import { createZone } from '../../../rules/schedule/zone.ts'

/** Zone, local time, the instant at which it begins. */
const cases: readonly (readonly [string, string, string, string])[] = [
  ['Europe/Berlin', '2026-01-15T12:00', '2026-01-15T11:00Z', 'winter'],
  ['Europe/Berlin', '2026-07-15T12:00', '2026-07-15T10:00Z', 'summer'],
  ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z', 'last second before the gap'],
  ['Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00Z', 'beginning of the gap'],
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00Z', 'in the gap'],
  ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00Z', 'end of the gap'],
  ['Europe/Berlin', '2026-10-25T01:59', '2026-10-24T23:59Z', 'before the overlap'],
  ['Europe/Berlin', '2026-10-25T02:00', '2026-10-25T00:00Z', 'first of two'],
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30Z', 'first of two'],
  ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00Z', 'after the overlap'],
  ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00Z', 'in the gap'],
  ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30Z', 'first of two'],
  ['America/New_York', '2026-11-01T02:00', '2026-11-01T07:00Z', 'after the overlap'],
  ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30Z', 'in a gap of 30 minutes'],
  ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45Z', 'first of two, 30 minutes apart'],
  ['Australia/Lord_Howe', '2026-04-05T02:00', '2026-04-04T15:30Z', 'after the overlap'],
  ['Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00Z', 'midnight in the gap'],
  ['Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:00Z', 'in the gap'],
  ['Africa/Cairo', '2026-10-29T23:30', '2026-10-29T20:30Z', 'first of two, before midnight'],
  ['Africa/Cairo', '2026-10-30T00:00', '2026-10-29T22:00Z', 'midnight after the overlap'],
  ['Pacific/Apia', '2026-06-01T00:00', '2026-05-31T11:00Z', 'far ahead of UTC'],
  ['Pacific/Apia', '2011-12-29T23:59', '2011-12-30T09:59Z', 'last minute before the skipped day'],
  ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00Z', 'a day that does not exist'],
  ['Pacific/Apia', '2011-12-31T00:00', '2011-12-30T10:00Z', 'the day after it'],
  ['UTC', '2026-03-29T02:30', '2026-03-29T02:30Z', 'no changes'],
  ['Asia/Kathmandu', '2026-03-29T02:30', '2026-03-28T20:45Z', 'an odd offset'],
]

const asLocal = (text: string) => Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`)

describe('local time to instant', () => {
  it.each(cases)('%s %s is %s: %s', (name, local, instant) => {
    expect(new Date(createZone(name).toInstant(asLocal(local))).toISOString()).toBe(new Date(instant).toISOString())
  })

  it.each([...new Set(cases.map(([name]) => name))])('%s: one zone object answers in any order', name => {
    const zone = createZone(name)
    const own = cases.filter(each => each[0] === name)
    for (const [, local, instant] of [...own, ...own.toReversed()]) {
      expect(zone.toInstant(asLocal(local))).toBe(Date.parse(instant))
    }
  })
})

describe('instant to local time', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59'],
    ['Europe/Berlin', '2026-03-29T01:00Z', '2026-03-29T03:00'],
    ['Europe/Berlin', '2026-10-25T00:59:59Z', '2026-10-25T02:59:59'],
    ['Europe/Berlin', '2026-10-25T01:00Z', '2026-10-25T02:00'],
    ['Australia/Lord_Howe', '2026-10-03T15:30Z', '2026-10-04T02:30'],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-31T00:00'],
  ])('%s %s reads %s', (name, instant, local) => {
    expect(createZone(name).toLocal(Date.parse(instant))).toBe(asLocal(local))
  })

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia'])(
    '%s: there and back gives the same hour, or an hour that comes twice',
    name => {
      const zone = createZone(name)
      const fresh = createZone(name)
      const twice: number[] = []
      for (let at = Date.UTC(2026, 0); at < Date.UTC(2027, 0); at += 1_800_000) {
        if (zone.toInstant(zone.toLocal(at)) !== at) twice.push(at)
      }
      expect(twice).toHaveLength({ 'Australia/Lord_Howe': 1, 'Pacific/Apia': 0 }[name] ?? 2)
      for (const at of twice) {
        const first = zone.toInstant(zone.toLocal(at))
        expect(first).toBeLessThan(at)
        expect(fresh.toLocal(first)).toBe(fresh.toLocal(at))
      }
    },
  )
})

it('refuses a zone that does not exist', () => {
  expect(() => createZone('Europe/Atlantis')).toThrow(RangeError)
})
