import websocket from '@fastify/websocket'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { WebSocket } from '@fastify/websocket'
import { readFileSync, readdirSync, type Dirent } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  AreaJson,
  ClientFrame,
  DeviceJson,
  EntityJson,
  ListenersJson,
  PairingJson,
  PointsJson,
  SessionJson,
  SettingsJson,
  StreamFrame,
} from '#api'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}
// As strict as the hub's own, so that a page that breaks it fails here.
const NONCE = 'fake-hub-nonce'
const POLICY =
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${NONCE}'; ` +
  "img-src 'self' data:; font-src 'self'; connect-src 'self'"

/** A request to the API as a test sees it. */
export interface ApiCall {
  /** `POST /entities/x/commands` */
  readonly what: string
  readonly body: unknown
  /** The version a change was made against: `"6"`. */
  readonly ifMatch: string | undefined
}

/** An answer: its JSON, or a status with it. */
type Answer = { status: number; body: unknown }

/** The built page and a hub that says what the test wants, in the contract's own shapes. */
export interface FakeHub {
  readonly url: string
  /** `gone`: no answer at all, and open streams are cut. */
  state: 'ready' | 'starting' | 'gone'
  session: SessionJson
  settings: SettingsJson
  areas: AreaJson[]
  entities: EntityJson[]
  points: PointsJson[]
  devices: DeviceJson[]
  pairing: PairingJson
  listeners: ListenersJson
  /** Requests under /api/v1, oldest first. */
  readonly calls: ApiCall[]
  /** How often `/healthz` was asked. */
  asked: number
  /** Frames of the pages, oldest first. */
  readonly frames: ClientFrame[]
  /** Answers a request: `POST /session`. The last one given holds. */
  on(what: string, answer: (body: unknown, query: URLSearchParams) => Answer | Promise<Answer>): void
  /** Sends a frame to every open page. */
  push(frame: StreamFrame): void
  /** Cuts the open streams. */
  cut(): void
  /** The number of the next frame. */
  nextSeq(): number
  close(): Promise<void>
}

const MAY = {
  owner: { scopes: ['admin'], house: 'manage' },
  admin: { scopes: ['admin'], house: 'manage' },
  user: { scopes: ['control', 'read'], house: 'control' },
  guest: { scopes: ['read'], house: 'see' },
} as const

/** Anna is signed in, with one of the four roles. */
export function sessionOf(role: keyof typeof MAY): SessionJson {
  const { scopes, house } = MAY[role]
  return {
    claimed: true,
    user: { id: '01J0000000000000000000USER', name: 'Anna', role, scopes: [...scopes] },
    rights: { house, areas: [], entities: [] },
  }
}

export const OWNER = sessionOf('owner')

function readFolder(): ReadonlyMap<string, Buffer> {
  const folder = fileURLToPath(new URL('../../dist/web', import.meta.url))
  const isFile = (entry: Dirent) => entry.isFile()
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(isFile)
  return new Map(
    paths.map(entry => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length), path.endsWith('/index.html') ? indexPage(path) : readFileSync(path)]
    }),
  )
}

/** The page with the nonce that its own styles carry, where the hub puts one. */
const indexPage = (path: string) => Buffer.from(readFileSync(path, 'utf8').replaceAll('HOB_NONCE', NONCE))

