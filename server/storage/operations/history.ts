import { and, desc, eq, getTableColumns, inArray, lt, max, sql } from 'drizzle-orm'
import type { Cause, Json, Ulid } from '#kernel'
import type { Outcome, RuleOp, StoredLastRun, StoredTrace } from '#rules'
import type { RecorderOp } from '../../history/index.ts'
import type { OpenDatabase } from '../database.ts'
import { traces } from '../tables/history.ts'
import { fromJson, type Operations } from './operations.ts'
import { recorderOperations } from './recorder.ts'

type TraceOp = Extract<RuleOp, { op: 'rules.trace.put' }>
export type HistoryOp = TraceOp | RecorderOp

const p = sql.placeholder

/** Everything that is written to history.db. */
export function historyOperations(database: OpenDatabase): Operations<HistoryOp> {
  return { ...traceOperations(database), ...recorderOperations(database) }
}

const bytesOf = new WeakMap<OpenDatabase, number>()

/** Characters of the traces that were written through this connection. */
export function traceBytes(database: OpenDatabase): number {
  return bytesOf.get(database) ?? 0
}

/** Traces of finished runs. */
function traceOperations(database: OpenDatabase): Operations<TraceOp> {
  const { orm } = database
  const putTrace = orm
    .insert(traces)
    .values({
      id: p('id'),
      rule: p('rule'),
      file: p('file'),
      version: p('version'),
      startedAt: p('startedAt'),
      endedAt: p('endedAt'),
      result: p('result'),
      trace: p('trace'),
      cause: p('cause'),
    })
    .onConflictDoNothing()
    .prepare()
  const oldest = orm
    .select({ id: traces.id })
    .from(traces)
    .where(eq(traces.rule, p('rule')))
    .orderBy(desc(traces.id))
    .limit(1)
    .offset(p('keep'))
    .prepare()
  const removeOld = orm
    .delete(traces)
    .where(and(eq(traces.rule, p('rule')), sql`${traces.id} <= ${p('id')}`))
    .prepare()
  return {
    'rules.trace.put': ({ trace, keep }) => {
      const text = JSON.stringify(trace.trace)
      bytesOf.set(database, traceBytes(database) + text.length)
      putTrace.run({ ...trace, trace: text, cause: JSON.stringify(trace.cause) })
      const { rule } = trace
      const first = oldest.get({ rule, keep })
      if (first !== undefined) removeOld.run({ rule, id: first.id })
    },
  }
}

function toTrace(row: typeof traces.$inferSelect): StoredTrace {
  return {
    ...row,
    result: row.result as StoredTrace['result'],
    trace: fromJson<Json>(row.trace),
    cause: fromJson<Cause>(row.cause),
  }
}

/** The newest finished run of each rule. */
export function findLastRuns({ orm }: OpenDatabase): StoredLastRun[] {
  const { trace: _trace, ...columns } = getTableColumns(traces)
  const newest = orm
    .select({ id: max(traces.id) })
    .from(traces)
    .groupBy(traces.rule)
  return orm
    .select({ ...columns, outcome: sql<Outcome | null>`json_extract(${traces.trace}, '$.outcome')` })
    .from(traces)
    .where(inArray(traces.id, newest))
    .all()
    .map(row => ({ ...row, result: row.result as StoredTrace['result'], cause: fromJson<Cause>(row.cause) }))
}

/** Finished runs of a file or of one of its rules, newest first. */
export function findTraces(
  { orm }: OpenDatabase,
  { file, rule, limit, before }: { file: string; rule: string | null; limit: number; before: Ulid | null },
): StoredTrace[] {
  return orm
    .select()
    .from(traces)
    .where(
      and(
        rule === null ? eq(traces.file, file) : eq(traces.rule, rule),
        before === null ? undefined : lt(traces.id, before),
      ),
    )
    .orderBy(desc(traces.id))
    .limit(limit)
    .all()
    .map(toTrace)
}

export function findTrace({ orm }: OpenDatabase, id: Ulid): StoredTrace | undefined {
  const row = orm.select().from(traces).where(eq(traces.id, id)).get()
  return row === undefined ? undefined : toTrace(row)
}
