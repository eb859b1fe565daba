import { expect, it } from 'vitest'
import { seededChances } from '../support/chances.ts'
import { damagedHouses, flipBits } from './support/damaged-houses.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)

it(`300 copies of a hub.db with a flipped bit: none passes in silence (HOB_SEED=${seed})`, async () => {
  const houses = await damagedHouses()
  expect(await flipBits(houses, seededChances(seed), 300)).toEqual([])
  houses.remove()
})
