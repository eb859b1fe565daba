import { describe, expect, it } from 'vitest'
import { catalogueFromJson, checkText } from '#rules'
import { Entity } from '../../web/lib/live/entity.svelte.ts'
import { exampleOf, examplesFor, type ExampleId } from '../../web/lib/state/rule-examples.ts'
import { HALL_HOUSE } from '../browser/rule-house.ts'

const house = HALL_HOUSE.map(json => new Entity(json))
const areas = [{ id: 'area-hall', slug: 'hall', name: 'Hall' }]
const catalogue = catalogueFromJson({ entities: structuredClone(HALL_HOUSE) as never, areas })

describe('worked rules', () => {
  it.each<ExampleId>(['motion', 'door', 'night', 'frost', 'message'])(
    '%s is a rule without a fault in this house',
    id => {
      const { text } = exampleOf(id, house)!
      expect(checkText({ text, file: 'x.yaml', slug: 'x', catalogue }).faults).toEqual([])
    },
  )

  it('are three that fit the house; a message goes through any', () => {
    expect(examplesFor(house).map(({ id }) => id)).toEqual(['motion', 'door', 'night'])
    expect(examplesFor([]).map(({ id }) => id)).toEqual(['message'])
  })

  it('are not found by other words', () => {
    for (const id of ['', 'nothing', 'toString', '__proto__']) expect(exampleOf(id, house)).toBeUndefined()
  })
})
