import { join } from 'node:path'
import type { MachineFiles } from './machine.ts'
import type { Trouble } from './problems.ts'

/** A database that could not be read and was set aside, `history.db.damaged-TIME`; without a time that is still ahead. */
const DAMAGED = /^(hub|history)\.db\.damaged(-\d+)?$/

/** What a damaged database left in the data folder: a problem until somebody has looked and removed it. */
export async function findSetAside(files: Pick<MachineFiles, 'list'>, folder: string): Promise<Trouble[]> {
  const found = ((await files.list(folder)) ?? []).flatMap(name => {
    const match = DAMAGED.exec(name)
    return match === null ? [] : [{ name, database: `${match[1]!}.db`, isAhead: match[2] === undefined }]
  })
  const ahead = found.find(({ isAhead }) => isAhead)
  const newest = found.toSorted((a, b) => (a.name < b.name ? 1 : -1))[0]
  if (ahead !== undefined) {
    const { database } = ahead
    const what = `${database} is damaged: what it holds cannot be read any more`
    const then = database === 'hub.db' ? 'goes on with the newest good backup' : 'begins anew'
    const repair = `Restart Hob: it sets the file aside and ${then}. Then look at the card or disk: it may be failing.`
    return [{ code: 'database_damaged', state: 'bad', what, where: join(folder, database), repair, link: null }]
  }
  if (newest === undefined) return []
  const what = `${newest.database} was damaged and has been set aside`
  const repair = 'Look at the card or disk: it may be failing. Remove the file when you do not need it any more.'
  return [{ code: 'database_damaged', state: 'warning', what, where: join(folder, newest.name), repair, link: null }]
}
