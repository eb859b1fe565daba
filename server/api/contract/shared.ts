import { z } from 'zod'
import { nameLine } from '../../settings/index.ts'

// Pieces that several resources of the contract are made of.

export const time = z.iso.datetime().describe('ISO 8601, UTC')
export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'is not a slug: lower-case letters, digits and _, a letter first')
export const scalar = z.union([z.boolean(), z.number(), z.string().max(65_536), z.null(), z.array(z.unknown())])
export const nameText = nameLine.max(200)
export const reference = z.object({ id: z.string(), slug: z.string(), name: z.string() })
/** What caused a change, command or run; `who` is a user name, token id, rule, client id or `hub`. */
export const cause = z
  .object({
    id: z.string(),
    parent: z.string().nullable(),
    kind: z.enum(['user', 'token', 'pass', 'rule', 'device', 'schedule', 'hub']),
    who: z.string(),
    depth: z.number().int(),
  })
  .meta({ id: 'Cause' })
/** Bytes as text: UTF-8 when they are well-formed, else base64. */
export const payload = {
  payload: z.string(),
  encoding: z.enum(['utf8', 'base64']),
}

/** RFC 9457 problem document; `code` is stable, `detail` is for people. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    in: z.enum(['body', 'path', 'query', 'headers', 'request']).optional(),
    pointer: z.string().optional().describe('JSON pointer to the field that is wrong, within `in`'),
  })
  .loose()
  .meta({ id: 'Problem' })

/** A list; `next` is the cursor of the following page or null. */
export function list<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

export type Problem = z.output<typeof problem>
export type CauseJson = z.output<typeof cause>
