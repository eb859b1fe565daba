import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Sessions that outlive their connection; client ids are namespaced by user. */
export const sessions = sqliteTable('broker_session', {
  key: integer('key').primaryKey(),
  user: text('user').notNull(),
  clientId: text('client_id').notNull(),
  protocol: integer('protocol').notNull(),
  expiry: integer('expiry'),
  disconnectedAt: integer('disconnected_at'),
})

export const subscriptions = sqliteTable(
  'broker_subscription',
  {
    session: integer('session')
      .notNull()
      .references(() => sessions.key, { onDelete: 'cascade' }),
    filter: text('filter').notNull(),
    qos: integer('qos').notNull(),
    noLocal: integer('no_local', { mode: 'boolean' }).notNull(),
    retainAsPublished: integer('retain_as_published', { mode: 'boolean' }).notNull(),
    retainHandling: integer('retain_handling').notNull(),
    subscriptionId: integer('subscription_id'),
  },
  table => [primaryKey({ columns: [table.session, table.filter] })],
)

/** Message bodies, once each; queue, retained and will rows refer to them. */
export const messages = sqliteTable('broker_message', {
  key: integer('key').primaryKey(),
  topic: text('topic').notNull(),
  payload: blob('payload', { mode: 'buffer' }).notNull(),
  qos: integer('qos').notNull(),
  retain: integer('retain', { mode: 'boolean' }).notNull(),
  /** JSON; correlation data in base64. */
  properties: text('properties'),
  expiresAt: integer('expires_at'),
  user: text('user'),
  clientId: text('client_id'),
  at: integer('at').notNull(),
})

export const deliveries = sqliteTable(
  'broker_delivery',
  {
    session: integer('session')
      .notNull()
      .references(() => sessions.key, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    message: integer('message').notNull(),
    qos: integer('qos').notNull(),
    retain: integer('retain', { mode: 'boolean' }).notNull(),
    /** JSON list of numbers. */
    subscriptionIds: text('subscription_ids').notNull(),
    /** The shared filter that chose this session, or null. */
    share: text('share'),
    state: text('state').notNull(),
    packetId: integer('packet_id'),
  },
  table => [primaryKey({ columns: [table.session, table.seq] })],
)

/** QoS 2 packet ids whose PUBREL has not come. */
export const inbound = sqliteTable(
  'broker_inbound',
  {
    session: integer('session')
      .notNull()
      .references(() => sessions.key, { onDelete: 'cascade' }),
    packetId: integer('packet_id').notNull(),
  },
  table => [primaryKey({ columns: [table.session, table.packetId] })],
)

export const retained = sqliteTable('broker_retained', {
  topic: text('topic').primaryKey(),
  message: integer('message').notNull(),
})

export const wills = sqliteTable(
  'broker_will',
  {
    user: text('user').notNull(),
    clientId: text('client_id').notNull(),
    message: integer('message').notNull(),
    delay: integer('delay').notNull(),
    /** Seconds from its publication on. */
    messageExpiry: integer('message_expiry'),
    dueAt: integer('due_at'),
  },
  table => [primaryKey({ columns: [table.user, table.clientId] }), index('broker_will_due').on(table.dueAt)],
)
