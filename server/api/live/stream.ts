import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isHobError, parseJson, type Cancel, type Clock } from '#kernel'
import type { Access, Principal } from '../../access/index.ts'
import type { HouseSettings } from '../../settings/index.ts'
import type { Callers } from '../callers.ts'
import { requireOwnPage } from '../origin.ts'
import type { ClientFrame, StreamFrame } from '../contract.ts'
import type { Api } from '../route.ts'
import type { Live, LiveStream } from './live.ts'

/** Milliseconds a socket may stay without signing in. */
const AUTH_TIME = 10_000
/** Milliseconds between pings. */
const PING_EVERY = 30_000
/** Bytes of one frame from a client. */
export const MAX_CLIENT_FRAME = 65_536

/** The last frame of a stream whose token or session is over. */
export const REVOKED = {
  type: 'error',
  code: 'api.unauthorised',
  detail: 'this token or session is over',
} as const satisfies StreamFrame

const names = z.array(z.string().max(64)).max(1_000).exactOptional()
const clientFrame: z.ZodType<ClientFrame> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auth'), token: z.string().max(200) }),
  z.strictObject({
    type: z.literal('subscribe'),
    since: z.number().int().min(0).exactOptional(),
    areas: names,
    devices: names,
    topics: z.array(z.string().max(MAX_CLIENT_FRAME)).max(1_000).exactOptional(),
  }),
  z.strictObject({ type: z.literal('pong') }),
])

export interface StreamOptions {
  readonly access: Access
  readonly callers: Callers
  readonly live: Live
  readonly clock: Clock
  readonly version: string
  readonly seq: () => number
  readonly settings: Pick<HouseSettings, 'current'>
}

/** The WebSocket of the live channel: a session's cookie or `auth`, then `subscribe`, then frames (contract.ts: StreamFrame). */
export function streamRoute(api: Api, options: StreamOptions): void {
  const { callers } = options
  const route = {
    websocket: true,
    config: { scope: 'public' },
    schema: { hide: true },
    preValidation: async (request: FastifyRequest) => {
      if (callers.hasCookie(request)) requireOwnPage(request)
    },
  } as const
  api.get('/stream', route, (socket, request) => {
    const stream = serve(socket, options)
    if (callers.hasCookie(request)) stream.admit(callers.bySession(request))
  })
}

function serve(socket: WebSocket, { access, live, clock, version, seq, settings }: StreamOptions) {
  let stream: LiveStream | undefined
  let timer: Cancel = clock.after(AUTH_TIME, () => fail('api.unauthorised', 'no token came within 10 s'))

  const send = (frame: StreamFrame) => socket.send(JSON.stringify(frame))
  const fail = (code: string, detail: string) => {
    send({ type: 'error', code, detail })
    socket.close(1008, code)
  }
  const ping = () => {
    send({ type: 'ping' })
    timer = clock.after(PING_EVERY, ping)
  }

  const admit = (principal: Principal | undefined) => {
    if (principal === undefined) return fail('api.unauthorised', 'this token or session is not valid')
    if (!principal.rights.maySomewhere('read')) return fail('api.forbidden', 'this needs the scope "read"')
    stream = live.open(principal, {
      send: text => socket.send(text),
      behind: () => socket.bufferedAmount,
      end: why => (why === 'slow' ? socket.close(1013, 'too slow') : fail(REVOKED.code, REVOKED.detail)),
    })
    if (stream === undefined) return fail('api.busy', 'too many streams are open')
    timer()
    timer = clock.after(PING_EVERY, ping)
    send({ type: 'hello', version, seq: seq(), zone: settings.current().zone })
  }

  // A frame that may not be obeyed changes nothing: what was subscribed before goes on.
  const subscribe = (
    to: LiveStream,
    { type: _type, since, ...filter }: Extract<ClientFrame, { type: 'subscribe' }>,
  ) => {
    try {
      to.subscribe(filter, since)
    } catch (error) {
      if (!isHobError(error)) throw error
      send({ type: 'error', code: error.code, detail: error.message })
    }
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const parsed = clientFrame.safeParse(isBinary ? undefined : parseJson(data.toString()))
    if (!parsed.success)
      return fail('api.invalid_request', 'a frame must be {"type":"auth"...} or {"type":"subscribe"...}')
    const frame = parsed.data
    if (frame.type === 'auth') return stream === undefined ? admit(access.byToken(frame.token)) : undefined
    if (stream === undefined) return fail('api.unauthorised', 'sign in first: {"type":"auth","token":"..."}')
    if (frame.type === 'subscribe') subscribe(stream, frame)
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    timer()
    stream?.close()
  })
  return { admit }
}
