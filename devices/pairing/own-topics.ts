// A device's own topics follow from what it showed before a person adopted it, and stay as they are from then on:
//   each announcement it made, and every topic that these name      homeassistant/sensor/kettle/config, kettle/state
//   where it will announce more, when that bears its name           homeassistant/+/kettle/+/config
//   the tree it speaks in, when that bears its name                 garden/kettle/#
//   any other topic it was heard on, and its will's
// Nothing of it may reach into the topics of another device, nor into those where all devices announce themselves.

import { isTopicFilter, toSlug, TopicTree } from '#kernel'
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

/** The topics that follow from announcements. */
export function namedTopics(announcements: readonly Incoming[]): NamedTopics {
  const named = announcements.flatMap(each => dialectOf(each)?.topicsOf(each) ?? [])
  const all = (pick: (each: NamedTopics) => readonly string[]) => [...new Set(named.flatMap(pick))]
  return { announces: all(each => each.announces), says: all(each => each.says), takes: all(each => each.takes) }
}

/** What a client showed in the quarantine. */
export interface Shown {
  readonly clientId: string
  /** Of what it announced, as the devices write them. */
  readonly identifiers: readonly string[]
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

/** Shorter words than this stand in front of too many client ids. */
const NAME_LENGTH = 4

/** Whether a level of a topic says whose it is: `kettle` for the client `kettle-a1b2c3` or the identifier `Kettle`. */
function isNamed(level: string, { clientId, identifiers }: Shown): boolean {
  const [name, id] = [level.toLowerCase(), clientId.toLowerCase()]
  const begins = name.length >= NAME_LENGTH && id.startsWith(name) && /^[^a-z0-9]/.test(id.slice(name.length))
  return begins || id === name || identifiers.some(each => toSlug(each, '') === toSlug(name, ' '))
}

/** A tree is a client's own when it bears its name; a gateway's in any case. */
function rootOf(topics: readonly string[], shown: Shown): string[] {
  const stem = stemOf(topics)
  const last = stem.at(-1)
  if (last === undefined || stem[0] === '') return []
  return shown.isGateway || isNamed(last, shown) ? [`${stem.join('/')}/#`] : []
}

/** The least that a client needs to go on with what it showed. */
export function ownTopics(shown: Shown): OwnTopics {
  const { announcements, spoken, isGateway, taken } = shown
  const { announces, says, takes } = namedTopics(announcements)
  // Gateways announce what others announce, too: that right is nobody's alone.
  const isExclusive = (filter: string) => !COMMON.includes(filter)
  const others = taken.flatMap(({ publish, subscribe }) => [...publish, ...subscribe]).filter(isExclusive)
  const spokenOf = taken.flatMap(({ publish }) => publish).filter(isExclusive)
  const isFree = (filter: string, from: readonly string[]) =>
    isTopicFilter(filter) && !/^[#+$]/.test(filter) && !from.some(other => overlaps(filter, other))
  const mayPublish = (filter: string) => isFree(filter, [...COMMON, ...others])

  const discovery = isGateway ? announcements.flatMap(each => dialectOf(each)?.announcements ?? []) : []
  const isOwn = (filter: string) => !filter.includes('+') || filter.split('/').some(level => isNamed(level, shown))
  const own = [...announces.filter(isOwn), ...announcements.map(({ topic }) => topic)].filter(each =>
    isFree(each, others),
  )
  const named = says.filter(mayPublish)
  const root = rootOf([...named, ...spoken.filter(mayPublish)], shown).filter(mayPublish)
  const rest = spoken.filter(topic => mayPublish(topic) && !isCovered(topic, [...named, ...root]))
  return {
    publish: [...new Set([...discovery, ...own, ...named, ...root, ...rest])],
    subscribe: [...new Set([...takes, ...root])].filter(filter => isFree(filter, spokenOf)),
  }
}

/** The first topic that an announcement names and that is not its publisher's own, if any. */
export function foreignTopic({ says, takes }: Pick<NamedTopics, 'says' | 'takes'>, own: OwnTopics): string | undefined {
  return says.find(filter => !isCovered(filter, own.publish)) ?? takes.find(filter => !isCovered(filter, own.subscribe))
}
