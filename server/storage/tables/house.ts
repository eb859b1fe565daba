import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who this hub is: one row. */
export const hub = sqliteTable('hub', {
  id: integer('id').primaryKey(),
  /** A short name that tells its cookies from those of other hubs on the same host. */
  instance: text('instance').notNull(),
})

/** The settings of the house: one row. */
export const settings = sqliteTable('settings', {
  id: integer('id').primaryKey(),
  /** JSON. */
  settings: text('settings').notNull(),
  version: integer('version').notNull(),
})

/** Every version of everything that people edit: who, when, what. */
export const versions = sqliteTable(
  'version',
  {
    /** `rule_file`, `settings`, `device`, `entity`, `area`, `user`, `token`, `credential`, `ban`, `role`, `pass`. */
    kind: text('kind').notNull(),
    object: text('object').notNull(),
    version: integer('version').notNull(),
    at: integer('at').notNull(),
    /** JSON. */
    cause: text('cause').notNull(),
    /** The text or JSON of this version; null when the object was removed. */
    content: text('content'),
  },
  table => [primaryKey({ columns: [table.kind, table.object, table.version] }), index('version_at').on(table.at)],
)

/** Marks below which every number may have been given out. */
export const sequences = sqliteTable('sequence', {
  name: text('name').primaryKey(),
  mark: integer('mark').notNull(),
})
