import { describe, expect, it } from 'vitest'
import { createFormats } from '../../web/lib/i18n/formats.ts'
import { en } from '../../web/lib/i18n/en/index.ts'
import { chooseLanguage } from '../../web/lib/i18n/index.ts'

describe('the language of the page', () => {
  it.each<[wanted: string[], language: string]>([
    [['en-GB', 'de'], 'en'],
    [['xx', 'EN'], 'en'],
    [['xx-YY'], 'en'],
    [[], 'en'],
  ])('for %j is %s', (wanted, language) => {
    expect(chooseLanguage(wanted).language).toBe(language)
  })

  it('shares texts between regions, not dates', () => {
    const at = new Date(2026, 0, 22, 18, 4).getTime()
    expect(chooseLanguage(['en-GB']).formats.time(at)).toBe('18:04')
    expect(chooseLanguage(['en-US']).formats.time(at)).toMatch(/^06:04\sPM$/)
  })
})

const { formats } = chooseLanguage(['en-GB'])

describe('amounts', () => {
  it.each<[value: number, unit: string, shown: string]>([
    [21.44, '°C', '21.4 °'],
    [-0.04, '°C', '0.0 °'],
    [-3.25, '°C', '−3.3 °'],
    [1840.4, 'W', '1,840 W'],
    [9.127, 'W', '9.13 W'],
    [46.5, '%', '47 %'],
    [742, 'ppm', '742 ppm'],
    [12.34, 'kWh', '12.3 kWh'],
    [5, '', '5 '],
  ])('%d %s is %s', (value, unit, shown) => {
    const { figure, unit: small } = formats.figure(value, unit)
    expect(`${figure} ${small}`).toBe(shown)
  })

  it('keeps ° at its figure', () => {
    expect(formats.figure(21, '°C').isClose).toBe(true)
    expect(formats.figure(21, '%').isClose).toBe(false)
  })
})

describe('times', () => {
  it.each<[milliseconds: number, text: string]>([
    [-5, '0 s'],
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [172_799_999, '47 h'],
    [172_800_000, '2 days'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(formats.duration(milliseconds)).toBe(text)
  })

  const now = new Date(2026, 2, 30, 0, 10).getTime()
  it.each<[at: Date, text: string]>([
    [new Date(2026, 2, 30, 0, 5), '00:05'],
    [new Date(2026, 2, 29, 23, 59), 'yesterday 23:59'],
    [new Date(2026, 2, 28, 12, 0), '28 Mar, 12:00'],
  ])('%s is %s', (at, text) => {
    expect(formats.moment(at.getTime(), now)).toBe(text)
  })

  it('says how long ago', () => {
    expect(formats.ago(now - 4000, now)).toBe('just now')
    expect(formats.ago(now - 25 * 60_000, now)).toBe('25 min ago')
  })
})

describe('the zone of the house', () => {
  const inZone = (zone: string) => createFormats('en-GB', en.formats, () => zone)
  const at = Date.parse('2026-01-22T17:04:05.060Z')

  it.each<[zone: string, time: string, moment: string, exact: string]>([
    ['UTC', '17:04', 'yesterday 17:04', '22 Jan 2026, 17:04:05'],
    ['Asia/Tokyo', '02:04', 'yesterday 02:04', '23 Jan 2026, 02:04:05'],
    ['America/Argentina/Buenos_Aires', '14:04', 'yesterday 14:04', '22 Jan 2026, 14:04:05'],
  ])('%s', (zone, time, moment, exact) => {
    const told = inZone(zone)
    expect(told.time(at)).toBe(time)
    expect(told.instant(at)).toBe(`${time}:05.060`)
    expect(told.moment(at, Date.parse('2026-01-23T15:30:00Z'))).toBe(moment)
    expect(told.exact(at)).toContain(exact)
  })

  it('tells days by the calendar of the house, over a change of the clock as well', () => {
    const { moment } = inZone('Europe/Berlin')
    const [before, after] = ['2026-03-28T22:30:00Z', '2026-03-29T21:30:00Z'].map(text => Date.parse(text))
    expect(moment(before!, after!)).toBe('yesterday 23:30')
  })

  it('says where the clock of the browser shows another time, and what', () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone
    expect(inZone(here).elsewhere(at)).toBeNull()
    const { time } = createFormats('en-GB', en.formats)
    expect(inZone('Pacific/Port_Moresby').elsewhere(at)).toEqual({ place: 'Port Moresby', here: time(at) })
    expect(inZone('Pacific/Port_Moresby').exact(at)).toBe('23 Jan 2026, 03:04:05 GMT+10')
  })

  it('is what the pages tell times in as soon as it is known', () => {
    let zone: string | undefined
    const { time } = createFormats('en-GB', en.formats, () => zone)
    zone = 'Asia/Kolkata'
    expect(time(at)).toBe('22:34')
    zone = 'America/New_York'
    expect(time(at)).toBe('12:04')
  })
})
