import { and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import type { Cause, Json } from '#kernel'
import type { RuleOp, SaveResult, StoredRuleFile, StoredRules, StoredRun } from '#rules'
import type { OpenDatabase } from '../database.ts'
import { versions as versionTable } from '../tables/house.ts'
import { deadlines, moments, ruleFiles, runs } from '../tables/rules.ts'
import { excluded, fromJson, type Operations } from './operations.ts'
import type { Versions } from './versions.ts'

/** The engine's writes to hub.db; traces go to history.db. */
export type HubRuleOp = Exclude<RuleOp, { op: 'rules.trace.put' }>

/** A save or removal that is answered with what became of it. */
export type RuleFileOp =
  | {
      readonly op: 'rules.file.save'
      readonly slug: string
      readonly text: string
      readonly ifVersion: number | null
      readonly cause: Cause
      readonly at: number
    }
  | {
      readonly op: 'rules.file.remove'
      readonly slug: string
      readonly ifVersion: number | null
      readonly cause: Cause
    }

const p = sql.placeholder

/** Open runs, deadlines, moments and rule files. */
export function ruleOperations(database: OpenDatabase, versions: Versions): Operations<HubRuleOp | RuleFileOp> {
  const { orm } = database
  const putRun = orm
    .insert(runs)
    .values({
      id: p('id'),
      rule: p('rule'),
      file: p('file'),
      version: p('version'),
      startedAt: p('startedAt'),
      dueAt: p('dueAt'),
      continuation: p('continuation'),
      cause: p('cause'),
    })
    .onConflictDoUpdate({ target: runs.id, set: excluded('due_at', 'continuation') })
    .prepare()
  const removeRun = orm
    .delete(runs)
    .where(eq(runs.id, p('id')))
    .prepare()
  const putDeadline = orm
    .insert(deadlines)
    .values({ rule: p('rule'), trigger: p('trigger'), since: p('since'), dueAt: p('dueAt') })
    .onConflictDoUpdate({ target: [deadlines.rule, deadlines.trigger], set: excluded('since', 'due_at') })
    .prepare()
  const removeDeadline = orm
    .delete(deadlines)
    .where(and(eq(deadlines.rule, p('rule')), eq(deadlines.trigger, p('trigger'))))
    .prepare()
  const putMoment = orm
    .insert(moments)
    .values({ rule: p('rule'), trigger: p('trigger'), at: p('at') })
    .onConflictDoUpdate({ target: [moments.rule, moments.trigger], set: excluded('at') })
    .prepare()
  return {
    'rules.run.put': ({ run }) =>
      void putRun.run({ ...run, continuation: JSON.stringify(run.continuation), cause: JSON.stringify(run.cause) }),
    'rules.run.remove': ({ id }) => void removeRun.run({ id }),
    'rules.deadline.put': ({ deadline }) => void putDeadline.run({ ...deadline }),
    'rules.deadline.remove': ({ rule, trigger }) => void removeDeadline.run({ rule, trigger }),
    'rules.moment.put': ({ moment }) => void putMoment.run({ ...moment }),
    ...fileOperations(database, versions),
  }
}

type FileOp = RuleFileOp | Extract<HubRuleOp, { op: 'rules.enabled' }>

function fileOperations({ orm }: OpenDatabase, versions: Versions): Operations<FileOp> {
  const find = orm
    .select()
    .from(ruleFiles)
    .where(eq(ruleFiles.slug, p('slug')))
    .prepare()
  const put = orm
    .insert(ruleFiles)
    .values({
      slug: p('slug'),
      text: p('text'),
      version: p('version'),
      enabled: p('enabled'),
      changedAt: p('changedAt'),
    })
    .onConflictDoUpdate({ target: ruleFiles.slug, set: excluded('text', 'version', 'changed_at') })
    .prepare()
  const remove = orm
    .delete(ruleFiles)
    .where(eq(ruleFiles.slug, p('slug')))
    .prepare()
  const enable = orm
    .update(ruleFiles)
    .set({ enabled: sql`${p('enabled')}` })
    .where(eq(ruleFiles.slug, p('slug')))
    .prepare()
  const isStale = (current: StoredRuleFile | undefined, ifVersion: number | null) =>
    ifVersion !== null && ifVersion !== (current?.version ?? 0)
  return {
    'rules.file.save': ({ slug, text, ifVersion, cause, at }): SaveResult => {
      const current = find.get({ slug })
      if (isStale(current, ifVersion)) return { stale: current ?? null }
      const version = versions.add({ kind: 'rule_file', object: slug, cause, content: text })
      const saved = { slug, text, version, enabled: current?.enabled ?? true, changedAt: at }
      put.run(saved)
      return { saved }
    },
    'rules.file.remove': ({ slug, ifVersion, cause }): SaveResult => {
      const current = find.get({ slug })
      if (current === undefined || isStale(current, ifVersion)) return { stale: current ?? null }
      remove.run({ slug })
      versions.add({ kind: 'rule_file', object: slug, cause, content: null })
      return { saved: current }
    },
    'rules.enabled': ({ slug, enabled }) => void enable.run({ slug, enabled: enabled ? 1 : 0 }),
  }
}

/** Files, open runs with the older texts they need, deadlines, moments. */
export function loadRules({ orm }: OpenDatabase): Omit<StoredRules, 'lastRuns'> {
  const files = orm.select().from(ruleFiles).all()
  const open = orm
    .select()
    .from(runs)
    .all()
    .map(
      row =>
        ({
          ...row,
          continuation: fromJson<Json>(row.continuation),
          cause: fromJson<Cause>(row.cause),
        }) satisfies StoredRun,
    )
  const current = new Set(files.map(({ slug, version }) => `${slug} ${version}`))
  const wanted = new Set(open.map(({ file, version }) => `${file} ${version}`).filter(key => !current.has(key)))
  const needed = [...wanted].flatMap(key => {
    const [slug, version] = key.split(' ') as [string, string]
    return ruleVersions({ orm }, slug).filter(row => row.version === Number(version))
  })
  return {
    files,
    needed: needed.map(({ slug, text, version, enabled, changedAt }) => ({ slug, text, version, enabled, changedAt })),
    runs: open,
    deadlines: orm.select().from(deadlines).all(),
    moments: orm.select().from(moments).all(),
  }
}

/** All versions of a rule file, newest first. */
export function ruleVersions({ orm }: Pick<OpenDatabase, 'orm'>, slug: string): (StoredRuleFile & { cause: Cause })[] {
  return orm
    .select()
    .from(versionTable)
    .where(and(eq(versionTable.kind, 'rule_file'), eq(versionTable.object, slug), isNotNull(versionTable.content)))
    .orderBy(desc(versionTable.version))
    .all()
    .map(row => ({
      slug,
      text: row.content!,
      version: row.version,
      enabled: true,
      changedAt: row.at,
      cause: fromJson<Cause>(row.cause),
    }))
}
