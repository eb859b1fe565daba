import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Current rule texts; older ones are rows of `version`. */
export const ruleFiles = sqliteTable('rule_file', {
  slug: text('slug').primaryKey(),
  text: text('text').notNull(),
  version: integer('version').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  changedAt: integer('changed_at').notNull(),
})

export const runs = sqliteTable(
  'rule_run',
  {
    id: text('id').primaryKey(),
    rule: text('rule').notNull(),
    file: text('file').notNull(),
    version: integer('version').notNull(),
    startedAt: integer('started_at').notNull(),
    dueAt: integer('due_at'),
    /** JSON. */
    continuation: text('continuation').notNull(),
    /** JSON. */
    cause: text('cause').notNull(),
  },
  table => [index('rule_run_file').on(table.file)],
)

export const deadlines = sqliteTable(
  'rule_deadline',
  {
    rule: text('rule').notNull(),
    trigger: text('trigger').notNull(),
    since: integer('since').notNull(),
    dueAt: integer('due_at').notNull(),
  },
  table => [primaryKey({ columns: [table.rule, table.trigger] })],
)

export const moments = sqliteTable(
  'rule_moment',
  { rule: text('rule').notNull(), trigger: text('trigger').notNull(), at: integer('at').notNull() },
  table => [primaryKey({ columns: [table.rule, table.trigger] })],
)
