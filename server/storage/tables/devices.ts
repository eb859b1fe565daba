import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const announcements = sqliteTable('device_announcement', {
  topic: text('topic').primaryKey(),
  dialect: text('dialect').notNull(),
  payload: blob('payload', { mode: 'buffer' }).notNull(),
  user: text('user'),
  clientId: text('client_id'),
  at: integer('at').notNull(),
})

export const areas = sqliteTable('area', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  version: integer('version').notNull(),
})

export const devices = sqliteTable(
  'device',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull().unique(),
    name: text('name').notNull(),
    area: text('area'),
    /** JSON list. */
    identifiers: text('identifiers').notNull(),
    user: text('user'),
    adoptedAt: integer('adopted_at').notNull(),
    version: integer('version').notNull(),
  },
  table => [index('device_area').on(table.area)],
)

export const entities = sqliteTable(
  'entity',
  {
    id: text('id').primaryKey(),
    device: text('device').notNull(),
    key: text('key').notNull(),
    slug: text('slug').notNull(),
    name: text('name'),
    area: text('area'),
    version: integer('version').notNull().default(1),
  },
  table => [index('entity_device').on(table.device)],
)

/** Slugs that were changed still lead to their object. */
export const aliases = sqliteTable(
  'alias',
  { kind: text('kind').notNull(), slug: text('slug').notNull(), id: text('id').notNull() },
  table => [primaryKey({ columns: [table.kind, table.slug] })],
)
