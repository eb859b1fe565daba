import { z } from 'zod'
import { cause, time } from './shared.ts'
import { fieldChanges } from './versions.ts'

/** Who did what at the doors of the hub, and to what people edit. */
export const auditEntry = z
  .object({
    seq: z.number().int(),
    at: time,
    cause,
    action: z
      .string()
      .describe('`sign_in`, `sign_in.failed`, `sign_out`, `view.begin`, `user.put`, `token.remove`, ...'),
    object: z.string().nullable().describe('id of what it was done to'),
    detail: z.record(z.string(), z.json()),
    hash: z.string().describe('SHA-256 over the hash before it and this entry'),
  })
  .meta({ id: 'AuditEntry' })
/** One entry, with what it changed. */
export const auditDetail = auditEntry
  .extend({
    changes: fieldChanges.describe(
      'fields that differ from the version before; none for what is no edit, and for texts',
    ),
    words: z.array(z.string()).describe('the differences in words'),
  })
  .meta({ id: 'AuditDetail' })
export const auditCheck = z
  .object({
    entries: z.number().int(),
    last: z
      .object({ seq: z.number().int(), hash: z.string() })
      .nullable()
      .describe('to be written down elsewhere: who rewrites the whole log cannot make it hold this entry again'),
    brokenAt: z.number().int().nullable().describe('the first entry that was changed or is missing; null when none is'),
  })
  .meta({ id: 'AuditCheck' })

export type AuditEntryJson = z.output<typeof auditEntry>
export type AuditDetailJson = z.output<typeof auditDetail>
export type AuditCheckJson = z.output<typeof auditCheck>
