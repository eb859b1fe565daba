import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHouse, type House } from './support/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

it('describes the API as the golden file has it', async () => {
  const answer = await house.ask({ method: 'GET', path: '/api/v1/openapi.json', who: 'nobody' })
  await expect(`${JSON.stringify(answer.json, null, 2)}\n`).toMatchFileSnapshot('golden/openapi.json')
})
