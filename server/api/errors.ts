import { isHobError } from '#kernel'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Log } from '#kernel'
import type { Problem } from './contract.ts'

/** HTTP status of each expected failure; a code that is not listed here is the hub's own fault and answers 500. */
const STATUS: Readonly<Record<string, number>> = {
  'access.already_claimed': 409,
  'access.bad_ban': 422,
  'access.bad_code': 401,
  'access.bad_credentials': 401,
  'access.bad_filter': 422,
  'access.bad_name': 422,
  'access.bad_window': 422,
  'access.code_needed': 401,
  'access.last_owner': 409,
  'access.name_taken': 409,
  'access.pass_not_yet': 403,
  'access.role_held': 409,
  'access.role_too_low': 403,
  'access.too_many_bans': 409,
  'access.too_many_passes': 409,
  'access.too_many_roles': 409,
  'access.too_many_tries': 429,
  'access.unknown_ban': 404,
  'access.unknown_client': 404,
  'access.unknown_pass': 404,
  'access.unknown_role': 404,
  'access.unknown_session': 404,
  'access.unknown_token': 404,
  'access.unknown_user': 404,
  'access.user_disabled': 409,
  'access.weak_password': 422,
  'access.whole_house': 409,
  'access.wrong_code': 403,
  'access.wrong_password': 403,
  'api.bad_request': 400,
  'api.forbidden': 403,
  'api.foreign_page': 403,
  'api.misdirected': 421,
  'api.not_found': 404,
  'api.not_ready': 503,
  'api.unauthorised': 401,
  'api.upgrade_required': 426,
  'audit.unknown_entry': 404,
  'backup.disk_full': 507,
  'certificates.no_ca': 404,
  'api.viewing': 403,
  'devices.bad_slug': 422,
  'devices.bad_value': 422,
  'devices.slug_taken': 409,
  'devices.stale_version': 409,
  'devices.unknown_area': 404,
  'devices.unknown_candidate': 404,
  'devices.unknown_command': 422,
  'devices.unknown_device': 404,
  'devices.unknown_entity': 404,
  'history.bad_range': 422,
  'history.too_many_points': 422,
  'history.unknown_value': 404,
  'mqtt.bad_filter': 422,
  'mqtt.bad_topic': 422,
  'mqtt.not_connected': 409,
  'mqtt.unknown_client': 404,
  'pairing.already_adopted': 409,
  'pairing.bad_window': 422,
  'pairing.login_taken': 409,
  'pairing.no_password': 409,
  'pairing.refused': 409,
  'pairing.topics_taken': 409,
  'pairing.unknown_guest': 404,
  'pairing.unknown_knock': 404,
  'rules.bad_slug': 422,
  'rules.faulty': 422,
  'rules.stale_version': 409,
  'rules.unknown_file': 404,
  'rules.unknown_rule': 404,
  'rules.unknown_run': 404,
  'settings.stale_version': 409,
  'storage.damaged': 503,
  'storage.history_damaged': 503,
  'versions.removed': 422,
  'versions.unknown_kind': 404,
  'versions.unknown_object': 404,
  'versions.unknown_version': 404,
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Sign-in needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Conflict',
  413: 'Too large',
  414: 'Address too long',
  415: 'Not JSON',
  421: 'Unknown host',
  422: 'Not possible as asked',
  426: 'Upgrade required',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'The hub failed',
  503: 'Not ready',
  507: 'Disk full',
}

function problem(status: number, code: string, says: { detail: string; facts?: object }): Problem {
  return { ...says.facts, type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail: says.detail }
}

function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  if (body.status === 401) void reply.header('www-authenticate', 'Bearer')
  const { retryAfter } = body
  if (typeof retryAfter === 'number') void reply.header('retry-after', retryAfter)
  return reply.code(body.status).type('application/problem+json').serializer(JSON.stringify).send(body)
}

const PLACES: Readonly<Record<string, string>> = {
  body: 'body',
  params: 'path',
  querystring: 'query',
  headers: 'headers',
}

/** What is wrong with the first field that failed its schema, and the JSON pointer to it within its part of the request. */
function invalidRequest(error: FastifyError): Problem | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined
  const first = error.validation[0]
  const { keys } = (first?.params ?? {}) as { keys?: string[] }
  const path = (first?.instancePath ?? '').split('/').filter(Boolean)
  if (keys?.[0] !== undefined) path.push(keys[0])
  const place = PLACES[error.validationContext ?? ''] ?? 'request'
  const detail = `${[place, ...path].join('.')}: ${first?.message ?? 'does not fit its schema'}`
  return problem(400, 'api.invalid_request', {
    detail,
    facts: { in: place, pointer: path.map(level => `/${level}`).join('') },
  })
}

/** Codes of what the HTTP layer itself refuses; `api.bad_request` for the rest. */
const CODES: Readonly<Record<number, string>> = { 413: 'api.too_large', 414: 'api.too_large', 415: 'api.not_json' }

function toProblem(error: FastifyError): Problem | undefined {
  const invalid = invalidRequest(error)
  if (invalid !== undefined) return invalid
  if (isHobError(error)) {
    const status = STATUS[error.code]
    return status === undefined ? undefined : problem(status, error.code, { detail: error.message, facts: error.facts })
  }
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) return undefined
  const code = CODES[status] ?? 'api.bad_request'
  return problem(status, code, { detail: error.message.toLowerCase() })
}

/** What fails before a route is found: an address that is malformed or has a part that is too long. */
export function sendAddressFault(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const short = error.message.replace(/^'.*' /s, '')
  void sendProblem(reply, toProblem({ ...error, message: `the address ${short}` })!)
}

const BROKEN = problem(400, 'api.bad_request', { detail: 'this is not an HTTP request' })
const REFUSALS: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: problem(408, 'api.too_slow', { detail: 'the request did not arrive in time' }),
  HPE_HEADER_OVERFLOW: problem(431, 'api.too_large', { detail: 'the headers are larger than 16 KiB' }),
}

/** Answers what does not even parse as a request, and closes the connection. */
export function refuseConnection(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const refusal = REFUSALS[error.code ?? ''] ?? BROKEN
  const body = JSON.stringify(refusal)
  const head = [`HTTP/1.1 ${refusal.status} ${refusal.title}`, 'content-type: application/problem+json']
  const lines = [...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body]
  if (socket.writable) socket.write(lines.join('\r\n'))
  socket.destroySoon()
}

/** Every failure leaves as `application/problem+json` (RFC 9457); what nobody expected is logged once and says nothing inside. */
export function registerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const expected = toProblem(error)
    if (expected !== undefined) return sendProblem(reply, expected)
    log.error({ method: request.method, route: request.routeOptions.url, error: error.stack }, 'a request failed')
    return sendProblem(
      reply,
      problem(500, 'api.failed', { detail: 'something went wrong inside the hub; its log says what' }),
    )
  })
}

/** The answer for a path that is not there. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    problem(404, 'api.not_found', { detail: `there is nothing at ${request.method} ${request.url.split('?')[0]}` }),
  )
}
