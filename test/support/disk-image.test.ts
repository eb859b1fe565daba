import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Chances } from './chances.ts'
import { DiskImage, type FileCall } from './disk-image.ts'
import { temporaryFolder } from './temporary-folder.ts'

// The disk of the power cuts, alone: what a cut leaves of a list of calls.

let scratch: ReturnType<typeof temporaryFolder>
let folder: string

beforeEach(() => {
  scratch = temporaryFolder()
  folder = join(scratch.path, 'data')
  mkdirSync(folder)
  writeFileSync(join(folder, 'old'), 'old')
})

afterEach(() => scratch.remove())

/** Of what was not synced nothing is there; all is; every second sector and change. */
const nothing: Chances = { between: least => least, chance: () => false }
const everything: Chances = { between: (_, most) => most, chance: () => true }
function everySecond(): Chances {
  let count = 0
  return { between: (_, most) => most, chance: () => count++ % 2 === 0 }
}

const write = (name: string, offset: number, text: string) =>
  ({ call: 'write', name, offset, bytes: Buffer.from(text) }) as const
const synced = (name: string) => ({ call: 'synced', name }) as const
const failed = (name: string) => ({ call: 'failed', name }) as const

type Call<T = FileCall> = T extends FileCall ? Omit<T, 'at' | 'start'> : never

function leaves(chances: Chances, calls: readonly Call[]): Record<string, string> {
  const image = new DiskImage(folder, chances)
  for (const [at, call] of calls.entries()) image.take({ start: at, ...call, at } as FileCall)
  image.cut(folder)
  return Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'latin1')]))
}

it.each<[what: string, chances: Chances, calls: Call[], left: Record<string, string>]>([
  ['what was not written', nothing, [], { old: 'old' }],
  ['a write without fsync, with bad luck', nothing, [write('old', 1, 'XX')], { old: 'old' }],
  ['and with good luck', everything, [write('old', 1, 'XX')], { old: 'oXX' }],
  ['a write with fsync', nothing, [write('old', 2, 'DER'), synced('old'), write('old', 0, 'X')], { old: 'olDER' }],
  ['an fsync of another file', nothing, [write('old', 0, 'X'), synced('new')], { old: 'old' }],
  ['a new file whose name is not on disk', nothing, [write('new', 0, 'n'), synced('new')], { old: 'old' }],
  ['and one whose name is', nothing, [write('new', 0, 'n'), synced('new'), synced('.')], { old: 'old', new: 'n' }],
  ['a file that was unlinked and is still named', nothing, [{ call: 'unlink', name: 'old' }], { old: 'old' }],
  ['a new name', nothing, [{ call: 'rename', name: 'old', to: 'new' }, synced('.')], { new: 'old' }],
  ['a truncation', nothing, [{ call: 'truncate', name: 'old', size: 1 }, synced('old')], { old: 'o' }],
  ['a failed fsync and a good one', nothing, [write('old', 0, 'X'), failed('old'), synced('old')], { old: 'old' }],
  ['a file that is made anew at every start', everything, [write('hub.db-shm', 0, 'x')], { old: 'old' }],
])('%s', (_, chances, calls, left) => expect(leaves(chances, calls)).toEqual(left))

it('tears a write at sectors', () => {
  const { torn } = leaves(everySecond(), [write('torn', 100, 'x'.repeat(1_100))])
  const kept = [...torn!].map((character, at) => (character === 'x' ? at : -1)).filter(at => at >= 0)
  // The first of its three sectors begins in the middle; the second is not there.
  expect([kept[0], kept.filter(at => at < 512).length, kept.filter(at => at >= 512 && at < 1_024).length]).toEqual([
    100, 412, 0,
  ])
  expect(kept.at(-1)).toBe(1_199)
})
