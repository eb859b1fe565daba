import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Command, Event } from '#devices'
import type { RunInfo } from '#rules'
import { registerAuth } from './auth.ts'
import { createCallers } from './callers.ts'
import { refuseConnection, registerErrors, sendAddressFault } from './errors.ts'
import { openApi } from './openapi.ts'
import { createCommandWaiter } from './live/command-waiter.ts'
import { eventsRoute } from './live/events.ts'
import { createLive } from './live/live.ts'
import { MAX_CLIENT_FRAME, streamRoute } from './live/stream.ts'
import type { ApiOptions } from './ports.ts'
import type { Api } from './route.ts'
import { activityRoutes } from './routes/activity.ts'
import { accessRoutes } from './routes/access.ts'
import { areaRoleRoutes } from './routes/area-roles.ts'
import { areaRoutes } from './routes/areas.ts'
import { copyRoutes } from './routes/copies.ts'
import { deviceConnectionRoute } from './routes/device-connection.ts'
import { deviceRoutes } from './routes/devices.ts'
import { entityRoutes } from './routes/entities.ts'
import { auditRoutes } from './routes/audit.ts'
import { banRoutes } from './routes/bans.ts'
import { mqttClientRoutes } from './routes/mqtt-clients.ts'
import { healthRoutes, metricsRoute } from './routes/health.ts'
import { historyRoutes } from './routes/history.ts'
import { mqttSocketRoute } from './routes/mqtt-socket.ts'
import { mqttRoutes } from './routes/mqtt.ts'
import { pairingRoutes } from './routes/pairing.ts'
import { passRoutes } from './routes/passes.ts'
import { ruleDraftRoutes } from './routes/rule-drafts.ts'
import { pointRoutes } from './routes/points.ts'
import { ruleRoutes } from './routes/rules.ts'
import { runRoutes } from './routes/runs.ts'
import { secondFactorRoutes } from './routes/second-factor.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { settingsRoutes } from './routes/settings.ts'
import { topicRoutes } from './routes/topics.ts'
import { versionRoutes } from './routes/versions.ts'
import { systemRoutes } from './routes/system.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { createSessionCookie } from './session-cookie.ts'
import { registerStatic } from './static.ts'

/** Bytes of a request body. */
const MAX_BODY = 1_048_576
/** Bytes of a request's first line and headers. */
const MAX_HEADERS = 16_384
/** Milliseconds for a request to arrive whole, for its headers alone, and between two looks at who is late. */
const REQUEST_TIME = 30_000
const HEADERS_TIME = 10_000
const CHECK_EVERY = 1_000

export interface ApiServer {
  /** Serves HTTP on an address. @returns the address in use. */
  listen(at: { host: string; port: number; accept: (address: string) => boolean }): Promise<AddressInfo>
  /** Serves the command line on a unix socket; whoever can open it acts as the owner. */
  listenLocal(path: string): Promise<void>
  event(event: Event): void
  run(run: RunInfo): void
  /** A rule file was saved, switched or removed, or is in another health. */
  rule(slug: string): void
  /** What is heard and not adopted differs. */
  pairing(): void
  /** The OpenAPI 3.1 document. */
  document(): object
  close(): Promise<void>
}

