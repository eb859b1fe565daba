import type { TopicMessageJson } from '#api'
import { formats, words } from '../../i18n/index.ts'
import { readJson } from '../../json.ts'

/** Values that a glimpse of an object shows. */
const MOST_VALUES = 4

/** A payload in a few words: itself, the first plain values of an object, or its size. */
export function glimpse({ payload, encoding, size }: TopicMessageJson): string {
  const texts = words.messages
  if (size === 0) return texts.emptyPayload
  if (encoding === 'base64') return texts.notText(texts.bytes(size, formats.number(size)))
  if (!payload.startsWith('{') || payload.length > 2000) return payload.slice(0, 200)
  const read = readJson(payload)
  if ('fault' in read || read.value.kind !== 'object') return payload.slice(0, 200)
  const plain = read.value.entries.flatMap(([, value]) =>
    value.kind === 'plain' ? [value.source.replaceAll(/^"|"$/g, '')] : [],
  )
  return plain.length === 0 ? payload.slice(0, 200) : plain.slice(0, MOST_VALUES).join(', ')
}
