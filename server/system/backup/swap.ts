import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { databaseNames, fileNames } from './contents.ts'

// Putting restored files in the place of those that a data folder has, so that a kill leaves the old house or the new one:
//
//   restoring/                 is being filled; thrown away when it is found
//   restored-TIME/             is whole: from this one rename on the new house counts, and whoever opens the folder next
//                              moves what is left in it, file by file
//   before-restore-TIME/       what stood in the place of what was moved
//
// What a backup does not hold stays as it is.

const FILLING = 'restoring'
const READY = /^restored-(\d{8}T\d{6}Z)$/
const ASIDE = /^before-restore-\d{8}T\d{6}Z$/
/** What belongs to a database beside its file. */
const ATTENDANTS = ['-wal', '-shm', '.damaged', '.state']

/** `20260301T200000Z` */
function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')
}

function sync(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** An empty folder in which a restored house is made ready. */
export function beginSwap(folder: string): string {
  const filling = join(folder, FILLING)
  rmSync(filling, { recursive: true, force: true })
  mkdirSync(filling, { mode: 0o700 })
  return filling
}

/** The folder that is filled has all that it is to have: from here on there is no way back. */
export function commitSwap(folder: string, now: number): void {
  const filling = join(folder, FILLING)
  for (const name of fileNames) {
    const parent = dirname(join(filling, name))
    if (existsSync(parent)) sync(parent)
  }
  renameSync(filling, join(folder, `restored-${stamp(now)}`))
  sync(folder)
}

/** Whether a restore was interrupted behind its point of no return. */
export function isSwapPending(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some(name => READY.test(name))
}

/**
 * Moves what a committed swap has left to move, and throws away one that was not committed. Nobody may have the folder
 * open. @returns where the files lie that were replaced, null when there are none.
 */
export function finishSwap(folder: string): string | null {
  rmSync(join(folder, FILLING), { recursive: true, force: true })
  const ready = readdirSync(folder).find(name => READY.test(name))
  if (ready === undefined) return null
  const aside = join(folder, `before-restore-${READY.exec(ready)![1]}`)
  for (const name of fileNames) {
    if (existsSync(join(folder, ready, name))) replace(name, { folder, fresh: join(folder, ready), aside })
  }
  rmSync(join(folder, ready), { recursive: true })
  sync(folder)
  return existsSync(aside) ? aside : null
}

function replace(name: string, { folder, fresh, aside }: { folder: string; fresh: string; aside: string }): void {
  const attendants = databaseNames.includes(name) ? ATTENDANTS.map(ending => name + ending) : []
  for (const old of [...attendants, name]) {
    if (!existsSync(join(folder, old))) continue
    mkdirSync(dirname(join(aside, old)), { recursive: true, mode: 0o700 })
    renameSync(join(folder, old), join(aside, old))
  }
  mkdirSync(dirname(join(folder, name)), { recursive: true, mode: 0o700 })
  // A log of the old database beside the new one would be read into it: first the one is gone, for good.
  sync(dirname(join(folder, name)))
  renameSync(join(fresh, name), join(folder, name))
  sync(dirname(join(folder, name)))
}

/** Throws away what earlier restores replaced. */
export function dropEarlierAside(folder: string, kept: string | null): void {
  for (const name of readdirSync(folder)) {
    if (ASIDE.test(name) && join(folder, name) !== kept) rmSync(join(folder, name), { recursive: true })
  }
}
