import { people as en } from './en/people.ts'
import { language } from './index.ts'

const languages: Readonly<Record<string, typeof en>> = { en }

/** The texts about people and what they may do; they come with the pages that show them. */
export const people = languages[language] ?? en
