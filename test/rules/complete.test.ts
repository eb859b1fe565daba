import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueFromJson } from '../../rules/check/catalogue-file.ts'
import { complete, MAX_ITEMS } from '../../rules/complete/complete.ts'
import { house } from './check/house.ts'

const folder = new URL('../../rules/examples/', import.meta.url)
const examples = readdirSync(folder).map(file => readFileSync(new URL(file, folder), 'utf8'))

const seed = Number(process.env['HOB_SEED'] ?? 20_260_301)

describe('completion', () => {
  it('has an answer at every place of every example', () => {
    for (const text of examples) {
      for (let offset = 0; offset <= text.length; offset++) {
        const { from, to, items } = complete(text.slice(0, offset), offset, house)
        expect(from).toBeLessThanOrEqual(to)
        expect(items.length).toBeLessThanOrEqual(MAX_ITEMS)
      }
    }
  })

  it(`has an answer in any text (seed ${seed})`, () => {
    const letters = fc.constantFrom(
      'on',
      'do',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '{{',
      '#',
      ',',
      'hall_lamp',
      '.',
      '\t',
    )
    const text = fc.array(letters, { maxLength: 40 }).map(parts => parts.join(''))
    const property = fc.property(text, fc.nat(200), (any, offset) => {
      const { from, to } = complete(any, offset, house)
      return from >= 0 && from <= to && to <= any.length
    })
    expect(fc.check(property, { seed, numRuns: 2_000 })).toMatchObject({ failed: false })
  })

  it('gives 100 at most, and those that begin so first', () => {
    const entity = (slug: string) => ({
      slug,
      component: 'switch',
      device: { slug },
      values: { on: { value: true } },
      commands: ['turn_on'],
    })
    const many = catalogueFromJson({
      entities: Array.from({ length: 300 }, (_, i) => entity(i === 299 ? 'lamp' : `a_lamp_${i}`)),
    })
    const text = 'on: a/b\ndo: {turn_on: lamp'
    const { items } = complete(text, text.length, many)
    expect(items).toHaveLength(MAX_ITEMS)
    expect(items[0]).toMatchObject({ label: 'lamp' })
  })

  it('leaves texts alone that no rule file may be', () => {
    expect(complete('x'.repeat(262_145), 5, house).items).toEqual([])
  })

  it('takes an offset outside the text as its end', () => {
    expect(complete('on: a/b\nmo', 99, house)).toMatchObject({ from: 8, to: 10 })
    expect(complete('on: a/b', -1, house)).toMatchObject({ from: 0, to: 0 })
  })
})
