import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument, type Scalar } from 'yaml'
import { alignText, type ScalarStyle } from '../../../rules/format/source-text.ts'

const STYLES: Record<string, ScalarStyle> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
}

/** The text of `a:` and where each of its characters stands in the file. */
function aligned(file: string) {
  const scalar = parseDocument(file).get('a', true) as Scalar<string>
  const [start, end] = scalar.range!
  const map = alignText(scalar.value, file.slice(start, end), STYLES[scalar.type!]!)
  return { text: scalar.value, at: [...map].map(offset => offset + start) }
}

describe('each character of a YAML text', () => {
  it.each([
    ['plain', 'a: hall.on and x'],
    ['plain over lines', 'a: hall.on\n   and\n\n   x > 5\n'],
    ['single quotes', "a: 'it''s on and ''x'''"],
    ['double quotes', 'a: "hall \\"x\\" and \\u0041\\x42 \\t z"'],
    ['double quotes over lines', 'a: "hall\n  and \\\n  x  y\n\n  z"'],
    ['a character beyond the first plane', 'a: "\\U0001F600 x"'],
    ['a block', 'a: |\n  hall.on\n    and x\n\n  or y\n'],
    ['a block with a mark', 'a: >-2\n    hall.on\n   and x\n\n  or y\n'],
    ['a folded block', 'a: >\n  hall.on\n  and x\n\n  or y\n'],
    ['line ends of another system', 'a: |\r\n  hall.on\r\n  and x\r\n'],
  ])('is found again: %s', (_name, file) => {
    const { text, at } = aligned(file)
    for (const word of text.matchAll(/[a-z]+/gi)) {
      if (file.includes(`\\x42`) && word[0] === 'AB') continue
      expect(file.slice(at[word.index], at[word.index + word[0].length - 1]! + 1)).toBe(word[0])
    }
    expect(at).toEqual(at.toSorted((a, b) => a - b))
  })

  it('is found at its escape', () => {
    const { text, at } = aligned('a: "x\\u0041y"')
    expect(text).toBe('xAy')
    expect(at).toEqual([4, 5, 11, 12])
  })

  it('is found in any text that YAML writes', () => {
    const seed = 20_260_301
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', "'", '"', '\\', ':', 'é'), maxLength: 40 })
    const result = fc.check(
      fc.property(
        text,
        fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
        (value, type) => {
          const document = parseDocument('a: x')
          const scalar = document.get('a', true) as Scalar
          scalar.value = value
          scalar.type = type as NonNullable<Scalar['type']>
          const file = document.toString()
          // Not all it writes can be read back as that text.
          fc.pre(typeof parseDocument(file).get('a') === 'string')
          const found = aligned(file)
          const letters = [...found.text.matchAll(/[abé]/g)]
          return letters.every(letter => file[found.at[letter.index]!] === letter[0])
        },
      ),
      { seed, numRuns: 2000 },
    )
    expect(result, `seed ${seed}`).toMatchObject({ failed: false })
  })
})
