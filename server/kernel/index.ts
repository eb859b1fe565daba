export { systemClock, toIso, type Cancel, type Clock } from './clock.ts'
export { createCauses, MAX_CAUSE_DEPTH, type Cause, type CauseKind, type Causes, type Occasion } from './cause.ts'
export { createDurableWait, type Commits, type Log, type Writes } from './commits.ts'
export { HobError, isHobError } from './errors.ts'
export { createUlids, isSlug, toSlug, ulidTime, uniqueSlug, type Random, type Ulid } from './id.ts'
export { isJsonObject, parseJson, type Json } from './json.ts'
export {
  payloadText,
  toPayload,
  type LocalSubscriber,
  type Message,
  type MessageProperties,
  type Publish,
  type Publisher,
  type QoS,
  type Subscriptions,
} from './message.ts'
export { isTopicFilter, isTopicName, splitShare, TopicTree } from './topic.ts'
