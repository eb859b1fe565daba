import { words } from '../../i18n/index.ts'
import { readJson } from '../../json.ts'
import { isNamed } from '../../state/command-topic.ts'
import { MOST_KNOWN } from './message.ts'
import type { TopicDetail } from './topic-detail.svelte.ts'

/** A message that somebody writes. */
export interface Draft {
  topic: string
  payload: string
  qos: 0 | 1 | 2
  retain: boolean
}

export const EMPTY_DRAFT: Draft = { topic: '', payload: '', qos: 0, retain: false }

/** A draft that says again what a topic shows, as far as it is text. */
export function draftFrom({ topic, shown }: TopicDetail): Draft {
  const isText = shown !== null && shown.encoding === 'utf8' && shown.size <= MOST_KNOWN
  return {
    topic,
    payload: isText ? shown.payload : '',
    qos: shown?.qos === 1 ? 1 : shown?.qos === 2 ? 2 : 0,
    retain: shown?.retain ?? false,
  }
}

/** What a payload looks to be: JSON is checked while one writes. */
export function draftOf(payload: string): 'json' | 'text' {
  const read = readJson(payload)
  return 'value' in read && read.value.kind !== 'plain' ? 'json' : 'text'
}

/** Why nothing can be published to a topic, or null. */
export function topicFault(topic: string): string | null {
  const texts = words.messages.send
  if (topic === '') return texts.topicMissing
  if (!isNamed(topic)) return texts.topicWild
  return topic.startsWith('$') ? texts.topicSystem : null
}
