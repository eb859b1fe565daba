import { z } from 'zod'
import { time } from './shared.ts'

const state = z.enum(['good', 'warning', 'bad', 'unknown'])

const reading = z.object({
  key: z.enum([
    'loop_delay',
    'commit_time',
    'commit_queue',
    'client_queue',
    'memory',
    'written',
    'disk_free',
    'full_in',
    'clock',
    'temperature',
    'power',
  ]),
  value: z
    .union([z.number(), z.string()])
    .nullable()
    .describe('a number, or the word for how it is; null where the machine does not say'),
  unit: z.string().nullable(),
  limit: z
    .object({ good: z.enum(['below', 'above']), warning: z.number(), bad: z.number() })
    .nullable()
    .describe('on which side of its limits a number is good'),
  state,
})

const problemOfHub = z.object({
  code: z
    .string()
    .describe(
      'key of a reading, or `database_damaged`, `history_unwritten`, `backup`, `certificate`, `rules`, `devices`',
    ),
  state: z.enum(['warning', 'bad']),
  what: z.string(),
  where: z.string().nullable(),
  repair: z.string().describe('what to do about it'),
  link: z.string().nullable().describe('path of the page where that is done'),
  since: time,
})

/** How the hub and its machine are. */
export const health = z
  .object({
    at: time.describe('of the last look; there is one every 10 s'),
    state: z.enum(['good', 'warning', 'bad']).describe('of the worst problem'),
    readings: z.array(reading),
    problems: z.array(problemOfHub).describe('worst first'),
  })
  .meta({ id: 'Health' })

export type HealthJson = z.output<typeof health>
