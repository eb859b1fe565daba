import { describe, expect, it } from 'vitest'
import { escapeControls, plain, shorten } from '../../web/lib/text.ts'

describe('a text from outside', () => {
  it.each<[text: string, max: number, shown: string]>([
    ['Sofa lamp', 120, 'Sofa lamp'],
    ['Sofa lamp', 5, 'Sofa…'],
    // A family is one grapheme of eight code units.
    ['ab👨‍👩‍👧cd', 5, 'ab…'],
    ['home/\u202Etset/lamp', 120, String.raw`home/\u202etset/lamp`],
    ['a\u2066b', 4, String.raw`a\u…`],
    ['x'.repeat(10_000), 120, `${'x'.repeat(119)}…`],
  ])('%s within %i is %s', (text, max, shown) => {
    expect(shorten(text, max)).toBe(shown)
  })

  it('turns nothing around in titles and labels', () => {
    expect(plain('lamp\u202Egnp.exe\u2066\n')).toBe('lamp gnp.exe')
    expect(plain('x'.repeat(10_000)).length).toBeLessThanOrEqual(120)
  })
})

describe('a text inside JSON', () => {
  it('has its marks of direction as escapes', () => {
    expect(escapeControls('"a\u202Eb\u2066\u2069"')).toBe(String.raw`"a\u202eb\u2066\u2069"`)
  })
})
