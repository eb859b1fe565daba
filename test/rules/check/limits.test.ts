import { describe, expect, it } from 'vitest'
import { checkText } from '../../../rules/check/check-text.ts'
import { house } from './house.ts'

const check = (text: string) => checkText({ text, file: 'limits.yaml', slug: 'limits', catalogue: house })
const ids = (text: string) => check(text).faults.map(({ id, message }) => `${id}: ${message}`)

const RULE = 'on: a/b\ndo: {log: x}\n'
const padded = (bytes: number) => `${RULE}# ${'x'.repeat(bytes - RULE.length - 2)}`
const nested = (depth: number) => `on: a/b\ndo: {publish: c, payload: ${'['.repeat(depth)}${']'.repeat(depth)}}\n`
const aliased = (count: number) =>
  `on: a/b\nlet: {x: &x 5}\ndo: {publish: c, payload: [${Array.from({ length: count }, () => '*x').join(', ')}]}\n`

describe('a rule text', () => {
  it('holds 256 KiB, counted in bytes of UTF-8', () => {
    expect(ids(padded(256 * 1024))).toEqual([])
    expect(ids(padded(256 * 1024 + 1))).toEqual(['too-large: a rule file holds at most 256 KiB'])
    expect(ids(`${RULE}# ${'é'.repeat(128 * 1024)}`)).toEqual(['too-large: a rule file holds at most 256 KiB'])
  })

  it('nests 64 levels', () => {
    expect(ids(nested(62))).toEqual([])
    expect(ids(nested(64))).toEqual(['too-large: nested deeper than 64 levels'])
    expect(ids(nested(100_000))).toEqual(['too-large: nested deeper than 64 levels'])
  })

  it('has 100 aliases', () => {
    expect(ids(aliased(100))).toEqual([])
    expect(ids(aliased(101))).toEqual(['too-large: more than 100 aliases'])
  })

  it('says at most 100,000 parts, what aliases repeat counted each time', () => {
    const list = (name: string, of: string) => `    - &${name} [${Array.from({ length: 9 }, () => of).join(', ')}]\n`
    const lists = ['a', ...'bcdefghij'].map((name, i) => list(name, i === 0 ? 'x' : `*${'abcdefghi'[i - 1]!}`))
    const bomb = `on: a/b\ndo:\n  publish: c\n  payload:\n${lists.join('')}`
    const began = performance.now()
    expect(ids(bomb)).toEqual(['too-large: more than 100000 parts, what aliases repeat counted each time'])
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('gives 100 faults at most', () => {
    const text = `on: a/b\ndo: {log: x}\n${Array.from({ length: 150 }, (_, i) => `bad${i}: x\n`).join('')}`
    expect(check(text).faults).toHaveLength(100)
  })

  it('repeats at most 240 characters of what was written', () => {
    const [fault] = check(`on: a/b\ndo: {turn_on: ${'x'.repeat(5_000)}}\n`).faults
    expect(fault!.message.length).toBeLessThan(300)
  })
})
