import { asc, desc, eq, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type {
  Activity,
  ActivityAsk,
  ActivityPage,
  BurstWrite,
  CauseLink,
  Once,
  PurgeStep,
} from '../../history/index.ts'
import type { OpenDatabase } from '../database.ts'
import { activity as table } from '../tables/history.ts'
import { excluded, fromJson } from './operations.ts'

/** Rows that one answer looks at; what is asked for beyond is another page. */
const MAX_LOOKED = 20_000
const ROWS = 500
/** Clocks that were set back by less hide nothing: places are in the order of events, times nearly. */
const DAY = 86_400_000

type Row = typeof table.$inferSelect

/** One of a burst: number, milliseconds after the first, what it became, run. */
type KeptOnce = [seq: number, after: number, to: Once['to'], run?: string]

interface Kept extends Pick<Activity, 'first' | 'count' | 'area' | 'what' | 'cause'> {
  readonly names: readonly [entity: string | undefined, device: string | undefined]
  readonly newest: readonly KeptOnce[]
}

const bytesOf = new WeakMap<OpenDatabase, number>()

/** Characters of the activity that was written through this connection. */
export function activityBytes(database: OpenDatabase): number {
  return bytesOf.get(database) ?? 0
}

/** What writes activity: a row in the place of another, or a new one. */
export function activityWriter(database: OpenDatabase): (burst: BurstWrite) => void {
  const { orm } = database
  const p = sql.placeholder
  const put = orm
    .insert(table)
    .values({
      ...{ id: p('id'), since: p('since'), at: p('at'), kind: p('kind') },
      ...{ entity: p('entity'), device: p('device'), entry: p('entry') },
    })
    .onConflictDoUpdate({ target: table.id, set: excluded('since', 'at', 'kind', 'entity', 'device', 'entry') })
    .prepare()
  const remove = orm
    .delete(table)
    .where(eq(table.id, p('id')))
    .prepare()
  return ({ activity, before }) => {
    const { id, entity, device, since, first, count, area, what, cause } = activity
    const newest = activity.newest.map(({ seq, at, to, run }): KeptOnce => {
      return run === null ? [seq, at - since, to] : [seq, at - since, to, run]
    })
    const kept: Kept = { first, count, area, what, cause, newest, names: [entity?.name, device?.name] }
    const entry = JSON.stringify(kept)
    bytesOf.set(database, activityBytes(database) + entry.length)
    if (before !== null && before !== id) remove.run({ id: before })
    const about = { kind: what.kind, entity: entity?.id ?? null, device: device?.id ?? null }
    put.run({ id, since, at: activity.newest[0]!.at, ...about, entry })
  }
}

function toActivity({ id, since, entity, device, entry }: Row): Activity {
  const { names, newest, ...kept } = fromJson<Kept>(entry)
  return {
    ...kept,
    id,
    since,
    entity: entity === null ? null : { id: entity, name: names[0]! },
    device: device === null ? null : { id: device, name: names[1]! },
    newest: newest.map(([seq, after, to, run = null]) => ({ seq, at: since + after, to, run })),
  }
}

function isAsked(row: Row, ask: ActivityAsk, sets: { entities: ReadonlySet<string>; devices: ReadonlySet<string> }) {
  if (row.at < ask.from || row.since >= ask.to) return false
  if (ask.kinds !== null && !ask.kinds.some(kind => kind === row.kind)) return false
  if (ask.only === null) return true
  return row.entity === null ? row.device !== null && sets.devices.has(row.device) : sets.entities.has(row.entity)
}

const linkText = (link: CauseLink) =>
  'to' in link ? `${link.name} ${link.value} ${JSON.stringify(link.to)}` : link.name

/** What of it is searched, in lower case. */
function textOf({ what, entity, device, area, cause }: Activity, { searchesCauses, areas }: ActivityAsk): string {
  const deed = Object.values(what).filter(each => typeof each === 'string' || typeof each === 'number')
  const place = area === null || areas?.includes(area.id) === false ? undefined : area.name
  const names = [entity?.name, device?.name, place].filter(each => each !== undefined)
  const causes = searchesCauses ? cause.map(linkText) : []
  return [...names, ...deed, ...causes].join(' ').toLowerCase()
}

/** Activity of the asked kind, newest first. */
export function findActivity({ orm }: OpenDatabase, ask: ActivityAsk): ActivityPage {
  const sets = { entities: new Set(ask.only?.entities), devices: new Set(ask.only?.devices) }
  const items: Activity[] = []
  let before = ask.before ?? Number.MAX_SAFE_INTEGER
  for (let looked = 0; looked < MAX_LOOKED; looked += ROWS) {
    const rows = orm.select().from(table).where(lt(table.id, before)).orderBy(desc(table.id)).limit(ROWS).all()
    for (const row of rows) {
      if (row.at < ask.from - DAY) return { items, next: null }
      before = row.id
      if (!isAsked(row, ask, sets)) continue
      const found = toActivity(row)
      if (ask.words.length > 0) {
        const text = textOf(found, ask)
        if (!ask.words.every(word => text.includes(word))) continue
      }
      items.push(found)
      if (items.length === ask.limit) return { items, next: before }
    }
    if (rows.length < ROWS) return { items, next: null }
  }
  return { items, next: before }
}

/** Removes at most so many rows of what is not kept. @returns how many. */
export function purgeActivity({ orm }: OpenDatabase, step: PurgeStep['activity'], limit: number): number {
  const { before, keep, gone } = step
  const excess = orm.select({ id: table.id }).from(table).orderBy(desc(table.id)).limit(1).offset(keep).get()
  const old = or(
    lt(table.at, before),
    excess === undefined ? undefined : lte(table.id, excess.id),
    gone.length === 0 ? undefined : inArray(table.entity, [...gone]),
  )
  const found = orm.select({ id: table.id }).from(table).where(old).orderBy(asc(table.id)).limit(limit).all()
  for (const { id } of found) orm.delete(table).where(eq(table.id, id)).run()
  return found.length
}
