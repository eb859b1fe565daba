import type { KnockJson } from '#api'
import { words } from '../../i18n/index.ts'
import { plain } from '../../text.ts'

/** Who was refused and why, as one sentence and a question. */
export function sayKnock({ address, username, reason, count }: KnockJson): string {
  const texts = words.pairing.knock
  const who = texts.said[reason](address, plain(username ?? '', 40))
  return `${who}, ${texts.times(count)}. ${texts.yours}`
}
