import type { MessageProperties } from '#kernel'
import type { PublishProperties, WillProperties } from './codec/index.ts'

/**
 * The properties that travel on with a message, unaltered [MQTT5-3.3.2-4, -15..-17]; what concerns one hop
 * (expiry, alias, subscription identifiers, will delay) is left out.
 */
export function travelling(properties: PublishProperties | WillProperties | null): MessageProperties | null {
  if (properties === null) return null
  const { payloadFormat, contentType, responseTopic, correlationData, userProperties } = properties
  const kept = {
    ...(payloadFormat === undefined ? {} : { payloadFormat }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
    ...(userProperties === undefined ? {} : { userProperties }),
  }
  return Object.keys(kept).length === 0 ? null : kept
}

/** Wall-clock milliseconds until when a message with an expiry of `seconds` lives; null without one. */
export function expiresAt(seconds: number | undefined, now: number): number | null {
  return seconds === undefined ? null : now + seconds * 1000
}

/** What one hop adds to the properties of a message. */
export interface Hop {
  readonly now: number
  readonly subscriptionIds: readonly number[]
  /** 0 for none. */
  readonly topicAlias: number
}

/** The properties of a PUBLISH to a client. */
export function onTheWire(
  message: { readonly properties: MessageProperties | null; readonly expiresAt: number | null },
  { now, subscriptionIds, topicAlias }: Hop,
): PublishProperties | null {
  const { properties, expiresAt: end } = message
  if (properties === null && end === null && subscriptionIds.length === 0 && topicAlias === 0) return null
  return {
    ...properties,
    // The time that the message waited here is taken off [MQTT5-3.3.2-6].
    ...(end === null ? {} : { messageExpiry: Math.max(0, Math.ceil((end - now) / 1000)) }),
    ...(subscriptionIds.length === 0 ? {} : { subscriptionIds }),
    ...(topicAlias === 0 ? {} : { topicAlias }),
  }
}
