import { z } from 'zod'
import { scalar, time } from './shared.ts'

const moment = z.iso.datetime({ offset: true })

type Kind = 'change' | 'online' | 'command' | 'run' | 'device'
const KIND = '(change|online|command|run|device)'

export const activityQuery = z.object({
  from: moment
    .optional()
    .describe('left out: as far back as is kept. A burst that reaches into the range belongs to it'),
  to: moment.optional().describe('left out: now. Does not belong to the range'),
  entity: z.string().optional().describe('id'),
  device: z.string().optional().describe('id or slug'),
  area: z.string().optional().describe('id or slug'),
  kinds: z
    .string()
    .regex(
      new RegExp(`^${KIND}(,${KIND})*$`),
      'is a list of kinds with commas between them: change, online, command, run, device',
    )
    .transform(text => text.split(',') as Kind[])
    .optional()
    .describe('kinds with commas between them'),
  q: z.string().trim().max(100).optional().describe('words that all stand in what happened or in its cause'),
  cursor: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** An area, device or entity by its name of then. */
const named = z.object({ id: z.string(), name: z.string() }).nullable()

/** What happened. */
const what = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('change'),
      value: z.string().describe('name of the value'),
      from: scalar,
      to: scalar,
      unit: z.string().nullable(),
    })
    .describe('a value of an entity changed'),
  z.object({ kind: z.literal('online'), to: z.boolean() }).describe('a device came or went'),
  z
    .object({
      kind: z.literal('command'),
      command: z.string(),
      values: z.record(z.string(), scalar),
      state: z.enum(['expired', 'failed']),
      reason: z.string(),
    })
    .describe('a command came to nothing; one that was obeyed is told by the changes that it made'),
  z
    .object({
      kind: z.literal('run'),
      rule: z.string().describe('`slug` or `slug/key`'),
      name: z.string(),
      run: z.string(),
      startedAt: time,
      state: z.enum(['done', 'stopped', 'failed', 'cancelled']),
    })
    .describe('a rule ran to an end'),
  z
    .object({ kind: z.literal('device'), change: z.enum(['added', 'removed']) })
    .describe('a device was adopted or forgotten'),
])

/** One link of the chain of causes. */
const link = z
  .object({
    kind: z
      .enum(['user', 'token', 'pass', 'rule', 'change', 'message', 'device', 'client', 'schedule', 'hub'])
      .describe(
        '`change`: of a value that was itself caused by what comes next; `device`: the thing itself, as by a press at ' +
          'its switch; `message`: of a topic; `client`: an MQTT client that is not the device; `hub`: the hub itself',
      ),
    name: z
      .string()
      .nullable()
      .describe('of then: the user, rule, entity, device, topic ...; null for what the caller may not see'),
    id: z
      .string()
      .nullable()
      .describe('of the token, pass, rule (`slug/key`), entity (of a `change`) or device; null for all else'),
    run: z.string().nullable().describe('of a `rule`: its run'),
    value: z.string().nullable().describe('of a `change`: which value'),
    to: scalar.describe('of a `change`: what it became'),
  })
  .meta({ id: 'CauseLink' })

/** Something that happened, once or many times in a burst, and why. */
export const activity = z
  .object({
    id: z.string().describe('stays while a burst grows'),
    at: time.describe('of the newest'),
    seq: z.number().int().describe('number of its event in the stream'),
    entity: named,
    device: named,
    area: named,
    what,
    cause: z.array(link).describe('from the nearest to the first; empty when nobody knows'),
    count: z.number().int().describe('how many alike came one after the other: same thing, same cause'),
    first: time.describe('of the oldest of them'),
    newest: z
      .array(
        z.object({
          at: time,
          seq: z.number().int(),
          to: scalar.describe('of a `change` or `online`'),
          run: z.string().nullable().describe('of a `run`, or of the nearest rule of the cause'),
        }),
      )
      .describe('the newest 20 of them one by one, newest first'),
  })
  .meta({ id: 'Activity' })

export type ActivityJson = z.output<typeof activity>
export type CauseLinkJson = z.output<typeof link>
