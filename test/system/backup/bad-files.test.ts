import { randomBytes, createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackBackup, writeBackup } from '../../../server/system/backup/backup-file.ts'
import { PIECE, seal, type Lock } from '../../../server/system/backup/sealed.ts'
import { quickLock } from './support/quick-lock.ts'
import { seededChances } from '../../support/chances.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// What somebody hands over as a backup: every file but a right one is refused with its reason, and nothing is written
// outside the folder that it is unpacked into.

const folder = temporaryFolder()
afterAll(folder.remove)
const seed = Number(process.env['HOB_SEED'] ?? 20_261_125)
const chances = seededChances(seed)
const { passphrase, derive } = quickLock
const random = (length: number) => randomBytes(length)
const path = join(folder.path, 'house.hob')
const sums: Record<string, string> = {}
let number = 0

const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Two files, one of them longer than a piece. */
beforeAll(async () => {
  const contents = { 'hub.db': randomBytes(3 * PIECE + 100), 'certs/mqtts.key': Buffer.from('key') }
  const sources = Object.entries(contents).map(([name, bytes]) => {
    const source = join(folder.path, name.replace('/', '-'))
    writeFileSync(source, bytes)
    sums[name] = sumOf(bytes)
    return { name, path: source }
  })
  await writeBackup({ path, sources, madeAt: 5, version: '1.2.3', passphrase, derive, random })
})

/** Unpacks bytes as a file. @returns what was refused, or the names that came out. */
async function open(bytes: Uint8Array, lock: Lock = { passphrase, derive }): Promise<string | string[]> {
  const file = join(folder.path, `given-${++number}.hob`)
  const into = join(folder.path, `into-${number}`)
  writeFileSync(file, bytes)
  mkdirSync(into)
  try {
    await unpackBackup(file, { ...lock, into })
    return readdirSync(into, { recursive: true }).map(String).toSorted()
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    expect(message).toContain(file)
    return `${code}: ${message.replace(`${file} `, '')}`
  }
}

/** A sealed file with any list and anything behind it. */
async function sealed(list: unknown, behind: Uint8Array, length?: number): Promise<Buffer> {
  const text = Buffer.from(typeof list === 'string' ? list : JSON.stringify(list))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(length ?? text.length)
  const parts: Buffer[] = []
  async function* plain() {
    yield Buffer.concat([size, text, behind])
  }
  for await (const part of seal(plain(), { passphrase, derive, random })) parts.push(part)
  return Buffer.concat(parts)
}

const data = Buffer.from('SQLite')
const entry = (name: string, more: object = {}) => ({ name, bytes: data.length, sum: sumOf(data), ...more })
const listed = (...files: object[]) => ({ madeAt: 1, version: '1', files })

