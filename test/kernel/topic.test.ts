import { describe, expect, it } from 'vitest'
import { isTopicFilter, isTopicName, splitShare, TopicTree } from '#kernel'

const MATCHES: [filter: string, topic: string, matches: boolean][] = [
  ['sport/+', 'sport/', true],
  ['sport/+', 'sport/a', true],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/a/b', false],
  ['sport/#', 'sport', true],
  ['sport/#', 'sport/', true],
  ['sport/#', 'sport/a/b', true],
  ['sport/#', 'sports', false],
  ['#', '/', true],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['+', '/finance', false],
  ['#', '$SYS/uptime', false],
  ['+/uptime', '$SYS/uptime', false],
  ['$SYS/#', '$SYS/uptime', true],
  ['$SYS/+', '$SYS/uptime', true],
  ['a//b', 'a//b', true],
  ['a/+/b', 'a//b', true],
  ['a', 'A', false],
  ['+/b/#', 'a/b', true],
]

describe('TopicTree', () => {
  it.each(MATCHES)('%s against %s: %s', (filter, topic, matches) => {
    const tree = new TopicTree<string>()
    tree.add(filter, 'value')
    expect(tree.match(topic)).toEqual(matches ? ['value'] : [])
  })

  it('forgets cached matches when it changes', () => {
    const tree = new TopicTree<string>()
    expect(tree.match('a/b')).toEqual([])
    tree.add('a/+', 'x')
    expect(tree.match('a/b')).toEqual(['x'])
    expect(tree.remove('a/+', 'x')).toBe(true)
    expect(tree.match('a/b')).toEqual([])
    expect(tree.remove('a/+', 'x')).toBe(false)
  })

  it('keeps equal values on several filters apart', () => {
    const tree = new TopicTree<string>()
    tree.add('a/#', 'x')
    tree.add('a/b', 'x')
    expect(tree.match('a/b')).toEqual(['x', 'x'])
    tree.remove('a/#', 'x')
    expect(tree.match('a/b')).toEqual(['x'])
  })

  it('leaves a list that was handed out as it was', () => {
    const tree = new TopicTree<string>()
    tree.add('a', 'x')
    const before = tree.match('a')
    tree.remove('a', 'x')
    expect(before).toEqual(['x'])
  })

  it('visits each filter once, however many wildcards', () => {
    const tree = new TopicTree<number>()
    const deep = Array.from({ length: 128 }, () => '+').join('/')
    tree.add(deep, 1)
    tree.add(Array.from({ length: 128 }, () => 'a').join('/'), 2)
    expect(tree.match(Array.from({ length: 128 }, () => 'a').join('/')).toSorted()).toEqual([1, 2])
  })
})

describe('names and filters', () => {
  it.each(['a', '/', 'a//b', '$SYS/x', 'ü', 'a '])('%j is a topic name', name => expect(isTopicName(name)).toBe(true))
  it.each(['', 'a/+', '#', 'a\0', Array.from({ length: 129 }, () => 'a').join('/')])('%j is none', name =>
    expect(isTopicName(name)).toBe(false),
  )
  it.each(['#', '+', 'a/#', '+/+', '/', 'a/+/b'])('%j is a filter', filter => expect(isTopicFilter(filter)).toBe(true))
  it.each(['', 'a#', '#/a', 'a+', '+a', 'a/#/b', 'a\0'])('%j is none', filter =>
    expect(isTopicFilter(filter)).toBe(false),
  )

  it.each([
    ['a/b', null],
    ['$share/g/a/#', { group: 'g', filter: 'a/#' }],
    ['$share/g', undefined],
    ['$share//a', undefined],
    ['$share/g+/a', undefined],
    ['$share/g/', undefined],
    ['$share/g/a#', undefined],
  ])('splits %s', (text, parts) => expect(splitShare(text)).toEqual(parts))
})
