import { HobError, type Cancel } from '#kernel'
import { z } from 'zod'
import type { Api } from '../route.ts'
import type { StreamFrame } from '../contract.ts'
import { checkTopics } from './message-tail.ts'
import { REVOKED, type StreamOptions } from './stream.ts'

const names = z
  .string()
  .max(4_096)
  .transform(text => text.split(','))
  .optional()

const FRAMES = {
  description: 'frames of the live channel, one an event; `id:` is their `seq`',
  content: { 'text/event-stream': { schema: z.string() } },
}

const topicFilters = z
  .union([z.string(), z.array(z.string())])
  .transform(given => [given].flat())
  .optional()

/** Milliseconds between comment lines that keep proxies from closing the stream. */
const KEEP_OPEN_EVERY = 30_000

/** The live channel for `curl`: server-sent events, `id:` is the sequence number, `Last-Event-ID` goes on from there. */
export function eventsRoute(api: Api, { live, clock, version, seq, settings }: StreamOptions): void {
  api.get(
    '/events',
    {
      config: { scope: 'read' },
      schema: {
        querystring: z.object({
          areas: names,
          devices: names,
          topics: topicFilters.describe('topic filters, the parameter repeated for each (scope admin)'),
          since: z.coerce.number().int().min(0).optional(),
        }),
        response: { 200: FRAMES },
      },
    },
    (request, reply) => {
      const { areas, devices, topics = [] } = request.query
      checkTopics(request.principal, topics)
      const { raw } = reply
      const write = (text: string, id: number | null) =>
        void raw.write(`${id === null ? '' : `id: ${id}\n`}data: ${text}\n\n`)
      const keepOpen = () => {
        raw.write(':\n\n')
        cancel = clock.after(KEEP_OPEN_EVERY, keepOpen)
      }
      let cancel: Cancel = () => {}
      const stream = live.open(request.principal, {
        send: write,
        behind: () => raw.writableLength,
        end(why) {
          cancel()
          if (why === 'slow') return void raw.destroy()
          write(JSON.stringify(REVOKED), null)
          raw.end()
        },
      })
      if (stream === undefined) throw new HobError('api.not_ready', 'too many streams are open')
      reply.hijack()
      raw.on('error', () => raw.destroy())
      raw.on('close', () => {
        cancel()
        stream.close()
      })
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      cancel = clock.after(KEEP_OPEN_EVERY, keepOpen)
      const hello: StreamFrame = { type: 'hello', version, seq: seq(), zone: settings.current().zone }
      write(JSON.stringify(hello), null)
      const last = Number(request.headers['last-event-id'])
      const since = request.query.since ?? (Number.isInteger(last) && last >= 0 ? last : undefined)
      stream.subscribe(
        { topics, ...(areas === undefined ? {} : { areas }), ...(devices === undefined ? {} : { devices }) },
        since,
      )
    },
  )
}