describe(`a backup file (seed ${seed})`, () => {
  it('opens with its passphrase, for its owner alone, and is not to be read without', async () => {
    expect(await open(readFileSync(path))).toEqual(['certs', 'certs/mqtts.key', 'hub.db'])
    const into = join(folder.path, `into-${number}`)
    for (const [name, sum] of Object.entries(sums)) expect(sumOf(readFileSync(join(into, name)))).toBe(sum)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(into, 'hub.db')).mode & 0o777).toBe(0o600)
    expect(statSync(join(into, 'certs')).mode & 0o777).toBe(0o700)
    expect(readFileSync(path).includes('mqtts.key')).toBe(false)
  })

  it('says that a passphrase is wrong, and takes one however its letters are composed', async () => {
    expect(await open(readFileSync(path), { passphrase: 'correct horse batterx', derive })).toMatch(
      /^backup\.wrong_passphrase: the passphrase/,
    )
    const parts: Buffer[] = []
    async function* plain() {
      yield Buffer.from('x')
    }
    for await (const part of seal(plain(), { passphrase: 'schöne Grüße', random })) parts.push(part)
    // It opens; what is in it is no list.
    const composed = { passphrase: 'schöne Grüße'.normalize('NFD') }
    expect(await open(Buffer.concat(parts), composed)).toMatch(/^backup\.damaged/)
    expect(await open(Buffer.concat(parts), { passphrase: 'schone Gruße' })).toMatch(/^backup\.wrong_passphrase/)
  })

  it('is refused when it is something else', async () => {
    for (const bytes of ['', 'PK\x03\x04', 'hob', 'hob backup', 'SQLite format 3\0']) {
      expect([bytes, await open(Buffer.from(bytes))]).toEqual([bytes, 'backup.foreign: is not a backup of hob'])
    }
    const newer = readFileSync(path)
    newer[11] = 2
    expect(await open(newer)).toMatch(/^backup\.newer_format: was written by a newer version of hob \(format 2/)
  })

  it('is refused wherever it is cut off', async () => {
    const bytes = readFileSync(path)
    const step = PIECE + 16
    for (const length of [11, 30, 52, 53, 60, 52 + step, 52 + 2 * step, 52 + 2 * step + 5, bytes.length - 1]) {
      expect([length, await open(bytes.subarray(0, length))]).toEqual([
        length,
        expect.stringMatching(/^backup\.damaged/),
      ])
    }
    expect(await open(bytes.subarray(0, 52 + step))).toMatch(/it ends too early/)
    expect(await open(Buffer.concat([bytes, Buffer.from('more')]))).toMatch(/^backup\.damaged/)
    expect(await open(Buffer.concat([bytes, randomBytes(step)]))).toMatch(/^backup\.damaged/)
  })

  it('is refused when a bit of it flips', async () => {
    const places = [12, 30, 45, 52, ...Array.from({ length: 200 }, () => chances.between(52, statSync(path).size - 1))]
    for (const place of places) {
      const bytes = readFileSync(path)
      bytes[place]! ^= 1 << chances.between(0, 7)
      expect([place, await open(bytes)]).toEqual([place, expect.stringMatching(/^backup\.damaged/)])
    }
  })

  it('is refused when its pieces are exchanged or come from another file', async () => {
    const bytes = readFileSync(path)
    const step = PIECE + 16
    const piece = (n: number) => bytes.subarray(52 + n * step, 52 + (n + 1) * step)
    const exchanged = Buffer.concat([bytes.subarray(0, 52), piece(0), piece(2), piece(1), piece(3)])
    expect(await open(exchanged)).toMatch(/^backup\.damaged/)
    const other = await sealed(listed(entry('hub.db')), data)
    expect(await open(Buffer.concat([other.subarray(0, 52), bytes.subarray(52)]))).toMatch(/^backup\.damaged/)
  })

  const names = [
    '../hub.db',
    '/etc/passwd',
    'certs/../hub.db',
    'certs',
    'certs/',
    'hub.db-wal',
    'HUB.DB',
    'hub.db\0',
    '',
  ]
  it.each(names)('has no place for %j', async name => {
    const refused = await open(await sealed(listed(entry('hub.db'), entry(name)), Buffer.concat([data, data])))
    expect(refused).toContain('which has no place in a data folder')
  })

  const lists: Record<string, [unknown, RegExp]> = {
    'no list': ['nonsense', /its list cannot be read/],
    'a list without files': [{ madeAt: 1, version: '1' }, /its list lacks something/],
    'a list that reaches for a prototype': ['{"__proto__":{"files":[]}}', /its list lacks something/],
    'no hub.db': [listed(entry('config.yaml')), /it holds no hub\.db/],
    'a file twice': [listed(entry('hub.db'), entry('hub.db')), /it holds hub\.db twice/],
    'a file that is no file': [listed(['hub.db']), /something that is no file/],
    'a negative length': [listed(entry('hub.db', { bytes: -1 })), /is said to have -1 bytes/],
    'a key of a megabyte': [listed(entry('hub.db'), entry('backup.key', { bytes: 2 ** 20 })), /at most 1024/],
    'more than any disk has': [listed(entry('hub.db', { bytes: 2 ** 40 })), /is said to have 1099511627776 bytes/],
    'more than the file holds': [listed(entry('hub.db', { bytes: 2 ** 30 })), /promises more than it holds/],
    'a little more than the file holds': [listed(entry('hub.db', { bytes: 7 })), /ends before what it lists/],
    'less than the file holds': [
      listed(entry('hub.db', { bytes: 5, sum: sumOf(data.subarray(0, 5)) })),
      /more than it lists/,
    ],
    'another sum': [listed(entry('hub.db', { sum: '0'.repeat(64) })), /hub\.db is not what was put into it/],
    'no sum': [listed(entry('hub.db', { sum: 1 })), /hub\.db has no sum/],
  }
  it.each(Object.entries(lists))('is refused with %s', async (_name, [list, says]) => {
    const refused = await open(await sealed(list, data))
    expect(refused).toMatch(/^backup\.damaged/)
    expect(refused).toMatch(says)
  })

  it('is refused with a million entries before any is looked at', async () => {
    const list = JSON.stringify(listed(...Array.from({ length: 100_000 }, () => entry('hub.db'))))
    expect(await open(await sealed(list, data))).toMatch(/its list has \d+ bytes, at most 16384/)
    expect(await open(await sealed('{}', data, 0xffff_ffff))).toMatch(/its list has 4294967295 bytes/)
  })
})
