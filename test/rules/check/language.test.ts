import { describe, expect, it } from 'vitest'
import { checkText } from '../../../rules/check/check-text.ts'
import { house } from './house.ts'

const ids = (text: string) =>
  checkText({ text, file: 'a.yaml', slug: 'a', catalogue: house }).faults.map(({ id, message }) => `${id} ${message}`)

const words = (text: string) => text.split(' ')

describe('a key of the language that does not run yet', () => {
  it.each(
    words(
      'while until on_unknown linger at_start memory after finally on_error per limit cooldown timeout self use with each',
    ),
  )('is refused by its name in a rule of several: %s', key => {
    const faults = ids(`rules:\n  one:\n    on: a/b\n    do: {log: x}\n    ${key}: x\n`)
    expect(faults).toEqual([`not-supported \`${key}\` is not supported yet`])
  })

  it.each(words('templates scenes lists tests'))('is refused by its name in a file: %s', key => {
    const refused = [`not-supported \`${key}\` is not supported yet`]
    expect(ids(`rules:\n  one: {on: a/b, do: {log: x}}\n${key}: {}\n`)).toEqual(refused)
    expect(ids(`${key}: {}\n`)).toEqual(refused)
  })

  it.each(words('changed cron button event webhook calendar silent sequence device'))(
    'is refused by its name as a trigger: %s',
    key => {
      expect(ids(`on: {${key}: x}\ndo: {log: x}\n`)).toEqual([
        `not-supported \`${key}\` as a trigger is not supported yet`,
      ])
    },
  )

  it.each(
    words(
      'wait_until wait_for choose repeat for_each parallel let remember scene snapshot restore notify http respond run emit enable disable stop fail return',
    ),
  )('is refused by its name as a step: %s', key => {
    const faults = ids(`on: a/b\nmode: single\ndo: {${key}: x}\n`)
    expect(faults).toEqual([`not-supported \`${key}\` is not supported yet`])
  })

  it.each([
    ...words('as retry on_error enabled at_most confirm').map(key => [
      'do',
      `do: {turn_on: hall_lamp, ${key}: x}`,
      key,
    ]),
    ...words('enabled for').map(key => ['on', `on: {topic: a/b, ${key}: x}`, key]),
    ...words('dates jitter').map(key => ['on', `on: {at: 7:00, ${key}: x}`, key]),
    ['do', 'do: {publish: a, payload: x, properties: x}', 'properties'],
    ['do', 'do: {set: hall_lamp.on, to: true, confirm: x}', 'confirm'],
  ])('is refused by its name beside others: %s %s', (where, text, key) => {
    const rest = where === 'do' ? 'on: a/b\n' : 'do: {log: x}\n'
    expect(ids(`${rest}${text!}\n`)).toEqual([`not-supported \`${key!}\` is not supported yet`])
  })

  it.each(['sunrise + 10min', 'sunset - 20min', 'elevation -4° rising'])('is refused as a time: %s', time => {
    expect(ids(`on: {at: ${time}}\ndo: {log: x}\n`)).toEqual([`not-supported \`at: ${time}\` is not supported yet`])
  })

  it.each(words('house.mode people.home anyone_home lists.windows sun.up'))('is refused as a name: %s', name => {
    expect(ids(`on: a/b\nif: ${name}\ndo: {log: x}\n`)[0]).toContain('is not available yet')
  })
})
