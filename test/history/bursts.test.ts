import { expect, it } from 'vitest'
import { createCauses, type Cause } from '#kernel'
import { createBursts, type Happening } from '../../server/history/activity/bursts.ts'
import { linksOf, type Names } from '../../server/history/activity/chain.ts'
import type { BurstWrite } from '../../server/history/index.ts'
import { createTestClock } from '../support/clock.ts'

function watched() {
  const clock = createTestClock()
  const writes: BurstWrite[] = []
  const bursts = createBursts({ clock, write: each => void writes.push(each) })
  let id = 0
  const add = (entity: string) => {
    const happening: Happening = {
      ...{ id: ++id, seq: id, at: clock.now(), to: true, run: null, device: null, area: null, cause: [] },
      entity: { id: entity, name: entity },
      what: { kind: 'change', value: 'on', from: false, to: true, unit: null },
    }
    bursts.add(happening)
  }
  return { clock, writes, bursts, add }
}

it('a burst that grows takes the place of its newest and leaves that of before', () => {
  const { writes, add } = watched()
  for (let i = 0; i < 3; i++) add('lamp')
  expect(writes.map(({ activity, before }) => [activity.id, activity.first, before])).toEqual([
    [1, 1, null],
    [2, 1, 1],
    [3, 1, 2],
  ])
})

it('2,000 bursts go on at a time; the one that rested longest ends, and is written', () => {
  const { writes, add } = watched()
  for (let i = 0; i < 30; i++) add('flood')
  expect(writes.at(-1)!.activity.count).toBe(20)
  for (let i = 0; i < 1_999; i++) add(`lamp${i}`)
  add('flood')
  add('lamp0')
  expect(writes.at(-1)!.activity.count).toBe(2)
  // The 2,001st ends the one of lamp1, and 1,999 others that of the flood.
  add('another')
  add('lamp1')
  expect(writes.at(-1)!.activity.count).toBe(1)
  for (let i = 0; i < 2_000; i++) add(`other${i}`)
  expect(writes.find(({ activity }) => activity.count === 31)).toBeDefined()
})

it('a flood that is over is written three minutes later at most', () => {
  const { clock, writes, add } = watched()
  for (let i = 0; i < 30; i++) add('flood')
  clock.advance(180_000)
  expect(writes.at(-1)!.activity.count).toBe(30)
  expect(clock.pending).toBe(0)
})

it('a chain has 16 links and names of 100 characters at most', () => {
  const causes = createCauses(() => 'id')
  let cause: Cause = causes.root('user', 'a'.repeat(101))
  const names: Names = {
    ...{ rule: id => id, token: id => id, pass: id => id },
    ...{ entity: () => undefined, isClient: () => false },
  }
  expect(linksOf(cause, undefined, names)).toEqual([{ kind: 'user', name: 'a'.repeat(100) }])
  for (let i = 0; i < 16; i++) cause = causes.child(cause, 'rule', `rule${i}`, { topic: 'go' })
  const links = linksOf(cause, undefined, names)
  expect(links).toHaveLength(16)
  expect(links[0]).toEqual({ kind: 'rule', id: 'rule15', name: 'rule15', run: 'id' })
})
