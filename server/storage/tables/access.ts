import { sql } from 'drizzle-orm'
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const users = sqliteTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique(),
  role: text('role').notNull(),
  /** Slug of a role by area, or null. */
  areaRole: text('area_role'),
  /** PHC string of argon2id. */
  password: text('password').notNull(),
  /** SHA-256 of the recovery code, hex; null when there is none. */
  recovery: text('recovery'),
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

/** Browsers in which people are signed in. */
export const sessions = sqliteTable('session', {
  id: text('id').primaryKey(),
  user: text('user').notNull(),
  /** SHA-256 of the cookie's 256 bits, hex. */
  hash: text('hash').notNull().unique(),
  createdAt: integer('created_at').notNull(),
  seenAt: integer('seen_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  address: text('address').notNull(),
  userAgent: text('user_agent').notNull(),
})

/** What people may do by area. */
export const areaRoles = sqliteTable('area_role', {
  slug: text('slug').primaryKey(),
  name: text('name').notNull(),
  house: text('house'),
  /** JSON list of area and action. */
  areas: text('areas').notNull(),
})

/** What people have beside their password. */
export const factors = sqliteTable('second_factor', {
  user: text('user').primaryKey(),
  /** Hex: it has to be known to make codes of it. */
  key: text('key').notNull(),
  step: integer('step').notNull(),
  /** JSON list of SHA-256, hex. */
  codes: text('codes').notNull(),
  createdAt: integer('created_at').notNull(),
})

/** Links for guests. */
export const passes = sqliteTable('pass', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** SHA-256, hex. */
  hash: text('hash').notNull().unique(),
  /** JSON list. */
  entities: text('entities').notNull(),
  may: text('may').notNull(),
  from: integer('from').notNull(),
  until: integer('until').notNull(),
  createdAt: integer('created_at').notNull(),
})

/** MQTT clients that are kept out. */
export const bans = sqliteTable('ban', {
  id: text('id').primaryKey(),
  user: text('user'),
  clientId: text('client_id'),
  address: text('address'),
  /** Null for ever. */
  until: integer('until'),
  who: text('who').notNull(),
  createdAt: integer('created_at').notNull(),
})

/** MQTT credentials. */
export const credentials = sqliteTable(
  'credential',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    username: text('username').notNull(),
    /** The only client id it lets in; null lets any in. */
    clientId: text('client_id'),
    /** `issued` by the hub, the device's `own` choice, or `none`: no password. */
    origin: text('origin').notNull().default('issued'),
    /** SHA-256 of the password, hex. */
    hash: text('hash').notNull(),
    /** JSON; what SCRAM-SHA-256 needs of the password, null for one that the hub did not make. */
    scram: text('scram'),
    /** JSON lists of topic filters. */
    publish: text('publish').notNull(),
    subscribe: text('subscribe').notNull(),
    full: integer('full', { mode: 'boolean' }).notNull(),
    device: text('device'),
    createdAt: integer('created_at').notNull(),
  },
  // Two nulls are never equal in an index of SQLite.
  table => [
    uniqueIndex('credential_login').on(table.username, table.clientId),
    uniqueIndex('credential_username')
      .on(table.username)
      .where(sql`${table.clientId} is null`),
  ],
)
