import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

/** The application as route files see it: typed by the schemas of the contract. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** The header of a change that was made against a version, as `ETag` gave it; without it the last one wins. */
export const ifMatchHeader = z.looseObject({
  'if-match': z
    .string()
    .regex(/^(\*|(W\/)?"\d{1,15}")$/, 'must be a version in quotes, as ETag gave it: "3"')
    .optional(),
})

/** The version a change was made against, when the caller says so. */
export function ifMatch({ headers }: { headers: z.output<typeof ifMatchHeader> }): { ifVersion?: number } {
  const version = /\d+/.exec(headers['if-match'] ?? '')
  return version === null ? {} : { ifVersion: Number(version[0]) }
}

/** Names the version that an answer shows. */
export function sendVersion(reply: Pick<FastifyReply, 'header'>, version: number): void {
  void reply.header('etag', `"${version}"`)
}
