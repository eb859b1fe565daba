import { z } from 'zod'
import { scalar, time } from './shared.ts'

const milliseconds = z.number().describe('milliseconds since 1970')
const moment = z.iso.datetime({ offset: true })

const range = {
  entity: z.string().describe('id'),
  value: z.string().optional().describe('name of a value; left out: all of the entity'),
  from: moment.optional().describe('left out: a day before `to`'),
  to: moment.optional().describe('left out: now. Does not belong to the range'),
}

export const historyQuery = z.object({
  ...range,
  points: z.coerce.number().int().min(2).max(5_000).default(500).describe('the most points of each value'),
  resolution: z
    .enum(['auto', 'raw', '5m', 'hour', 'day'])
    .default('auto')
    .describe('`auto` and `raw`: every change, or bands of equal width when there are more than `points`'),
  compare: z
    .enum(['day', 'week', 'month', 'year'])
    .optional()
    .describe('beside it the same stretch of the calendar a day, week, month or year before'),
})

export const historyExportQuery = z.object({
  ...range,
  resolution: z.enum(['raw', '5m', 'hour', 'day']).default('raw'),
  format: z.enum(['csv', 'json']).default('csv'),
})

const course = z.object({
  source: z.enum(['raw', '5m', 'hour']).describe('made of every change, or of statistics of 5 minutes or hours'),
  width: z.number().describe('milliseconds of each band; 0: single changes, or days of the house'),
  at: z.array(milliseconds).describe('from when each value holds'),
  values: z.array(scalar).describe('the value, or the mean over time of a band; null where nothing is known'),
  min: z.array(z.number().nullable()).optional().describe('of each band'),
  max: z.array(z.number().nullable()).optional(),
  sum: z.array(z.number()).optional().describe('what a counter counted in each band, over its resets'),
  count: z.array(z.number()).optional().describe('changes in each band'),
})

/** How one value of an entity went. */
export const history = course
  .extend({
    entity: z.string(),
    value: z.string(),
    unit: z.string().nullable(),
    kind: z.enum(['number', 'bool', 'text']),
    counter: z.boolean(),
    days: z.number().int().describe('for which its changes are kept; 0: it is not recorded'),
    from: time,
    to: time,
    compared: course.extend({ from: time, to: time }).nullable(),
  })
  .meta({ id: 'History' })

/** What history takes on the disk. */
export const historySpace = z
  .object({
    used: z.number().int().describe('bytes'),
    free: z.number().int().describe('bytes within the file, for what comes'),
    disk: z.number().nullable().describe('bytes free on the disk'),
    perDay: z.number().nullable().describe('bytes that it grew by a day, lately'),
    fullIn: z
      .number()
      .int()
      .nullable()
      .describe('days; null when it does not grow or that is more than ten years away'),
    entities: z.array(z.object({ entity: z.string(), bytes: z.number(), changes: z.number().int(), since: time })),
  })
  .meta({ id: 'HistorySpace' })

/** How much is written to the disk, and by whom. */
export const writeReport = z
  .object({
    since: time,
    perDay: z.number().nullable().describe('bytes; null in the first ten minutes, and where the system does not count'),
    cardYears: z.number().nullable().describe('until a card of 32 GB is worn out by that'),
    writers: z.array(
      z.object({
        kind: z
          .enum(['entity', 'runs', 'activity', 'house'])
          .describe('`house`: settings, devices, rules and durable MQTT'),
        entity: z.string().nullable(),
        value: z.string().nullable(),
        perDay: z.number(),
        share: z.number().describe('of all, 0 to 1'),
      }),
    ),
  })
  .meta({ id: 'WriteReport' })

export type HistoryJson = z.output<typeof history>
export type HistorySpaceJson = z.output<typeof historySpace>
export type WriteReportJson = z.output<typeof writeReport>
