import { and, asc, desc, eq, gt, like, lt, lte, sql } from 'drizzle-orm'
import { createHash } from 'node:crypto'
import { ulidTime, type Cause, type Json } from '#kernel'
import type { AccessOp, AuditCheck, AuditEntry, AuditNote, AuditQuery, KnownEntry } from '../../access/index.ts'
import type { OpenDatabase } from '../database.ts'
import { audit, auditChain } from '../tables/audit.ts'
import { excluded, fromJson, type Operations } from './operations.ts'

/** Rows that are kept; the oldest go, the chain stays whole. */
export const MAX_AUDIT = 50_000
/** How many go at a time. */
export const AUDIT_STEP = 1_000
/** Rows looked at in one go by the check. */
const CHECK_PAGE = 5_000

/** What the first row follows. */
const ORIGIN = { id: 1, startSeq: 0, startHash: '0'.repeat(64), endSeq: 0, endHash: '0'.repeat(64) }

type Row = typeof audit.$inferSelect

/** Everything of a row stands in its hash, and the hash before it. */
function hashOf(before: string, { seq, at, cause, action, object, detail }: Omit<Row, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([before, seq, at, cause, action, object, detail]))
    .digest('hex')
}

export interface Audit {
  /** Adds to the chain, in the transaction that runs. */
  add(note: AuditNote): void
}

export function createAudit({ orm }: OpenDatabase): Audit {
  const p = sql.placeholder
  const chain = orm.select().from(auditChain).prepare()
  const putChain = orm
    .insert(auditChain)
    .values({ id: 1, startSeq: p('startSeq'), startHash: p('startHash'), endSeq: p('endSeq'), endHash: p('endHash') })
    .onConflictDoUpdate({
      target: auditChain.id,
      set: excluded('start_seq', 'start_hash', 'end_seq', 'end_hash'),
    })
    .prepare()
  const insert = orm
    .insert(audit)
    .values({
      seq: p('seq'),
      at: p('at'),
      cause: p('cause'),
      action: p('action'),
      object: p('object'),
      detail: p('detail'),
      hash: p('hash'),
    })
    .prepare()
  const find = orm
    .select()
    .from(audit)
    .where(eq(audit.seq, p('seq')))
    .prepare()
  const removeTo = orm
    .delete(audit)
    .where(lte(audit.seq, p('seq')))
    .prepare()

  return {
    add({ cause, action, object, detail }) {
      const { startSeq, startHash, endSeq, endHash } = chain.get() ?? ORIGIN
      const about = { cause: JSON.stringify(cause), action, object, detail: JSON.stringify(detail) }
      const row = { seq: endSeq + 1, at: ulidTime(cause.id), ...about }
      const hash = hashOf(endHash, row)
      insert.run({ ...row, hash })
      const ends = { startSeq, startHash, endSeq: row.seq, endHash: hash }
      const last = row.seq - MAX_AUDIT
      const oldest = last - startSeq >= AUDIT_STEP ? find.get({ seq: last }) : undefined
      if (oldest !== undefined) removeTo.run({ seq: last })
      putChain.run(oldest === undefined ? ends : { ...ends, startSeq: last, startHash: oldest.hash })
    },
  }
}

export function auditOperations(entries: Audit): Operations<Extract<AccessOp, { readonly op: 'access.audit.add' }>> {
  return { 'access.audit.add': ({ note }) => entries.add(note) }
}

/** Entries, newest first. */
export function findAudit(
  { orm }: OpenDatabase,
  { limit, before = Number.MAX_SAFE_INTEGER, action = '', who }: AuditQuery,
): AuditEntry[] {
  return orm
    .select()
    .from(audit)
    .where(
      and(
        lt(audit.seq, before),
        action === '' ? undefined : like(audit.action, `${action.replace(/[%_]/g, '')}%`),
        who === undefined ? undefined : eq(sql`${audit.cause} ->> '$.who'`, who),
      ),
    )
    .orderBy(desc(audit.seq))
    .limit(limit)
    .all()
    .map(row => ({ ...row, cause: fromJson<Cause>(row.cause), detail: fromJson<Record<string, Json>>(row.detail) }))
}

/** Goes along the whole chain, which must hold the known entry unless that is older than its beginning. */
export function checkAudit({ orm }: OpenDatabase, known: KnownEntry | null): AuditCheck {
  const { startSeq, startHash, endSeq, endHash } = orm.select().from(auditChain).get() ?? ORIGIN
  const entries = endSeq - startSeq
  const last = endSeq === 0 ? null : { seq: endSeq, hash: endHash }
  let seq = startSeq
  let hash = startHash
  for (;;) {
    const page = orm.select().from(audit).where(gt(audit.seq, seq)).orderBy(asc(audit.seq)).limit(CHECK_PAGE).all()
    for (const row of page) {
      const isKnown = row.seq !== known?.seq || row.hash === known.hash
      if (row.seq !== seq + 1 || row.hash !== hashOf(hash, row) || !isKnown) return { entries, last, brokenAt: seq + 1 }
      seq = row.seq
      hash = row.hash
    }
    if (page.length < CHECK_PAGE) break
  }
  const isWhole = seq === endSeq && hash === endHash && (known?.seq ?? 0) <= seq
  return { entries, last, brokenAt: isWhole ? null : seq + 1 }
}
