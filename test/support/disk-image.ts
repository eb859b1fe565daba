// What is on a disk while a program writes to the page cache: fsync brings the writes of one file there, fsync of the
// folder the names. At a power cut any part of what was not synced may be there or not, in sectors, in no order; of the
// names the first so many changes, as a file system with a journal keeps their order.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chances } from './chances.ts'

/** What a disk writes whole or not at all, in bytes. */
const SECTOR = 512

/** One call of a program on a file, as the log of fault-fs.c has it; `at` is its place in the log. */
export type FileCall = { readonly at: number; readonly name: string } & (
  | { readonly call: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly call: 'truncate'; readonly size: number }
  | { readonly call: 'rename'; readonly to: string }
  | { readonly call: 'unlink' }
  | { readonly call: 'synced' | 'failed'; readonly start: number }
)

type Change = Extract<FileCall, { call: 'write' | 'truncate' }>

class ImageFile {
  #bytes: Buffer
  #size: number
  #pending: Change[] = []

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#size = bytes.length
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }

  change(change: Change): void {
    this.#pending.push(change)
  }

  /** What was done before `start` in the log is on disk as far as `isThere` says so, and will not become so later. */
  settle(start: number, isThere: () => boolean): void {
    const count = this.#pending.findIndex(({ at }) => at >= start)
    for (const change of this.#pending.splice(0, count < 0 ? this.#pending.length : count)) {
      if (change.call === 'write') this.#write(change, isThere)
      else if (isThere()) this.#resize(change.size)
    }
  }

  #write({ offset, bytes }: Extract<Change, { call: 'write' }>, isThere: () => boolean): void {
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, from + SECTOR - ((offset + from) % SECTOR))
      if (isThere()) {
        if (offset + to > this.#size) this.#resize(offset + to)
        bytes.copy(this.#bytes, offset + from, from, to)
      }
      from = to
    }
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(size, 2 * this.#bytes.length))
      this.bytes.copy(larger)
      this.#bytes = larger
    }
    if (size < this.#size) this.#bytes.fill(0, size, this.#size)
    this.#size = size
  }
}

type Names = Map<string, ImageFile>

/** The disk under one folder without subfolders. */
export class DiskImage {
  readonly #chances: Chances
  /** As the program sees them. */
  readonly #open: Names = new Map()
  readonly #onDisk: Names
  #pendingNames: { at: number; change: (names: Names) => void }[] = []

  /** Begins with what is in the folder, all of it on disk. */
  constructor(folder: string, chances: Chances) {
    this.#chances = chances
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isFile() && !isRebuilt(entry.name))
        this.#open.set(entry.name, new ImageFile(readFileSync(join(folder, entry.name))))
    }
    this.#onDisk = new Map(this.#open)
  }

  take(call: FileCall): void {
    const { name, at } = call
    if (isRebuilt(name)) return
    switch (call.call) {
      case 'write':
      case 'truncate':
        this.#file(name, at).change(call)
        return
      case 'rename':
        this.#changeNames(at, names => {
          names.set(call.to, names.get(name)!)
          names.delete(name)
        })
        return
      case 'unlink':
        this.#changeNames(at, names => void names.delete(name))
        return
      case 'synced':
        if (name === '.') this.#settleNames(this.#pendingNames.filter(pending => pending.at < call.start).length)
        else this.#open.get(name)?.settle(call.start, () => true)
        return
      case 'failed':
        // The system has marked the pages as clean: what did not get there now will not get there by the next fsync.
        this.#open.get(name)?.settle(call.start, () => this.#chances.chance(0.5))
    }
  }

  /** The power is gone: replaces what is in the folder by what the disk has. */
  cut(folder: string): void {
    this.#settleNames(this.#chances.between(0, this.#pendingNames.length))
    const share = [0, 0.3, 0.9, 1][this.#chances.between(0, 3)]!
    rmSync(folder, { recursive: true })
    mkdirSync(folder, { mode: 0o700 })
    for (const [name, file] of this.#onDisk) {
      file.settle(Infinity, () => this.#chances.chance(share))
      writeFileSync(join(folder, name), file.bytes, { mode: 0o600 })
    }
  }

  #file(name: string, at: number): ImageFile {
    const known = this.#open.get(name)
    if (known !== undefined) return known
    const file = new ImageFile(Buffer.alloc(0))
    this.#changeNames(at, names => void names.set(name, file))
    return file
  }

  #changeNames(at: number, change: (names: Names) => void): void {
    change(this.#open)
    this.#pendingNames.push({ at, change })
  }

  #settleNames(count: number): void {
    for (const { change } of this.#pendingNames.splice(0, count)) change(this.#onDisk)
  }
}

/** SQLite's index of the log is memory that it makes anew after a crash. */
function isRebuilt(name: string): boolean {
  return name.endsWith('-shm')
}
