import { en } from './en/index.ts'
import { createFormats, type Formats } from './formats.ts'
import { house } from './house.svelte.ts'

/** Every text of the pages, by area. A language is one object of this type: what it lacks does not compile. */
export type Words = typeof en

const languages: Readonly<Record<string, Words>> = { en }

/**
 * The texts in the first of these languages (BCP 47, most wanted first) that there are, else English. Numbers and dates
 * follow the wanted region of that language: `en-GB` and `en-US` share texts but not dates.
 */
export function chooseLanguage(wanted: readonly string[]): { language: string; words: Words; formats: Formats } {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? ''
    const words = languages[language]
    if (words) return { language, words, formats: createFormats(tag, words.formats, () => house.zone) }
  }
  return { language: 'en', words: en, formats: createFormats('en', en.formats, () => house.zone) }
}

export const { language, words, formats } = chooseLanguage(navigator.languages)
