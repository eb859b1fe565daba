import { history as en } from './en/history.ts'
import { language } from './index.ts'

const languages: Readonly<Record<string, typeof en>> = { en }

/** The texts about history and activity; they come with the pages that show them. */
export const history = languages[language] ?? en