export async function startFakeHub(): Promise<FakeHub> {
  const files = readFolder()
  const app = fastify({ forceCloseConnections: true })
  await app.register(websocket)
  const answers = new Map<string, (body: unknown, query: URLSearchParams) => Answer | Promise<Answer>>()
  const streams = new Set<WebSocket>()
  let seq = 1000

  app.addHook('onRequest', (request, _reply, done) => {
    if (hub.state === 'gone') request.raw.socket.destroy()
    else done()
  })
  const about = { status: 'ok', name: 'Hob', version: '1.2.3' }
  app.get('/healthz', () => {
    hub.asked++
    return about
  })
  app.get('/readyz', (_request, reply) => reply.code(hub.state === 'ready' ? 200 : 503).send(about))

  app.get('/api/v1/stream', { websocket: true }, socket => {
    const send = (frame: StreamFrame) => socket.send(JSON.stringify(frame))
    streams.add(socket)
    socket.on('close', () => streams.delete(socket))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ClientFrame
      hub.frames.push(frame)
      if (frame.type !== 'subscribe' || frame.since === seq) return
      if (frame.since !== undefined) send({ type: 'resync' })
      send({ type: 'snapshot', seq, entities: hub.entities })
    })
    send({ type: 'hello', version: about.version, seq, zone: hub.settings.zone })
  })

  const list = (items: unknown[]): Answer => ({ status: 200, body: { items, next: null } })
  const usual: Readonly<Record<string, () => Answer>> = {
    'GET /session': () => ({ status: 200, body: hub.session }),
    'DELETE /session': () => {
      hub.session = { ...hub.session, user: null }
      return { status: 204, body: undefined }
    },
    'GET /settings': () => ({ status: 200, body: hub.settings }),
    'GET /areas': () => list(hub.areas),
    'GET /entities/points': () => list(hub.points),
    'GET /devices': () => list(hub.devices),
    'GET /mqtt/listeners': () => ({ status: 200, body: hub.listeners }),
    'GET /pairing': () => ({ status: 200, body: hub.pairing }),
  }
  const missing = (): Answer => problem(404, 'api.not_found', 'there is nothing here')

  app.all('/api/v1/*', async (request, reply) => {
    if (hub.state === 'starting') return send(reply, problem(503, 'api.not_ready', 'the hub is starting'))
    const { pathname, searchParams } = new URL(request.url, 'http://hub')
    const what = `${request.method} ${pathname.slice('/api/v1'.length)}`
    hub.calls.push({ what, body: request.body, ifMatch: request.headers['if-match'] })
    const answer = answers.get(what) ?? usual[what] ?? missing
    return send(reply, await answer(request.body, searchParams))
  })

  app.get('/*', (request: FastifyRequest, reply: FastifyReply) => {
    const { pathname } = new URL(request.url, 'http://hub')
    const path = files.has(pathname) ? pathname : '/index.html'
    if (path === '/index.html' && extname(pathname) !== '') return reply.code(404).send()
    return reply
      .type(TYPES[extname(path)] ?? 'application/octet-stream')
      .header('content-security-policy', POLICY)
      .send(files.get(path))
  })

  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const hub: FakeHub = {
    url: address,
    state: 'ready',
    session: OWNER,
    settings: {
      name: 'Home',
      zone: 'Europe/Berlin',
      place: null,
      writeBudget: 10,
      retention: { days: 90, classes: {}, entities: {} },
      onboarded: true,
      version: 3,
    },
    areas: [],
    entities: [],
    points: [],
    devices: [],
    listeners: { hosts: ['192.168.1.20', 'hob.local'], ports: { mqtt: 1884, mqtts: null, ws: null }, wsPath: '/mqtt' },
    pairing: { until: null, batch: false, candidates: [], guests: [], knocks: [], faults: [] },
    calls: [],
    asked: 0,
    frames: [],
    on: (what, answer) => void answers.set(what, answer),
    push(frame) {
      const text = JSON.stringify(frame)
      for (const stream of streams) stream.send(text)
    },
    cut() {
      for (const stream of streams) stream.terminate()
    },
    nextSeq: () => ++seq,
    close: () => app.close(),
  }
  return hub
}

export function problem(status: number, code: string, detail: string, facts: object = {}): Answer {
  return { status, body: { type: 'about:blank', title: 'Error', status, code, detail, ...facts } }
}

function send(reply: FastifyReply, { status, body }: Answer) {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  return body === undefined ? reply.code(status).send() : reply.code(status).type(type).send(JSON.stringify(body))
}
