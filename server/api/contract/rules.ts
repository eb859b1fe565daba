import { z } from 'zod'
import { cause, time } from './shared.ts'

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
    cause,
  })
  .meta({ id: 'Run' })
export const runDetail = run.extend({ trace: z.unknown() }).meta({ id: 'RunDetail' })
export const rule = z
  .object({
    id: z.string(),
    key: z.string().nullable(),
    name: z.string(),
    active: z.boolean(),
    problems: z.array(fault),
    lastRun: run.nullable(),
    openRuns: z.array(run),
    nextAt: time.nullable(),
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
export const ruleVersion = z
  .object({ version: z.number().int(), text: z.string(), changedAt: time, cause })
  .meta({ id: 'RuleVersion' })

export type RuleFileJson = z.output<typeof ruleFile>
export type RuleJson = z.output<typeof rule>
export type RunJson = z.output<typeof run>
export type RunDetailJson = z.output<typeof runDetail>
export type FaultJson = z.output<typeof fault>
