import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who did what to rights, things and doors; each row holds the hash of itself and all before it. */
export const audit = sqliteTable(
  'audit',
  {
    seq: integer('seq').primaryKey(),
    at: integer('at').notNull(),
    /** JSON. */
    cause: text('cause').notNull(),
    action: text('action').notNull(),
    object: text('object'),
    /** JSON. */
    detail: text('detail').notNull(),
    /** SHA-256 of the hash before it and of this row, hex. */
    hash: text('hash').notNull(),
  },
  table => [index('audit_action').on(table.action, table.seq)],
)

/** Both ends of the chain: one row. */
export const auditChain = sqliteTable('audit_chain', {
  id: integer('id').primaryKey(),
  /** Number and hash of the last row that was let go of. */
  startSeq: integer('start_seq').notNull(),
  startHash: text('start_hash').notNull(),
  endSeq: integer('end_seq').notNull(),
  endHash: text('end_hash').notNull(),
})
