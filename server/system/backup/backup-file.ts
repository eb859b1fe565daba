import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HobError, type Random } from '#kernel'
import { syncFolder } from '../files.ts'
import { MAX_LIST, parseContents, type Contents, type ListedFile } from './contents.ts'
import { damaged, seal, unseal, type Lock } from './sealed.ts'

// In a sealed file: the length of the list (4 bytes), the list as JSON, then the bytes of each file in its order, nothing
// behind. Nothing is compressed, so nothing can swell.

const OWNER_ALONE = 0o600
const FOLDER_OWNER_ALONE = 0o700
/** Bytes that stay free on a disk beside what is written to it. */
export const SPARE = 64 * 1024 * 1024

export interface Source {
  /** Its place in the data folder. */
  readonly name: string
  /** Where its bytes are now. */
  readonly path: string
}

export interface WriteOptions extends Lock {
  readonly path: string
  readonly sources: readonly Source[]
  readonly madeAt: number
  /** Version of this program. */
  readonly version: string
  readonly random: Random
}

/** @throws HobError `backup.disk_full` when a folder's disk has no room for so many bytes. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize - SPARE
  if (free >= bytes) return
  const mebibytes = (count: number) => Math.ceil(count / 1024 ** 2)
  throw new HobError(
    'backup.disk_full',
    `the disk of ${folder} is too full: this needs ${mebibytes(bytes)} MiB, and ${Math.max(0, mebibytes(free))} MiB can be used; make room there`,
  )
}

/** A file with its length and sum. */
export async function list({ name, path }: Source): Promise<ListedFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const part of createReadStream(path)) {
    hash.update(part as Buffer)
    bytes += (part as Buffer).length
  }
  return { name, bytes, sum: hash.digest('hex') }
}

async function* bytesOf(contents: Contents, sources: readonly Source[]): AsyncGenerator<Buffer> {
  const text = Buffer.from(JSON.stringify(contents))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  yield length
  yield text
  for (const { path } of sources) yield* createReadStream(path) as AsyncIterable<Buffer>
}

/** Writes a backup and syncs it; whoever calls it gives it its name when it was opened. @returns what it holds. */
export async function writeBackup(options: WriteOptions): Promise<Contents> {
  const { path, sources, madeAt, version } = options
  const files: ListedFile[] = []
  for (const source of sources) files.push(await list(source))
  const contents = { madeAt, version, files }
  await requireSpace(
    dirname(path),
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  )
  const file = await open(path, 'w', OWNER_ALONE)
  try {
    await file.chmod(OWNER_ALONE)
    for await (const part of seal(bytesOf(contents, sources), options)) await file.writeFile(part)
    await file.sync()
  } finally {
    await file.close()
  }
  return contents
}

/** Gives a finished file its name: after a power cut there is the old one or the new one. */
export async function putInPlace(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** Bytes out of pieces, as many at a time as are asked for. */
class Reader {
  readonly #pieces: AsyncGenerator<Buffer>
  readonly #path: string
  #rest: Buffer = Buffer.alloc(0)

  constructor(file: FileHandle, opening: Lock & { path: string }) {
    this.#pieces = unseal(file, opening)
    this.#path = opening.path
  }

  /** The next bytes: as many as are at hand, at most `count`; null at the end. */
  async some(count: number): Promise<Buffer | null> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next()
      if (next.done === true) return null
      this.#rest = next.value
    }
    const found = this.#rest.subarray(0, count)
    this.#rest = this.#rest.subarray(count)
    return found
  }

  async *take(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      const part = await this.some(left)
      if (part === null) throw damaged(this.#path, 'it ends before what it lists')
      left -= part.length
      yield part
    }
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.take(count)) parts.push(part)
    return Buffer.concat(parts)
  }
}

async function readContents(reader: Reader, path: string): Promise<Contents> {
  const length = (await reader.exactly(4)).readUInt32BE()
  if (length > MAX_LIST) throw damaged(path, `its list has ${length} bytes, at most ${MAX_LIST}`)
  const contents = parseContents((await reader.exactly(length)).toString())
  if (typeof contents === 'string') throw damaged(path, contents)
  return contents
}

async function unpackFile(reader: Reader, { file, path, to }: { file: ListedFile; path: string; to: string }) {
  await mkdir(dirname(to), { recursive: true, mode: FOLDER_OWNER_ALONE })
  const hash = createHash('sha256')
  const out = await open(to, 'wx', OWNER_ALONE)
  try {
    for await (const part of reader.take(file.bytes)) {
      hash.update(part)
      await out.writeFile(part)
    }
    await out.sync()
  } finally {
    await out.close()
  }
  if (hash.digest('hex') !== file.sum) throw damaged(path, `${file.name} is not what was put into it`)
}

/**
 * Unpacks a backup into a folder, which is to be empty: every file is compared with the list and synced.
 * @throws HobError `backup.foreign`, `backup.newer_format`, `backup.damaged`, `backup.wrong_passphrase`, `backup.disk_full`.
 */
export async function unpackBackup(path: string, { into, ...lock }: Lock & { into: string }): Promise<Contents> {
  const file = await open(path, 'r')
  try {
    const reader = new Reader(file, { path, ...lock })
    const contents = await readContents(reader, path)
    const total = contents.files.reduce((sum, { bytes }) => sum + bytes, 0)
    // Nothing is compressed: a list that promises more than the file holds is found before the disk fills.
    if (total > (await file.stat()).size) throw damaged(path, 'its list promises more than it holds')
    await requireSpace(into, total)
    for (const each of contents.files) await unpackFile(reader, { file: each, path, to: join(into, each.name) })
    if ((await reader.some(1)) !== null) throw damaged(path, 'it holds more than it lists')
    return contents
  } finally {
    await file.close()
  }
}

/** Bytes of those files that are there. */
export async function sizeOf(paths: readonly string[]): Promise<number> {
  let sum = 0
  for (const path of paths) sum += (await stat(path).catch(() => null))?.size ?? 0
  return sum
}

export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true })
}
