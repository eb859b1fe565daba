import { en } from './en.ts'
import type { Words } from './words.ts'

export type { Words } from './words.ts'

const languages: Readonly<Record<string, Words>> = { en }

/** The texts in the first of these languages (BCP 47, most wanted first) that there are; else English. */
export function wordsFor(wanted: readonly string[]): { language: string; words: Words } {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? ''
    const words = languages[language]
    if (words) return { language, words }
  }
  return { language: 'en', words: en }
}
