import { HobError, isTopicName, toIso } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import { causeOf } from '../auth.ts'
import { client, list, listeners, publication } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'

/** The broker seen from outside MQTT. */
export function mqttRoutes(api: Api, { broker, publish, causes, ...hub }: ApiOptions): void {
  api.get(
    '/mqtt/listeners',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: listeners } } },
    async () => hub.listeners(),
  )

  api.get(
    '/mqtt/clients',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: list(client) } } },
    async () => ({
      items: broker
        .clients()
        .map(each => ({ ...each, connectedAt: each.connectedAt === null ? null : toIso(each.connectedAt) })),
      next: null,
    }),
  )

  api.post(
    '/mqtt/publish',
    { config: { scope: 'admin', house: true }, schema: { body: publication, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { topic, payload, encoding, qos, retain } = request.body
      if (!isTopicName(topic) || topic.startsWith('$')) {
        throw new HobError(
          'mqtt.bad_topic',
          `"${topic}" is not a topic to publish to: no wildcards, no leading $, at most 128 levels`,
        )
      }
      publish({ topic, payload: Buffer.from(payload, encoding), qos, retain, cause: causeOf(request, causes) })
      return reply.code(204).send()
    },
  )
}
