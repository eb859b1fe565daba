import { HobError, isTopicFilter, isTopicName, toIso, TopicTree, type Message } from '#kernel'
import type { Device, Registry } from '#devices'
import { z } from 'zod'
import type { Branch, Remembered } from '../../topics/index.ts'
import { list, topicBranch, topicDetail, type TopicBranchJson, type TopicMessageJson } from '../contract.ts'
import { payloadJson } from '../payload.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

/** Characters of a payload in the tree. */
const GLIMPSE = 200

function messageJson({ payload, at, qos, retain, publisher, size }: Remembered): TopicMessageJson {
  return {
    ...payloadJson(payload, size),
    at: toIso(at),
    qos,
    retain,
    size,
    client: publisher?.clientId ?? null,
  }
}

function glimpse(message: Remembered): TopicMessageJson {
  const shown = messageJson({ ...message, payload: message.payload.subarray(0, GLIMPSE * 4) })
  // Half of a pair is no character.
  return { ...shown, payload: shown.payload.slice(0, GLIMPSE).replace(/[\uD800-\uDBFF]$/, '') }
}

const sized = (message: Message): Remembered => ({ ...message, size: message.payload.length })

/** Whose topic it is: the one device that says or takes it. Worked out anew after devices came, went or changed. */
function createOwners(registry: Registry) {
  let tree: TopicTree<Device> | undefined
  registry.onStructure(() => (tree = undefined))
  return (topic: string) => {
    if (tree === undefined) {
      tree = new TopicTree()
      for (const device of registry.devices()) for (const filter of device.topics) tree.add(filter, device)
    }
    const [owner, ...others] = new Set(tree.match(topic))
    return owner === undefined || others.length > 0 ? null : { id: owner.id, name: owner.name }
  }
}

/** What accepts the topics that a filter matches, or those that hold a text in any case of letters. */
function matcher(match: string): (topic: string) => boolean {
  if (/[+#]/.test(match) && isTopicFilter(match)) {
    const tree = new TopicTree<true>()
    tree.add(match, true)
    return topic => tree.match(topic).length > 0
  }
  const part = match.toLowerCase()
  return topic => topic.toLowerCase().includes(part)
}

/** The explorer: what goes over the broker, by topic. Looking makes the hub listen. */
export function topicRoutes(api: Api, { topics, broker, registry }: ApiOptions): void {
  const ownerOf = createOwners(registry)
  const branchJson = ({ last, lastAt, level, topic, ...counts }: Branch): TopicBranchJson => ({
    level,
    topic,
    ...counts,
    lastAt: toIso(lastAt),
    message: last === null ? null : glimpse(last),
    device: last === null ? null : ownerOf(topic),
  })

  api.get(
    '/mqtt/topics',
    {
      config: { scope: 'admin', house: true },
      schema: {
        querystring: z.object({
          prefix: z.string().max(65_535).default('').describe('the levels above, as `home/hall/`; empty for the root'),
          limit: z.coerce.number().int().min(1).max(1_000).default(200),
          after: z.string().optional().describe('`next` of the page before'),
        }),
        response: { 200: list(topicBranch) },
      },
    },
    async request => {
      const { prefix, limit, after } = request.query
      topics.look()
      const { branches, next } = topics.branches(prefix, { limit, ...(after === undefined ? {} : { after }) })
      return { items: branches.map(branchJson), next }
    },
  )

  api.get(
    '/mqtt/topics/search',
    {
      config: { scope: 'admin', house: true },
      schema: {
        querystring: z.object({
          match: z.string().min(1).max(1_000).describe('a topic filter with + or #, else a part of the topics'),
          limit: z.coerce.number().int().min(1).max(1_000).default(200),
          after: z.string().optional().describe('`next` of the page before'),
        }),
        response: { 200: list(topicBranch) },
      },
    },
    async request => {
      const { match, limit, after } = request.query
      topics.look()
      const { branches, next } = topics.find(matcher(match), { limit, ...(after === undefined ? {} : { after }) })
      return { items: branches.map(branchJson), next }
    },
  )

  api.get(
    '/mqtt/topics/detail',
    {
      config: { scope: 'admin', house: true },
      schema: { querystring: z.object({ topic: z.string().max(65_535) }), response: { 200: topicDetail } },
    },
    async request => {
      const { topic } = request.query
      if (!isTopicName(topic))
        throw new HobError(
          'mqtt.bad_topic',
          `"${topic.slice(0, 100)}" is not a topic: no wildcards, at most 128 levels`,
        )
      topics.look()
      const [retained] = broker.retained(topic)
      return {
        topic,
        retained: retained === undefined ? null : messageJson(sized(retained)),
        messages: topics.messages(topic).map(messageJson),
        device: ownerOf(topic),
      }
    },
  )
}
