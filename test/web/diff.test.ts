import { describe, expect, it } from 'vitest'
import { diffLines } from '../../web/lib/state/diff.ts'

const MARKS = { same: ' ', old: '-', new: '+' } as const
const told = (before: string, after: string) =>
  diffLines(before, after).map(line => (line.kind === 'fold' ? `(${line.count})` : `${MARKS[line.kind]}${line.text}`))

describe('the difference of two texts', () => {
  it.each<[name: string, before: string, after: string, lines: string[]]>([
    ['a changed line', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
    ['a new line', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
    ['a line that went', 'a\nb\nc', 'a\nc', [' a', '-b', ' c']],
    ['lines that moved', 'a\nb\nc\nd', 'b\nc\nd\na', ['-a', ' b', ' c', ' d', '+a']],
    ['an empty text', '', 'a', ['-', '+a']],
    ['equal texts', 'a\nb', 'a\nb', ['(2)']],
  ])('tells %s', (_, before, after, lines) => {
    expect(told(before, after)).toEqual(lines)
  })

  it('folds what is equal far from a change', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
    const changed = lines.with(10, 'other').join('\n')
    expect(told(lines.join('\n'), changed)).toEqual([
      '(7)',
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+other',
      ' line 11',
      ' line 12',
      ' line 13',
      '(6)',
    ])
  })

  it('tells two large texts that share nothing as old and new, at once', () => {
    const make = (mark: string) => Array.from({ length: 9000 }, (_, index) => `${mark}${index}`).join('\n')
    const lines = diffLines(make('a'), make('b'))
    expect(lines).toHaveLength(18_000)
    expect(lines[0]).toEqual({ kind: 'old', text: 'a0' })
  })
})
