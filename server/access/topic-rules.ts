import { isTopicFilter, splitShare, TopicTree } from '#kernel'
import type { ClientLimits, TopicRules } from '../broker/index.ts'
import type { StoredClient } from './store.ts'

const MEBIBYTE = 1_048_576

/** Bounds by the kind of client. */
export const LIMITS: Readonly<Record<StoredClient['kind'], ClientLimits>> = {
  // A sensor that storms is slowed; gateways and programs speak for many.
  device: { maxPacketSize: 256 * 1024, maxRetained: 500, publishRate: { burst: 1_000, perSecond: 100 } },
  gateway: { maxPacketSize: 16 * MEBIBYTE, maxRetained: 20_000 },
  software: { maxPacketSize: 16 * MEBIBYTE, maxRetained: 20_000 },
}

/** Bounds of a client that the pairing window let in. */
export const GUEST_LIMITS: ClientLimits = { maxPacketSize: 4 * MEBIBYTE, maxRetained: 0 }

/** All topics, but nobody writes where the broker speaks of itself. */
export const FULL_RULES: TopicRules = {
  mayPublish: topic => !topic.startsWith('$'),
  maySubscribe: () => true,
  mayReceive: () => true,
}

function treeOf(filters: readonly string[]): TopicTree<true> {
  const tree = new TopicTree<true>()
  for (const filter of filters) tree.add(filter, true)
  return tree
}

/**
 * The topics of one credential. A subscription may be wider than what is allowed: it is granted, and what may not be
 * received is left out at delivery. `$`-topics need a filter that names them.
 */
export function topicRules({
  full,
  publish,
  subscribe,
}: Pick<StoredClient, 'full' | 'publish' | 'subscribe'>): TopicRules {
  if (full) return FULL_RULES
  const mayPublish = treeOf(publish)
  const mayReceive = treeOf(subscribe)
  return {
    mayPublish: topic => !topic.startsWith('$') && mayPublish.match(topic).length > 0,
    maySubscribe: filter => subscribe.length > 0 && splitShare(filter) !== undefined,
    mayReceive: topic => mayReceive.match(topic).length > 0,
  }
}

/** The first text that is no topic filter, or undefined. */
export function badFilter(filters: readonly string[]): string | undefined {
  return filters.find(filter => !isTopicFilter(filter))
}
