import { HobError, isTopicName } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import { causeOf } from '../auth.ts'
import { listeners, publication } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'

type Parts = Pick<ApiOptions, 'publish' | 'access' | 'causes' | 'listeners'>

/** Where MQTT is spoken, and publishing from outside it. */
export function mqttRoutes(api: Api, { publish, access, causes, listeners: where }: Parts): void {
  api.get(
    '/mqtt/listeners',
    { config: { scope: 'admin', house: true }, schema: { response: { 200: listeners } } },
    async () => where(),
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
      const cause = causeOf(request, causes)
      publish({ topic, payload: Buffer.from(payload, encoding), qos, retain, cause })
      access.audit.note(cause, { action: 'mqtt.publish', object: topic, detail: { retain } })
      return reply.code(204).send()
    },
  )
}
