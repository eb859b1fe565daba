import { describe, expect, it } from 'vitest'
import { fromField, toField } from '../../web/lib/state/house-time.ts'

describe('a field for times, by the clock of the house', () => {
  it.each([
    ['2026-01-22T18:04', 'Europe/Berlin', '2026-01-22T17:04:00Z'],
    ['2026-07-22T18:04', 'Europe/Berlin', '2026-07-22T16:04:00Z'],
    ['2026-01-22T18:04', 'Asia/Kathmandu', '2026-01-22T12:19:00Z'],
    ['2026-12-31T23:30', 'America/New_York', '2027-01-01T04:30:00Z'],
  ])('%s in %s is %s, and back', (text, zone, at) => {
    expect(fromField(text, zone)).toBe(Date.parse(at))
    expect(toField(Date.parse(at), zone)).toBe(text)
  })

  it('means the first of two when the clock goes back', () => {
    expect(fromField('2026-10-25T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T00:30:00Z'))
    expect(fromField('2026-10-25T03:30', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T02:30:00Z'))
  })

  it('goes on after the gap when the clock goes forward', () => {
    expect(fromField('2026-03-29T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30:00Z'))
    expect(fromField('2026-03-29T03:30', 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30:00Z'))
  })

  it.each(['', '2026-01-22', 'tomorrow', '2026-13-01T10:00', '2026-01-22T18:04:00'])('finds no time in "%s"', text => {
    expect(fromField(text, 'Europe/Berlin')).toBeNull()
  })
})
