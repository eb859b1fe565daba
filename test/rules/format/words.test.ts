import { describe, expect, it } from 'vitest'
import { parseDuration, showDuration } from '../../../rules/format/duration.ts'
import { printFault, sortFaults } from '../../../rules/format/print.ts'
import { parseQuantity } from '../../../rules/format/quantity.ts'
import { parseTime } from '../../../rules/format/triggers/at.ts'
import type { Fault } from '../../../rules/format/errors.ts'

describe('durations', () => {
  it.each<[string, number | undefined]>([
    ['90s', 90_000],
    ['5min', 300_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h30min', 5_400_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['0', 0],
    ['5', undefined],
    ['', undefined],
    ['5 min', undefined],
    ['30m1h', undefined],
    ['1h1h', undefined],
    ['-5s', undefined],
    ['5minutes', undefined],
    ['s', undefined],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each([
    [0, '0'],
    [5_400_000, '1h30min'],
    [90_061_001, '1d1h1min1s1ms'],
  ])('%i ms is shown as %s', (milliseconds, text) => {
    expect(showDuration(milliseconds)).toBe(text)
  })
})

describe('times of day', () => {
  it.each([
    ['22:30', { hour: 22, minute: 30, second: 0 }],
    ['7:05', { hour: 7, minute: 5, second: 0 }],
    ['00:00:59', { hour: 0, minute: 0, second: 59 }],
    ['24:00', undefined],
    ['7:5', undefined],
    ['07.05', undefined],
    ['7:60', undefined],
  ])('%s', (text, time) => {
    expect(parseTime(text)).toEqual(time)
  })
})

describe('numbers with units', () => {
  it.each([
    ['40%', { number: 40, unit: '%' }],
    ['21.5 °C', { number: 21.5, unit: '°C' }],
    ['-3°C', { number: -3, unit: '°C' }],
    ['2700 K', { number: 2700, unit: 'K' }],
    ['1.2kWh', { number: 1.2, unit: 'kWh' }],
    ['12 µg/m³', { number: 12, unit: 'µg/m³' }],
    ['5min', { number: 5, unit: 'min' }],
    ['1h30m', { number: 5400, unit: 's' }],
    ['40', undefined],
    ['0', undefined],
    ['on', undefined],
    ['2nd floor', undefined],
    ['#ff8800', undefined],
  ])('%s', (text, quantity) => {
    expect(parseQuantity(text)).toEqual(quantity)
  })
})

const fault: Fault = {
  file: 'rules/hall.yaml',
  line: 2,
  column: 10,
  endColumn: 20,
  severity: 'error',
  id: 'unknown-device',
  message: 'there is no device "hall_motin"',
  suggestion: 'did you mean "hall_motion" (area Hall, has occupancy, illuminance)?',
  replacements: ['hall_motion'],
}

describe('a printed fault', () => {
  it('shows the line with a caret below what is meant', () => {
    const source = 'hall light:\n  while: hall_motin.occupancy and time in 22:00..06:00\n'
    expect(printFault(fault, source)).toBe(
      [
        'rules/hall.yaml:2:10: error[unknown-device]: there is no device "hall_motin"',
        '    2 |   while: hall_motin.occupancy and time in 22:00..06:00',
        '      |          ^^^^^^^^^^ did you mean "hall_motion" (area Hall, has occupancy, illuminance)?',
      ].join('\n'),
    )
  })

  it('shows the part of a long line that matters', () => {
    const at = { ...fault, line: 1, column: 501, endColumn: 511, suggestion: null }
    const [, line, carets] = printFault(at, `${'x'.repeat(500)}hall_motin${'y'.repeat(500)}`).split('\n')
    expect(line!.length).toBeLessThan(130)
    expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('hall_motin')
  })

  it('ends its caret with the line and copes with tabs', () => {
    const printed = printFault({ ...fault, line: 1, column: 2, endColumn: 90, suggestion: null }, '\tab')
    expect(printed.split('\n').slice(1)).toEqual(['    1 |  ab', '      |  ^^'])
  })

  it('needs no text', () => {
    expect(printFault(fault, '')).toBe(
      'rules/hall.yaml:2:10: error[unknown-device]: there is no device "hall_motin"\n   note: did you mean "hall_motion" (area Hall, has occupancy, illuminance)?',
    )
    expect(printFault({ ...fault, suggestion: null }, '\n\n')).not.toContain('\n')
  })

  it('stands in the order of the text, the worst first', () => {
    const at = (line: number, column: number, severity: Fault['severity']) => ({ ...fault, line, column, severity })
    const sorted = sortFaults([at(3, 1, 'error'), at(1, 9, 'info'), at(1, 9, 'error'), at(1, 2, 'warning')])
    expect(sorted.map(({ line, column, severity }) => `${line}:${column} ${severity}`)).toEqual([
      '1:2 warning',
      '1:9 error',
      '1:9 info',
      '3:1 error',
    ])
  })
})
