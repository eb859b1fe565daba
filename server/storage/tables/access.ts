import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const users = sqliteTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique(),
  role: text('role').notNull(),
  /** PHC string of argon2id. */
  password: text('password').notNull(),
  createdAt: integer('created_at').notNull(),
  disabled: integer('disabled', { mode: 'boolean' }).notNull(),
})

export const tokens = sqliteTable('token', {
  id: text('id').primaryKey(),
  user: text('user').notNull(),
  /** SHA-256, hex. */
  hash: text('hash').notNull().unique(),
  /** JSON list. */
  scopes: text('scopes').notNull(),
  /** JSON list, or null for all areas. */
  areas: text('areas'),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  lastUsedAt: integer('last_used_at'),
})

/** MQTT credentials. */
export const credentials = sqliteTable('credential', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  username: text('username').notNull().unique(),
  /** SHA-256 of the machine-made password, hex. */
  hash: text('hash').notNull(),
  /** JSON lists of topic filters. */
  publish: text('publish').notNull(),
  subscribe: text('subscribe').notNull(),
  full: integer('full', { mode: 'boolean' }).notNull(),
  device: text('device'),
  createdAt: integer('created_at').notNull(),
})
