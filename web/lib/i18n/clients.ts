import { clients as en } from './en/clients.ts'
import { language } from './index.ts'

const languages: Readonly<Record<string, typeof en>> = { en }

/** The texts about MQTT clients; they come with the pages that show them. */
export const clients = languages[language] ?? en
