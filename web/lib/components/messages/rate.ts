import type { TopicMessageJson } from '#api'

/** Usual milliseconds between messages, newest first, of which some are known; null for fewer than two. */
export function rateOf(messages: readonly Pick<TopicMessageJson, 'at'>[]): number | null {
  const newest = messages[0]
  const oldest = messages.at(-1)
  if (!newest || !oldest || newest === oldest) return null
  return Math.max(1, (Date.parse(newest.at) - Date.parse(oldest.at)) / (messages.length - 1))
}