/** Builds the HTTP side of the hub: REST, live channel, OpenAPI document, web UI. */
export async function createApi(options: ApiOptions): Promise<ApiServer> {
  const local = new WeakSet<Socket>()
  const app: Api = fastify({
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_TIME,
    logger: false,
    return503OnClosing: false,
    forceCloseConnections: true,
    ...(options.trustedProxies.length === 0 ? {} : { trustProxy: [...options.trustedProxies] }),
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: sendAddressFault,
    clientErrorHandler: refuseConnection,
    http: { headersTimeout: HEADERS_TIME, connectionsCheckingInterval: CHECK_EVERY, maxHeaderSize: MAX_HEADERS },
  }).withTypeProvider<ZodTypeProvider>()
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  registerErrors(app, options.log)
  // Before whoever may turn a request away: refusals carry these headers, too.
  await app.register(helmet, SECURITY_HEADERS)
  await app.register(cookie)
  const { access, clock, hosts, settings } = options
  const sessionCookie = createSessionCookie({ clock, instance: access.instance })
  const callers = createCallers({ access, cookie: sessionCookie, local })
  // Before whoever may turn an upgrade away: it closes the sockets of those, which nobody else reads.
  await app.register(websocket, { options: { maxPayload: MAX_CLIENT_FRAME } })
  registerAuth(app, { callers, hosts })
  await app.register(swagger, openApi(options.version))

  const live = createLive(options)
  access.onRevoked(live.revoke)
  access.onRightsChanged(live.regrant)
  settings.onChange(current => live.settings({ ...current, version: settings.version() }))
  options.health.onChange(live.health)
  const waiter = createCommandWaiter(clock)
  await app.register(
    async (scoped: Api) => {
      deviceRoutes(scoped, options)
      deviceConnectionRoute(scoped, options)
      pointRoutes(scoped, options)
      historyRoutes(scoped, options)
      healthRoutes(scoped, options)
      activityRoutes(scoped, options)
      entityRoutes(scoped, options, waiter)
      areaRoutes(scoped, options)
      pairingRoutes(scoped, options)
      ruleRoutes(scoped, options)
      ruleDraftRoutes(scoped, options)
      runRoutes(scoped, options)
      settingsRoutes(scoped, options)
      versionRoutes(scoped, options)
      copyRoutes(scoped, options)
      accessRoutes(scoped, options)
      areaRoleRoutes(scoped, options)
      passRoutes(scoped, options)
      auditRoutes(scoped, options)
      secondFactorRoutes(scoped, options)
      sessionRoutes(scoped, { ...options, callers, cookie: sessionCookie })
      mqttRoutes(scoped, options)
      mqttClientRoutes(scoped, options)
      banRoutes(scoped, options)
      topicRoutes(scoped, options)
      const stream = { ...options, live, callers }
      streamRoute(scoped, stream)
      eventsRoute(scoped, stream)
    },
    { prefix: '/api/v1' },
  )
  mqttSocketRoute(app, options)
  systemRoutes(app, options)
  metricsRoute(app, options)
  await registerStatic(app, options)
  await app.ready()
  return serve(app, { live, waiter, local, topics: options.topics, engine: options.engine })
}

function serve(
  app: Api,
  parts: {
    live: ReturnType<typeof createLive>
    waiter: ReturnType<typeof createCommandWaiter>
    local: WeakSet<Socket>
    topics: ApiOptions['topics']
    engine: ApiOptions['engine']
  },
): ApiServer {
  let control: Server | undefined
  return {
    async listen({ host, port, accept }) {
      app.server.on('connection', (socket: Socket) => {
        if (!accept(socket.remoteAddress ?? '')) socket.destroy()
      })
      await app.listen({ host, port })
      return app.server.address() as AddressInfo
    },
    async listenLocal(path) {
      const server = createServer((request, response) => app.routing(request, response))
      server.on('connection', socket => void parts.local.add(socket))
      control = server
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(path, resolve)
      })
    },
    event(event) {
      if (event.message !== null) parts.topics.hear(event.message, event.matched)
      parts.live.event(event)
      for (const change of event.changes)
        if (change.kind === 'command') parts.waiter.note(change.command satisfies Command)
    },
    run: run => parts.live.run(run),
    rule: slug => parts.live.rule(slug, parts.engine.file(slug)),
    pairing: () => parts.live.pairing(),
    document: () => app.swagger(),
    async close() {
      control?.closeAllConnections()
      await new Promise<void>(resolve => (control === undefined ? resolve() : control.close(() => resolve())))
      await app.close()
    },
  }
}
