import { z } from 'zod'
import { cause, scalar, time } from './shared.ts'

// What a run tells of itself, and why a rule did not start. Texts are cut; `path` is the place in the rule: `on[0]`, `do[2].if`.

const json = z.unknown()

const condition = z
  .object({
    path: z.string(),
    text: z.string(),
    holds: z.boolean().nullable().describe('null is unknown'),
    parts: z.array(
      z.object({
        text: z.string(),
        holds: z.boolean().nullable(),
        sides: z.array(z.object({ text: z.string(), value: json })).describe('left and right of a comparison'),
      }),
    ),
    values: z.array(
      z.object({
        name: z.string(),
        value: json.describe('null when nobody knew it'),
        unit: z.string().nullable(),
        age: z.number().nullable().describe('milliseconds since its report; null when never seen'),
        confirmed: z.boolean(),
      }),
    ),
    notes: z.array(z.string()),
  })
  .meta({ id: 'TraceCondition' })

const heard = z
  .object({ topic: z.string(), payload: z.string(), client: z.string().nullable() })
  .meta({ id: 'TraceMessage' })

const command = z
  .object({
    id: z.string(),
    entity: z.string(),
    slug: z.string(),
    command: z.string(),
    values: z.record(z.string(), scalar),
    state: z.enum(['pending', 'confirmed', 'expired', 'failed', 'unknown']),
    reason: z.string().nullable(),
    took: z.number().nullable().describe('milliseconds to its end; null while pending'),
  })
  .meta({ id: 'TraceCommand' })

const deed = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('publish'),
      topic: z.string(),
      payload: z.string(),
      qos: z.number().int(),
      retain: z.boolean(),
    }),
    z.object({ kind: z.literal('command'), commands: z.array(command) }),
    z.object({
      kind: z.literal('wait'),
      due: time,
      ended: time.nullable(),
      restartedAt: time.nullable().describe('the last start of the hub that it outlived'),
    }),
    z.object({ kind: z.literal('log'), level: z.string(), text: z.string() }),
  ])
  .meta({ id: 'TraceDeed' })

export const trace = z
  .object({
    trigger: z.object({
      path: z.string(),
      kind: z.string(),
      id: z.string().nullable(),
      at: time,
      by: cause.pick({ kind: true, who: true }),
      message: heard.nullable(),
      condition: condition.nullable(),
      planned: time.nullable().describe('the moment a schedule meant'),
    }),
    conditions: z.array(condition),
    steps: z.array(
      z.object({
        path: z.string(),
        verb: z.string(),
        name: z.string().nullable(),
        at: time,
        result: z.enum(['done', 'skipped', 'failed']),
        reason: z.string().nullable(),
        condition: condition.nullable(),
        did: deed.nullable(),
      }),
    ),
    leftOut: z.number().int().describe('steps that found no room'),
    reason: z.string().nullable().describe('why it ended as it did, where that is not plain'),
  })
  .meta({ id: 'Trace' })

/** Why a rule did not start though a trigger of it was met; equal ones in a row are folded. */
export const nearMiss = z
  .object({
    at: time,
    lastAt: time,
    count: z.number().int(),
    trigger: z.string(),
    reason: z
      .string()
      .describe('if, unknown, payload, unchanged, retained, busy, full, own, limit, chain, missed, crowded'),
    text: z.string(),
    condition: condition.nullable(),
    message: heard.nullable(),
  })
  .meta({ id: 'NearMiss' })

export type TraceJson = z.output<typeof trace>
export type TraceConditionJson = z.output<typeof condition>
export type TraceStepJson = TraceJson['steps'][number]
export type NearMissJson = z.output<typeof nearMiss>
