import { describe, expect, it } from 'vitest'
import { midnights, periodBefore } from '../../server/history/calendar.ts'

const iso = (at: number) => new Date(at).toISOString().slice(0, 16)
const at = (text: string) => Date.parse(`${text}:00Z`)

describe('midnights', () => {
  it.each<[string, string, string, string, string[]]>([
    ['a usual day', 'Europe/Berlin', '2026-03-10T12:00', '2026-03-10T13:00', ['2026-03-09T23:00', '2026-03-10T23:00']],
    ['23 hours', 'Europe/Berlin', '2026-03-29T12:00', '2026-03-29T13:00', ['2026-03-28T23:00', '2026-03-29T22:00']],
    ['25 hours', 'Europe/Berlin', '2026-10-25T12:00', '2026-10-25T13:00', ['2026-10-24T22:00', '2026-10-25T23:00']],
    [
      'half an hour off',
      'Asia/Kolkata',
      '2026-03-10T12:00',
      '2026-03-10T13:00',
      ['2026-03-09T18:30', '2026-03-10T18:30'],
    ],
    [
      'a midnight that is skipped',
      'Africa/Cairo',
      '2026-04-24T12:00',
      '2026-04-24T13:00',
      ['2026-04-23T22:00', '2026-04-24T21:00'],
    ],
    ['exactly a day', 'UTC', '2026-03-10T00:00', '2026-03-11T00:00', ['2026-03-10T00:00', '2026-03-11T00:00']],
  ])('%s: %s', (_name, zone, from, to, wanted) => {
    expect(midnights(at(from), at(to), zone).map(iso)).toEqual(wanted)
  })
})

describe('a period before', () => {
  it.each<['day' | 'week' | 'month' | 'year', string, string]>([
    ['day', '2026-03-29T10:00', '2026-03-28T11:00'],
    ['week', '2026-03-30T10:00', '2026-03-23T11:00'],
    ['month', '2026-03-31T10:00', '2026-02-28T11:00'],
    ['year', '2028-02-29T11:00', '2027-02-28T11:00'],
    ['month', '2026-01-15T11:00', '2025-12-15T11:00'],
  ])('%s: the same time on the wall in Berlin, %s is %s', (period, now, before) => {
    expect(iso(periodBefore(at(now), period, 'Europe/Berlin'))).toBe(before)
  })
})
