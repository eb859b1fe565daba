import { describe, expect, it } from 'vitest'
import type { ValueSpec } from '#devices'
import { wordsOf } from '../../../rules/format/errors.ts'
import { convert } from '../../../rules/units.ts'
import { fitQuantity, fitValue, parametersOf, showRange, type Fit } from '../../../rules/values.ts'
import { house } from './house.ts'

describe('one quantity in another unit', () => {
  it.each<[number, string, string, number | undefined]>([
    [60, '%', '%', 60],
    [5, 'min', 's', 300],
    [5, 'm', 's', 300],
    [2, 'w', 'd', 14],
    [500, 'ms', 's', 0.5],
    [1.2, 'kW', 'W', 1200],
    [0.1, 'kWh', 'Wh', 100],
    [3.6, 'MJ', 'kWh', 1],
    [70, '°F', '°C', 21.1111111111],
    [20, 'C', '°F', 68],
    [370, 'mired', 'K', 2703],
    [2700, 'K', 'mired', 370],
    [0, 'mired', 'K', undefined],
    [1013, 'mbar', 'hPa', 1013],
    [90, 'km/h', 'm/s', 25],
    [30, 'lux', 'lx', 30],
    [12, 'μg/m³', 'µg/m³', 12],
    [3, 'm', 'cm', 300],
    [1, 'kWh', 'kW', undefined],
    [1, '%', 'lx', undefined],
    [1, 'constructor', 's', undefined],
  ])('%d %s in %s', (number, from, to, expected) => {
    expect(convert(number, from, to)).toBe(expected)
  })
})

const percent: ValueSpec = { type: 'number', unit: '%', min: 0, max: 100 }
const target: ValueSpec = { type: 'number', unit: '°C', min: 5 }
const mode: ValueSpec = { type: 'enum', options: ['off', 'heat', 'auto'] }
const bool: ValueSpec = { type: 'bool' }
const text: ValueSpec = { type: 'text' }

/** A suggestion in words alone. */
const plain = (fit: Fit) =>
  'misfit' in fit ? { misfit: { ...fit.misfit, suggestion: wordsOf('', fit.misfit.suggestion).suggestion } } : fit

describe('a value for a device', () => {
  it.each<[unknown, ValueSpec]>([
    [40, percent],
    [0, percent],
    [true, bool],
    ['heat', mode],
    ['#ff8800', text],
    [[1, 2], { type: 'list' }],
    ['free', { type: 'enum' }],
  ])('fits: %j', (given, spec) => {
    expect(fitValue(given, spec)).toEqual({ value: given })
  })

  it.each<[given: unknown, spec: ValueSpec, id: string, message: string, suggestion: string | null]>([
    [140, percent, 'out-of-range', 'takes 0% to 100%, not 140%', null],
    [3, target, 'out-of-range', 'takes at least 5 °C, not 3 °C', null],
    [9, { type: 'number', max: 8 }, 'out-of-range', 'takes at most 8, not 9', null],
    ['40', percent, 'type-mismatch', 'takes a number, not "40"', 'write it without quotes'],
    ['on', bool, 'type-mismatch', 'takes true or false, not "on"', 'write true'],
    ['maybe', bool, 'type-mismatch', 'takes true or false, not "maybe"', null],
    [1, bool, 'type-mismatch', 'takes true or false, not 1', null],
    ['heta', mode, 'unknown-enum-value', 'does not take "heta"', 'did you mean "heat"?'],
    ['dry', mode, 'unknown-enum-value', 'does not take "dry"', 'it takes off, heat, auto'],
    [5, text, 'type-mismatch', 'takes a text, not 5', 'put it in quotes'],
    [{ a: 1 }, text, 'type-mismatch', 'takes a text, not a map', null],
    [[1], percent, 'type-mismatch', 'takes a number, not a list', null],
    [null, percent, 'type-mismatch', 'takes a number, not null', null],
    [NaN, percent, 'type-mismatch', 'takes a finite number', null],
  ])('does not fit: %j', (given, spec, id, message, suggestion) => {
    expect(plain(fitValue(given, spec))).toEqual({ misfit: { id, message, suggestion } })
  })

  it.each<[number, string, ValueSpec, unknown]>([
    [40, '%', percent, { value: 40 }],
    [1, 'min', { type: 'number', unit: 's' }, { value: 60 }],
    [5, 'min', text, { value: '5min' }],
    [140, '%', percent, { misfit: { id: 'out-of-range' } }],
    [40, 'lx', percent, { misfit: { id: 'unit-mismatch', message: 'is in %, not in lx' } }],
    [40, '%', { type: 'number' }, { misfit: { id: 'unit-mismatch', suggestion: 'write 40' } }],
    [40, '%', bool, { misfit: { id: 'type-mismatch' } }],
  ])('may have a unit: %d%s', (number, unit, spec, fit) => {
    expect(plain(fitQuantity({ number, unit }, `${number}${unit}`, spec))).toMatchObject(fit as object)
  })

  it('has bounds, or has not', () => {
    expect([percent, target, { type: 'number', max: 8 } as const, text].map(showRange)).toEqual([
      '0% to 100%',
      'at least 5 °C',
      'at most 8',
      undefined,
    ])
  })

  it('is a parameter of the command', () => {
    const entity = (slug: string) => house.entities().find(each => each.slug === slug)!
    const names = (slug: string, verb: string) => Object.keys(parametersOf(entity(slug), verb))
    expect(names('hall_lamp', 'turn_off')).toEqual(['transition'])
    expect(names('hall_lamp', 'set')).toContain('on')
    expect(names('blind', 'turn_on')).toEqual([])
  })

  it('of a thing without `set` is any parameter it has', () => {
    const lamp = house.entities().find(each => each.slug === 'hall_lamp')!
    const bare = { ...lamp, commands: lamp.commands.filter(({ name }) => name !== 'set') }
    expect(Object.keys(parametersOf(bare, 'set'))).toEqual(expect.arrayContaining(['on', 'brightness', 'transition']))
  })
})
