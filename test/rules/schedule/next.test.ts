import { Cron } from 'croner'
import { describe, expect, it } from 'vitest'
import type { Weekday } from '../../../rules/format/rule.ts'
import { lastAt, nextAt, nextEvery } from '../../../rules/schedule/next.ts'
import { createZone } from '../../../rules/schedule/zone.ts'

const week: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const MINUTE = 60_000
const HOUR = 60 * MINUTE

function times(text: string) {
  return text.split(' ').map(each => {
    const [hour = 0, minute = 0, second = 0] = each.split(':').map(Number)
    return { hour, minute, second }
  })
}

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().replace(':00.000Z', 'Z'))

describe('at', () => {
  it.each([
    ['Europe/Berlin', '22:30', week, '2026-03-01T20:00Z', '2026-03-01T21:30Z'],
    ['Europe/Berlin', '22:30', week, '2026-03-01T21:30Z', '2026-03-02T21:30Z'],
    ['Europe/Berlin', '07:00 19:00', week, '2026-03-01T06:00Z', '2026-03-01T18:00Z'],
    ['Europe/Berlin', '07:00', ['mon'] as const, '2026-03-02T06:00Z', '2026-03-09T06:00Z'],
    ['Europe/Berlin', '07:00:30', week, '2026-03-02T06:00Z', '2026-03-02T06:00:30.000Z'],
    // The gap: once, right after it; then as ever.
    ['Europe/Berlin', '02:30', week, '2026-03-28T12:00Z', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '02:30', week, '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ['Europe/Berlin', '02:10 02:50', week, '2026-03-29T01:00Z', '2026-03-30T00:10Z'],
    // The overlap: the first, and not again an hour later.
    ['Europe/Berlin', '02:30', week, '2026-10-24T12:00Z', '2026-10-25T00:30Z'],
    ['Europe/Berlin', '02:30', week, '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ['America/New_York', '02:30', week, '2026-03-08T00:00Z', '2026-03-08T07:00Z'],
    ['America/New_York', '01:30', week, '2026-11-01T05:30Z', '2026-11-02T06:30Z'],
    ['Australia/Lord_Howe', '02:10', week, '2026-10-03T12:00Z', '2026-10-03T15:30Z'],
    ['Australia/Lord_Howe', '01:45', week, '2026-04-04T14:45Z', '2026-04-05T15:15Z'],
    // Midnight of a Friday that begins at 01:00.
    ['Africa/Cairo', '00:00', ['fri'] as const, '2026-04-20T00:00Z', '2026-04-23T22:00Z'],
    ['Africa/Cairo', '23:30', ['thu'] as const, '2026-10-29T20:30Z', '2026-11-05T21:30Z'],
    ['Pacific/Apia', '12:00', week, '2011-12-29T22:00Z', '2011-12-30T10:00Z'],
    ['Pacific/Apia', '12:00', week, '2011-12-30T10:00Z', '2011-12-30T22:00Z'],
  ])('%s at %s on %s after %s is %s', (zone, at, days, after, expected) => {
    expect(iso(nextAt({ times: times(at), days }, Date.parse(after), createZone(zone)))).toBe(expected)
  })

  it('tells the last moment that passed', () => {
    const zone = createZone('Europe/Berlin')
    const schedule = { times: times('02:30 07:00'), days: week }
    expect(iso(lastAt(schedule, Date.parse('2026-03-29T05:00Z'), zone))).toBe('2026-03-29T05:00Z')
    expect(iso(lastAt(schedule, Date.parse('2026-03-29T04:59Z'), zone))).toBe('2026-03-29T01:00Z')
    expect(iso(lastAt(schedule, Date.parse('2026-03-29T00:59Z'), zone))).toBe('2026-03-28T06:00Z')
    expect(iso(lastAt({ times: times('12:00'), days: ['wed'] }, Date.parse('2026-03-29T00:00Z'), zone))).toBe(
      '2026-03-25T11:00Z',
    )
  })

  it('never falls due on no day', () => {
    const zone = createZone('UTC')
    expect(nextAt({ times: times('12:00'), days: [] }, 0, zone)).toBeNull()
    expect(lastAt({ times: times('12:00'), days: [] }, 0, zone)).toBeNull()
  })

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia'])(
    '%s: agrees with croner outside the nights of the clock change',
    name => {
      const zone = createZone(name)
      const patterns = [
        { at: '00:30', days: week, cron: '30 0 * * *' },
        { at: '02:15', days: ['sat', 'sun'] as const, cron: '15 2 * * 6,0' },
        { at: '12:00', days: ['mon', 'wed', 'fri'] as const, cron: '0 12 * * 1,3,5' },
        { at: '23:59', days: week, cron: '59 23 * * *' },
      ]
      let compared = 0
      for (const { at, days, cron } of patterns) {
        const oracle = new Cron(cron, { timezone: name })
        for (let after = Date.UTC(2026, 0); after < Date.UTC(2027, 0); after += 31 * HOUR) {
          const expected = oracle.nextRun(new Date(after))!.getTime()
          const isChange = [-30, 30].some(
            hours =>
              zone.toLocal(expected + hours * HOUR) - expected - hours * HOUR !== zone.toLocal(expected) - expected,
          )
          if (isChange) continue
          compared++
          expect(nextAt({ times: times(at), days }, after, zone)).toBe(expected)
        }
      }
      expect(compared).toBeGreaterThan(1000)
    },
  )
})

function moments(
  zone: string,
  every: number,
  { from, until, offset = 0 }: { from: string; until: string; offset?: number },
) {
  const found: string[] = []
  const place = createZone(zone)
  for (let at = nextEvery({ every, offset }, Date.parse(from), place); at <= Date.parse(until);) {
    found.push(new Date(at).toISOString().slice(11, 16))
    at = nextEvery({ every, offset }, at, place)
  }
  return found.join(' ')
}

describe('every', () => {
  it('counts from local midnight what divides a day', () => {
    expect(moments('Europe/Berlin', 6 * HOUR, { from: '2026-03-01T22:00Z', until: '2026-03-02T23:00Z' })).toBe(
      '23:00 05:00 11:00 17:00 23:00',
    )
    expect(moments('Asia/Kathmandu', HOUR, { from: '2026-03-01T00:00Z', until: '2026-03-01T02:00Z' })).toBe(
      '00:15 01:15',
    )
    expect(
      moments('Europe/Berlin', HOUR, { from: '2026-03-01T10:00Z', until: '2026-03-01T13:00Z', offset: 20 * MINUTE }),
    ).toBe('10:20 11:20 12:20')
  })

  it('counts from 1970 what does not', () => {
    const at = nextEvery({ every: 7 * MINUTE, offset: MINUTE }, Date.UTC(2026, 2, 1), createZone('Europe/Berlin'))
    expect((at - MINUTE) % (7 * MINUTE)).toBe(0)
    expect(at - Date.UTC(2026, 2, 1)).toBeLessThanOrEqual(7 * MINUTE)
  })

  it('keeps its pace in the nights of the clock change', () => {
    expect(moments('Europe/Berlin', 30 * MINUTE, { from: '2026-03-29T00:00Z', until: '2026-03-29T02:00Z' })).toBe(
      '00:30 01:00 01:30 02:00',
    )
    expect(moments('Europe/Berlin', 30 * MINUTE, { from: '2026-10-24T23:30Z', until: '2026-10-25T02:00Z' })).toBe(
      '00:00 00:30 01:00 01:30 02:00',
    )
    // A day of 23 hours and one of 25: hours run through, and midnight begins anew.
    expect(moments('Europe/Berlin', 6 * HOUR, { from: '2026-03-28T23:00Z', until: '2026-03-30T04:00Z' })).toBe(
      '05:00 11:00 17:00 22:00 04:00',
    )
    expect(moments('Europe/Berlin', 12 * HOUR, { from: '2026-10-24T22:00Z', until: '2026-10-26T11:00Z' })).toBe(
      '10:00 22:00 23:00 11:00',
    )
  })

  it.each([
    ['Africa/Cairo', '2026-04-23T18:00Z', '2026-04-24T02:00Z'],
    ['Africa/Cairo', '2026-10-29T18:00Z', '2026-10-30T02:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T12:00Z', '2026-10-03T20:00Z'],
    ['Pacific/Apia', '2011-12-30T06:00Z', '2011-12-30T14:00Z'],
  ])('%s: every 15 minutes means every 15 minutes from %s to %s', (name, from, until) => {
    const zone = createZone(name)
    for (let at = Date.parse(from); at < Date.parse(until); at += 15 * MINUTE) {
      expect(nextEvery({ every: 15 * MINUTE, offset: 0 }, at, zone)).toBe(at + 15 * MINUTE)
    }
  })
})
