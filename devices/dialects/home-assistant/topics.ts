import { isJsonObject, isTopicFilter, type Json } from '#kernel'
import type { NamedTopics } from '../dialect.ts'
import type { Fields } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
import { expandPayload } from './payload.ts'

/** Keys of topics that Home Assistant publishes to; it listens on all other topics. */
const COMMAND = /^(?:set_\w+_topic|(?:\w+_)?command_topic)$/

function collect(fields: Fields, found: { says: Set<string>; takes: Set<string> }): void {
  for (const [key, value] of Object.entries(fields)) {
    if (typeof value === 'string') {
      if (key.endsWith('topic') && isTopicFilter(value)) (COMMAND.test(key) ? found.takes : found.says).add(value)
    } else if (key === 'availability' || key === 'components') each(value, found)
  }
}

function each(value: Json, found: { says: Set<string>; takes: Set<string> }): void {
  const parts = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  for (const part of parts) if (isJsonObject(part)) collect(part, found)
}

/** Every topic of the configuration, also of components that the hub cannot show; a node id gathers what one device announces. */
export function topicsOf({ topic, json }: Incoming): NamedTopics {
  const [prefix, , node, ...rest] = topic.split('/')
  const announces = rest.length === 2 ? [`${prefix}/+/${node}/+/config`] : []
  const found = { says: new Set<string>(), takes: new Set<string>(['homeassistant/status']) }
  if (isJsonObject(json)) collect(expandPayload(json), found)
  return { announces, says: [...found.says], takes: [...found.takes] }
}
