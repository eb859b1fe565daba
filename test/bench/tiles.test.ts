import { expect, it } from 'vitest'
import { tileChange, TILES } from './tiles.ts'

it('changes each of 300 tiles once before one has its second turn, and each time to another value', () => {
  expect(TILES).toBe(300)
  const last = new Map<string, string>()
  for (let round = 0; round < 5; round++) {
    const touched = new Set<string>()
    for (let i = 0; i < TILES; i++) {
      const { topic, payload } = tileChange(round * TILES + i)
      touched.add(topic)
      expect(payload).not.toBe(last.get(topic))
      last.set(topic, payload)
    }
    expect(touched.size).toBe(TILES)
  }
})
