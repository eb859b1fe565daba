import { describe, expect, it } from 'vitest'
import { TopicTree } from '#kernel'
import { covers, overlaps } from '../../../devices/pairing/filters.ts'

describe('filters', () => {
  it.each([
    ['a/b', 'a/b'],
    ['a/+', 'a/b'],
    ['a/+', 'a/+'],
    ['a/#', 'a'],
    ['a/#', 'a/b/c'],
    ['a/#', 'a/+/c'],
    ['a/#', 'a/b/#'],
    ['#', 'a/#'],
    ['+/+', '/x'],
  ])('%s covers %s', (wide, narrow) => expect(covers(wide, narrow)).toBe(true))

  it.each([
    ['a/b', 'a/c'],
    ['a/b', 'a'],
    ['a', 'a/b'],
    ['a/b', 'a/+'],
    ['a/+', 'a/#'],
    ['a/+', 'a/b/c'],
    ['a/b/#', 'a/#'],
    ['a/b/#', 'a'],
  ])('%s does not cover %s', (wide, narrow) => expect(covers(wide, narrow)).toBe(false))

  it.each([
    ['a/+/c', 'a/b/+'],
    ['a/#', '+/b'],
    ['a/#', 'a'],
    ['#', 'x'],
    ['a/b', 'a/b'],
  ])('%s and %s meet, whichever comes first', (one, other) =>
    expect([overlaps(one, other), overlaps(other, one)]).toEqual([true, true]),
  )

  it.each([
    ['a/b', 'a/c'],
    ['a/+', 'a'],
    ['a/b/#', 'a/c/#'],
    ['+/x', 'a/y'],
    ['a/b/#', 'a'],
  ])('%s and %s do not', (one, other) => expect([overlaps(one, other), overlaps(other, one)]).toEqual([false, false]))

  it('agree with the matcher for all short filters and topics', () => {
    const levels = ['a', 'b', '+', '#']
    // `+/#` is `#` in other words.
    const isPlain = (filter: string) => !/#\//.test(filter) && filter !== '+/#'
    const all = [1, 2, 3].flatMap(length => combinations(levels, length)).filter(isPlain)
    const topics = [1, 2, 3, 4].flatMap(length => combinations(['a', 'b', 'c'], length))
    const matched = new Map(all.map(filter => [filter, new Set(topics.filter(topic => matches(filter, topic)))]))
    for (const [one, ones] of matched) {
      for (const [other, others] of matched) {
        expect([one, other, covers(one, other)]).toEqual([one, other, others.isSubsetOf(ones)])
        expect([one, other, overlaps(one, other)]).toEqual([one, other, !others.isDisjointFrom(ones)])
      }
    }
  })
})

function combinations(levels: readonly string[], length: number): string[] {
  if (length === 1) return [...levels]
  return combinations(levels, length - 1).flatMap(head => levels.map(level => `${head}/${level}`))
}

function matches(filter: string, topic: string): boolean {
  const tree = new TopicTree<true>()
  tree.add(filter, true)
  return tree.match(topic).length > 0
}
