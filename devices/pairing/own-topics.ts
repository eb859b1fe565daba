// A device's own topics follow from what it showed before a person adopted it, and stay as they are from then on:
//   each announcement it made, and every topic that these name      homeassistant/sensor/kettle/config, kettle/state
//   the tree it speaks in, when that is plainly its own             garden/probe1/#
//   any other topic it was heard on, and its will's
// Nothing of it may reach into the topics of another device, nor into those where all devices announce themselves.

import { isTopicFilter, TopicTree } from '#kernel'
import type { Dialect, NamedTopics } from '../dialects/dialect.ts'
import type { Incoming } from '../dialects/incoming.ts'
import { dialects } from '../dialects/index.ts'
import type { OwnTopics } from './face.ts'
import { isCovered, overlaps } from './filters.ts'

/** Where devices announce themselves, and what the hub says to all of them. */
const COMMON: readonly string[] = dialects.flatMap(({ announcements, greetings }) => [
  ...announcements,
  ...greetings.map(({ topic }) => topic),
])

const byAnnouncement = new TopicTree<Dialect>()
for (const dialect of dialects) for (const filter of dialect.announcements) byAnnouncement.add(filter, dialect)

/** The dialect in which a message announces something, if it does. */
export function dialectOf(message: Incoming): Dialect | undefined {
  return byAnnouncement.match(message.topic).find(dialect => dialect.sourceOf(message) !== null)
}

/** The topics that announcements name. */
export function namedTopics(announcements: readonly Incoming[]): NamedTopics {
  const named = announcements.map(each => dialectOf(each)?.topicsOf(each))
  return {
    says: [...new Set(named.flatMap(each => each?.says ?? []))],
    takes: [...new Set(named.flatMap(each => each?.takes ?? []))],
  }
}

/** What a client showed in the quarantine. */
export interface Shown {
  readonly clientId: string
  readonly announcements: readonly Incoming[]
  /** Topics of its other messages, and of its will. */
  readonly spoken: readonly string[]
  /** It announces several devices, and will announce more. */
  readonly isGateway: boolean
  /** The topics of others. */
  readonly taken: readonly OwnTopics[]
}

/** The topic levels that topics have in common, without the last of each. */
function stemOf(topics: readonly string[]): string[] {
  const [first, ...others] = topics.map(topic => topic.split('/').slice(0, -1))
  if (first === undefined) return []
  const length = others.reduce((shared, levels) => {
    const differs = levels.findIndex((level, i) => level !== first[i])
    return Math.min(shared, differs === -1 ? levels.length : differs)
  }, first.length)
  const wild = first.findIndex(level => level === '+' || level === '#')
  return first.slice(0, wild === -1 ? length : Math.min(length, wild))
}

/** A tree is a device's own when it is deeper than a word that many use, or bears the client's name. */
function rootOf(topics: readonly string[], clientId: string): string[] {
  const stem = stemOf(topics)
  const isOwn = stem.length > 1 || (stem.length === 1 && clientId.toLowerCase().includes(stem[0]!.toLowerCase()))
  return isOwn && stem[0] !== '' ? [`${stem.join('/')}/#`] : []
}

/** The least that a client needs to go on with what it showed. */
export function ownTopics({ clientId, announcements, spoken, isGateway, taken }: Shown): OwnTopics {
  const { says, takes } = namedTopics(announcements)
  const discovery = isGateway ? [...new Set(announcements.flatMap(each => dialectOf(each)?.announcements ?? []))] : []
  // Gateways announce what others announce, too: that right is nobody's alone.
  const isExclusive = (filter: string) => !COMMON.includes(filter)
  const others = taken.flatMap(({ publish, subscribe }) => [...publish, ...subscribe]).filter(isExclusive)
  const spokenOf = taken.flatMap(({ publish }) => publish).filter(isExclusive)
  const isFree = (filter: string) => isTopicFilter(filter) && !/^[#+$]/.test(filter)
  const mayPublish = (filter: string) =>
    isFree(filter) && ![...COMMON, ...others].some(other => overlaps(filter, other))
  const mayHear = (filter: string) => isFree(filter) && !spokenOf.some(other => overlaps(filter, other))

  const named = says.filter(mayPublish)
  const root = rootOf([...named, ...spoken.filter(mayPublish)], clientId).filter(mayPublish)
  const rest = spoken.filter(topic => mayPublish(topic) && !isCovered(topic, [...named, ...root]))
  const own = announcements.map(({ topic }) => topic).filter(topic => !others.some(other => overlaps(topic, other)))
  return {
    publish: [...new Set([...own, ...discovery, ...named, ...root, ...rest])],
    subscribe: [...new Set([...takes, ...root])].filter(mayHear),
  }
}

/** The first topic that an announcement names and that is not its publisher's own, if any. */
export function foreignTopic({ says, takes }: NamedTopics, own: OwnTopics): string | undefined {
  return says.find(filter => !isCovered(filter, own.publish)) ?? takes.find(filter => !isCovered(filter, own.subscribe))
}
