import { describe, expect, it } from 'vitest'
import { wordsFor } from '../../web/lib/i18n/index.ts'

const { words } = wordsFor(['en'])

describe('the language of the page', () => {
  it.each<[wanted: string[], language: string]>([
    [['en-GB', 'de'], 'en'],
    [['xx', 'EN'], 'en'],
    [['xx-YY'], 'en'],
    [[], 'en'],
  ])('for %j is %s', (wanted, language) => {
    expect(wordsFor(wanted).language).toBe(language)
  })
})

describe('texts', () => {
  it.each<[milliseconds: number, text: string]>([
    [-5, '0 s'],
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [90_000_000, '25 h'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(words.age(milliseconds)).toBe(text)
  })

  it('say the time to the second', () => {
    expect(words.answeredAt(new Date(2026, 2, 1, 9, 5, 7))).toBe('Last answer 09:05:07')
  })

  it('name the hub in every state', () => {
    const titles = [words.title.starting, words.title.ready, words.title.unreachable].map(title => title('Hob'))
    expect(titles).toEqual(['Hob is starting', 'Hob is ready', 'Hob is not reached'])
  })
})
