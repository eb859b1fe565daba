import { HobError } from '#kernel'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'

/** The application as route files see it: typed by the schemas of the contract. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/**
 * The version a change was made against: `If-Match: "3"`.
 * @throws HobError `api.bad_request` for anything else in that header.
 */
export function ifMatch(request: Pick<FastifyRequest, 'headers'>): { ifVersion?: number } {
  const header = request.headers['if-match']
  if (header === undefined || header === '*') return {}
  const match = /^(?:W\/)?"(\d{1,15})"$/.exec(header)
  if (match === null)
    throw new HobError('api.bad_request', 'If-Match must be a version in quotes, as ETag gave it: "3"')
  return { ifVersion: Number(match[1]) }
}
