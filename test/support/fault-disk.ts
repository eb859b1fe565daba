import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Chances } from './chances.ts'
import { DiskImage, type FileCall } from './disk-image.ts'

const source = join(import.meta.dirname, 'fault-fs.c')

/** Compiles fault-fs.c, unless this very source was compiled before. @returns the library. */
function compileLibrary(): string {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const library = join(tmpdir(), `hob-fault-fs-${hash}.so`)
  if (existsSync(library)) return library
  const fresh = `${library}.${process.pid}`
  const { status, stderr, error } = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', fresh, source], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`fault-fs.c could not be compiled: ${error?.message ?? stderr}`)
  renameSync(fresh, library)
  return library
}

/** Watches, slows, fails and cuts the disk of a program that runs with `env` on a data folder. */
export class FaultDisk {
  readonly #folder: string
  readonly #own = mkdtempSync(join(tmpdir(), 'hob-disk-'))
  readonly #log = join(this.#own, 'log')
  readonly #control = join(this.#own, 'control')
  #image: DiskImage | null = null
  readonly env: Readonly<Record<string, string>>

  /** The folder exists and nobody writes to it yet. */
  constructor(folder: string) {
    this.#folder = realpathSync(folder)
    writeFileSync(this.#log, '')
    this.set({})
    this.env = {
      LD_PRELOAD: compileLibrary(),
      HOB_FAULT_FOLDER: this.#folder,
      HOB_FAULT_LOG: this.#log,
      HOB_FAULT_CONTROL: this.#control,
    }
  }

  /** From now on each fsync takes so many milliseconds, and fails with EIO or does not. */
  set({ delay = 0, fails = false }: { delay?: number; fails?: boolean }): void {
    // In one step: it may be read at any moment.
    const fresh = `${this.#control}.fresh`
    writeFileSync(fresh, `${delay} ${fails ? 5 : 0}\n`)
    renameSync(fresh, this.#control)
  }

  /** From now on no fsync comes to its end, until `set`. */
  hold(): void {
    this.set({ delay: -1 })
  }

  /** How long the log is: what stands behind it happened later. */
  get position(): number {
    return statSync(this.#log).size
  }

  /** What was done to the files of the folder from a position on. */
  calls(since = 0): FileCall[] {
    return [...parseLog(readFileSync(this.#log).subarray(since), since)]
  }

  /** Whether these bytes were written to a file from a position on, and synced after that. */
  holds(bytes: string, { file, since = 0 }: { file: string; since?: number }): boolean {
    const calls = this.calls(since).filter(({ name }) => name === file)
    const written = calls.find(call => call.call === 'write' && call.bytes.includes(bytes))
    return written !== undefined && calls.some(call => call.call === 'synced' && call.start > written.at)
  }

  /** Remembers what the folder holds as what is on disk; what happens from now on may be cut. */
  begin(chances: Chances): void {
    this.#image = new DiskImage(this.#folder, chances)
    writeFileSync(this.#log, '')
  }

  /** The power is gone; the program must be, too. Leaves in the folder what is on disk, and begins anew with it. */
  cut(chances: Chances): void {
    if (this.#image === null) throw new Error('begin() comes before cut()')
    for (const call of this.calls()) this.#image.take(call)
    this.#image.cut(this.#folder)
    this.begin(chances)
  }

  remove(): void {
    rmSync(this.#own, { recursive: true, force: true })
  }
}

function* parseLog(log: Buffer, since: number): Generator<FileCall> {
  for (let from = 0; from < log.length;) {
    const end = log.indexOf('\n', from)
    // kill -9 in the middle of a line.
    if (end < 0) return
    const [call = '', name = '', first = '', second = ''] = log.toString('latin1', from, end).split(' ')
    const at = since + from
    from = end + 1
    if (call === 'write') {
      const bytes = log.subarray(from, from + Number(second))
      from += bytes.length
      yield { at, call, name, offset: Number(first), bytes }
    } else if (call === 'truncate') yield { at, call, name, size: Number(first) }
    else if (call === 'rename') yield { at, call, name, to: first }
    else if (call === 'unlink') yield { at, call, name }
    else if (call === 'synced' || call === 'failed') yield { at, call, name, start: Number(first) }
    else throw new Error(`"${call}" is no call of the log at ${at}`)
  }
}
