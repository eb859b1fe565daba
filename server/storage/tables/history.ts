import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Last known values, for the restart. */
export const values = sqliteTable(
  'last_value',
  {
    entity: text('entity').notNull(),
    name: text('name').notNull(),
    /** JSON. */
    value: text('value').notNull(),
    at: integer('at').notNull(),
    changedAt: integer('changed_at').notNull(),
  },
  table => [primaryKey({ columns: [table.entity, table.name] })],
)

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
