import { activity as enActivity } from './en/activity.ts'
import { history as enHistory } from './en/history.ts'
import { language } from './index.ts'

const en = { history: enHistory, activity: enActivity }
const languages: Readonly<Record<string, typeof en>> = { en }

/** The texts about history and activity; they come with the pages that show them. */
export const { history, activity } = languages[language] ?? en
