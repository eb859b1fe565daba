import { z } from 'zod'
import { cause, time } from './shared.ts'

export const versionKind = z.enum(['area', 'device', 'entity', 'settings', 'rule_file'])

export const fieldChanges = z.array(z.object({ field: z.string(), from: z.json(), to: z.json() }))

/** What an object was, who made it that and when. */
export const version = z
  .object({
    version: z.number().int(),
    at: time,
    cause,
    content: z
      .union([z.record(z.string(), z.json()), z.string()])
      .nullable()
      .describe('what people decided: fields, or the text of a rule file; null for a removal'),
    changes: fieldChanges.describe('fields that differ from the version before; none for texts'),
    words: z.array(z.string()).describe('the differences in words'),
  })
  .meta({ id: 'Version' })
export const restoration = z.strictObject({ version: z.number().int().min(1).max(1e9) }).meta({ id: 'Restoration' })
export const restored = z
  .object({ version: z.number().int().describe('the number that the object has now') })
  .meta({ id: 'Restored' })

export type VersionJson = z.output<typeof version>
