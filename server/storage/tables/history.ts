import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** What is recorded of one value of an entity: where it stands, and how much there is. */
export const series = sqliteTable(
  'series',
  {
    id: integer('id').primaryKey(),
    entity: text('entity').notNull(),
    /** Name of the value. */
    value: text('value').notNull(),
    /** Device class, else component. */
    class: text('class').notNull(),
    /** JSON of the last value before what waits in `batch`, for the restart; null when there was none. */
    last: text('last'),
    lastAt: integer('last_at').notNull().default(0),
    /** Nothing is known from the last change on. */
    isGap: integer('is_gap', { mode: 'boolean' }).notNull().default(false),
    /** Times of its chunks: where the first begins and the latest time in any. */
    since: integer('since').notNull().default(0),
    until: integer('until').notNull().default(0),
    /** Chunks that it ever had. */
    chunks: integer('chunks').notNull().default(0),
    changes: integer('changes').notNull().default(0),
    bytes: integer('bytes').notNull().default(0),
    /** Days before this time have their statistics. */
    summarisedUntil: integer('summarised_until').notNull().default(0),
  },
  table => [uniqueIndex('series_value').on(table.entity, table.value)],
)

/** The append table: changes of all values between two writes, in slots of one size (`operations/slots.ts`). */
export const batches = sqliteTable('batch', {
  id: integer('id').primaryKey(),
  /** When it was written. */
  at: integer('at').notNull(),
  /** A part of a batch of `server/series/batch.ts`. */
  changes: blob('changes', { mode: 'buffer' }).notNull(),
  /** Slots of an earlier round are free. */
  round: integer('round').notNull().default(0),
})

/** Rolled changes of one value. Number of the series * 2^24 + number within it: those of a series lie together. */
export const chunks = sqliteTable('chunk', {
  id: integer('id').primaryKey(),
  /** Its times lie between these; what comes after `until` was told anew by a later chunk. */
  since: integer('since').notNull(),
  until: integer('until').notNull(),
  changes: integer('changes').notNull(),
  /** A chunk of `server/series/chunk.ts`. */
  samples: blob('samples', { mode: 'buffer' }).notNull(),
})

/** Statistics of a value and a day (UTC). Number of the series * 2^20 + days since 1970. */
export const summaries = sqliteTable('summary', {
  id: integer('id').primaryKey(),
  /** Rows of `server/series/day.ts`. */
  hours: blob('hours', { mode: 'buffer' }).notNull(),
  fives: blob('fives', { mode: 'buffer' }).notNull(),
})

/** Bytes of this file in use, at the end of a day (days since 1970). */
export const usage = sqliteTable('usage', {
  day: integer('day').primaryKey(),
  used: integer('used').notNull(),
})

/** What happened and why, in the order of events; a burst is one row, at the place of its newest. */
export const activity = sqliteTable('activity', {
  /** `Activity.id` of server/history. */
  id: integer('id').primaryKey(),
  /** Times of its first and its newest. */
  since: integer('since').notNull(),
  at: integer('at').notNull(),
  kind: text('kind').notNull(),
  entity: text('entity'),
  device: text('device'),
  /** JSON of the rest. */
  entry: text('entry').notNull(),
})

/** Finished runs. */
export const traces = sqliteTable(
  'trace',
  {
    id: text('id').primaryKey(),
    rule: text('rule').notNull(),
    file: text('file').notNull(),
    version: integer('version').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at').notNull(),
    result: text('result').notNull(),
    /** JSON. */
    trace: text('trace').notNull(),
    /** JSON. */
    cause: text('cause').notNull(),
  },
  table => [index('trace_rule').on(table.rule, table.id), index('trace_file').on(table.file, table.id)],
)
