import { describe, expect, it } from 'vitest'
import { didYouMean, suggest } from '#expression'

describe('the word that was meant', () => {
  it.each<[string, string[], string | null]>([
    ['dou', ['on', 'do', 'if'], 'do'],
    ['turn_onn', ['turn_on', 'turn_off'], 'turn_on'],
    ['Payload', ['payload'], 'payload'],
    ['x', ['y', 'z'], null],
    ['brigthness', ['brightness'], 'brightness'],
    ['lamp', ['lump', 'lamb'], 'lump'],
    ['left', ['lost'], null],
    ['x'.repeat(80), ['x'.repeat(79)], null],
    ['wardrobe', ['lamp', 'porch'], null],
  ])('%s among %j', (text, choices, choice) => {
    expect(suggest(text, choices)).toBe(choice)
    expect(didYouMean(text, choices)).toEqual(
      choice === null ? null : { text: `did you mean "${choice}"?`, replacements: [choice] },
    )
  })
})
