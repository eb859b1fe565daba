import { z } from 'zod'
import { cause, list, time } from './shared.ts'
import { trace } from './trace.ts'

export const fault = z
  .object({
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    endColumn: z.number().int(),
    severity: z.enum(['error', 'warning', 'info']),
    id: z.string(),
    message: z.string(),
    suggestion: z.string().nullable(),
    replacements: z
      .array(z.string())
      .readonly()
      .describe('texts that would each mend it in place of what stands from `column` to `endColumn`'),
  })
  .meta({ id: 'RuleFault' })
export const run = z
  .object({
    id: z.string(),
    rule: z.string(),
    file: z.string(),
    version: z.number().int(),
    startedAt: time,
    state: z.enum(['running', 'waiting', 'queued', 'done', 'stopped', 'failed', 'cancelled']),
    dueAt: time.nullable(),
    endedAt: time.nullable(),
    outcome: z
      .enum(['confirmed', 'pending', 'unknown', 'expired', 'failed'])
      .nullable()
      .describe('how its commands ended, told by the worst of them; null when it gave none'),
    cause,
  })
  .meta({ id: 'Run' })
export const runDetail = run.extend({ trace }).meta({ id: 'RunDetail' })
/** What a rule does, in words; the parts put together are the text. */
const sentence = z
  .object({
    text: z.string(),
    parts: z.array(z.object({ kind: z.enum(['text', 'name', 'value', 'duration']), text: z.string() })),
  })
  .meta({ id: 'Sentence' })
export const rule = z
  .object({
    id: z.string(),
    key: z.string().nullable(),
    name: z.string(),
    active: z.boolean(),
    problems: z.array(fault),
    lastRun: run.nullable(),
    openRuns: z.array(run),
    sentence,
    nextAt: time.nullable(),
    pausedUntil: time.nullable().describe('until when it rests because rules started it too often'),
  })
  .meta({ id: 'Rule' })
export const ruleFile = z
  .object({
    slug: z.string(),
    text: z.string(),
    enabled: z.boolean(),
    version: z.number().int(),
    changedAt: time,
    rules: z.array(rule),
  })
  .meta({ id: 'RuleFile' })
const ruleText = z.string().max(262_144, 'is larger than 256 KiB')
export const ruleFileText = z
  .strictObject({ text: ruleText, enabled: z.boolean().exactOptional() })
  .meta({ id: 'RuleFileText' })
export const ruleFileChange = z.strictObject({ enabled: z.boolean() }).meta({ id: 'RuleFileChange' })
export const ruleDraft = z
  .strictObject({ text: ruleText, file: z.string().max(255).exactOptional() })
  .meta({ id: 'RuleDraft' })
/** A place in a draft, for what may stand there. */
export const rulePlace = z
  .strictObject({ text: ruleText, offset: z.number().int().min(0).describe('UTF-16 units from the start') })
  .meta({ id: 'RulePlace' })
export const completions = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    items: z.array(
      z.object({ label: z.string(), kind: z.enum(['key', 'name', 'value', 'function']), detail: z.string() }),
    ),
  })
  .meta({ id: 'Completions' })
/** What a draft would be, saved: all its faults, and its rules in words as far as they can be read. */
export const checkedDraft = list(fault)
  .extend({ rules: z.array(z.object({ key: z.string().nullable(), name: z.string(), sentence })) })
  .meta({ id: 'CheckedDraft' })
export const ruleVersion = z
  .object({ version: z.number().int(), text: z.string(), changedAt: time, cause })
  .meta({ id: 'RuleVersion' })

export type RuleFileJson = z.output<typeof ruleFile>
export type RuleJson = z.output<typeof rule>
export type RunJson = z.output<typeof run>
export type RunDetailJson = z.output<typeof runDetail>
export type FaultJson = z.output<typeof fault>
export type CompletionsJson = z.output<typeof completions>
export type RuleVersionJson = z.output<typeof ruleVersion>
export type CheckedDraftJson = z.output<typeof checkedDraft>
export type SentenceJson = z.output<typeof sentence>
