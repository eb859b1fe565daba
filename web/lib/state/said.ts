import type { ValueJson } from '#api'
import type { Figure } from '../i18n/formats.ts'
import { formats, words } from '../i18n/index.ts'
import { toWord } from '../text.ts'
import { textOf } from './settable.ts'

/** One value as it is said: a figure, else words. */
export interface Said {
  readonly figure: Figure | null
  readonly text: string
}

/** @param name of the value, as `temperature` or `open` */
export function sayValue(
  name: string,
  { value, unit }: Pick<ValueJson, 'value'> & { unit?: string | undefined },
): Said {
  const texts = words.device.values
  if (typeof value === 'number') return { figure: formats.figure(value, unit), text: '' }
  if (value === null) return { figure: null, text: words.things.unknown }
  if (typeof value !== 'boolean') return { figure: null, text: textOf(value) }
  if (name === 'on') return { figure: null, text: value ? words.things.on : words.things.off }
  const senses: Readonly<Record<string, (typeof words.things.senses)['plain']>> = words.things.senses
  const sense = senses[words.things.senseOf[name] ?? name]
  if (!sense) return { figure: null, text: value ? texts.yes : texts.no }
  return { figure: null, text: value ? sense.yes : sense.no }
}

/** What a value is called. */
export const nameOfValue = (name: string): string =>
  words.device.values.names[name] ?? words.things.classes[name] ?? toWord(name)
