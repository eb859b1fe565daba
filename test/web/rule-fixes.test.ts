import { describe, expect, it } from 'vitest'
import type { FaultJson } from '#api'
import { fixesOf, spanOf } from '../../web/lib/state/rule-fixes.ts'

const TEXT = 'on:\n  when: motin.open\ndo:\n  - wait: 5min\n'
const fault = (more: Partial<FaultJson>): FaultJson => ({
  file: 'x.yaml',
  line: 2,
  column: 9,
  endColumn: 14,
  severity: 'error',
  id: 'unknown-device',
  message: 'there is no device "motin"',
  suggestion: null,
  replacements: [],
  ...more,
})
const mended = (found: FaultJson) =>
  fixesOf(found, TEXT).map(({ from, to, insert }) => TEXT.slice(0, from) + insert + TEXT.slice(to))

describe('what mends a fault', () => {
  it('is the word that was meant', () => {
    expect(mended(fault({ suggestion: 'did you mean "motion"?', replacements: ['motion'] }))).toEqual([
      TEXT.replace('motin', 'motion'),
    ])
  })

  it('is each of a few choices', () => {
    const replacements = ['a.left', 'a.right', 'a.middle', 'a.top']
    expect(fixesOf(fault({ replacements }), TEXT).map(({ label }) => label)).toEqual(['a.left', 'a.right', 'a.middle'])
  })

  it('is a mode in front of `do`', () => {
    const [restart] = mended(fault({ id: 'mode-missing', line: 4, column: 5, endColumn: 9, suggestion: 'write mode' }))
    expect(restart).toBe('on:\n  when: motin.open\nmode: restart\ndo:\n  - wait: 5min\n')
  })

  it('is nothing where the suggestion only explains', () => {
    expect(fixesOf(fault({ suggestion: 'it takes one, two' }), TEXT)).toEqual([])
    expect(fixesOf(fault({ suggestion: null }), TEXT)).toEqual([])
  })

  it.each([
    [99, 1, 5],
    [2, 900, 999],
    [0, 0, 0],
  ])('stays within the text at line %i, columns %i to %i', (line, column, endColumn) => {
    const { from, to } = spanOf(fault({ line, column, endColumn }), TEXT)
    expect(from).toBeGreaterThanOrEqual(0)
    expect(to).toBeGreaterThanOrEqual(from)
    expect(to).toBeLessThanOrEqual(TEXT.length)
  })
})
