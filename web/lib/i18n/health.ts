import { health as en } from './en/health.ts'
import { language } from './index.ts'

const languages: Readonly<Record<string, typeof en>> = { en }

/** The texts about how the hub is; they come with the page that shows them. */
export const health = languages[language] ?? en
