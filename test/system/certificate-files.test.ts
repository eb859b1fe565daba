import { writeFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '#kernel'
import { openCertificateFiles, type CertificateFiles } from '../../server/system/index.ts'
import { issue, LEAF_LIFE, type Issued } from '../../server/system/issue.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MINUTE = 60_000

let first: Issued
let second: Issued
let clock: TestClock
let folder: ReturnType<typeof temporaryFolder>
let files: { cert: string; key: string }
let said: string[]
let source: CertificateFiles

beforeAll(async () => {
  const { now } = createTestClock()
  first = await issue({ ca: null, names: ['hub.example'], now: now() })
  second = await issue({ ca: null, names: ['hub.example'], now: now() })
})
beforeEach(() => {
  clock = createTestClock()
  folder = temporaryFolder()
  files = { cert: join(folder.path, 'a.pem'), key: join(folder.path, 'a.key') }
  said = []
})
afterEach(() => {
  source.close()
  folder.remove()
})

function put({ leaf }: Pick<Issued, 'leaf'>): void {
  writeFileSync(files.cert, leaf.cert)
  writeFileSync(files.key, leaf.key)
}

const told = new Set<() => void>()

async function open(): Promise<void> {
  // What a look that outlives its test says belongs to that.
  const lines = said
  const note = (level: string) => (_facts: object, text: string) => {
    lines.push(`${level} ${text.replaceAll(`${folder.path}/`, '')}`)
    for (const look of told) look()
  }
  const log: Log = { debug() {}, info: note('info'), warn: note('warn'), error: note('error') }
  source = await openCertificateFiles({ files, clock, log })
}

/** Lets a minute pass, and resolves when the log has another line. */
async function line(): Promise<void> {
  const isSaid = new Promise<void>(resolve => told.add(resolve))
  clock.advance(MINUTE)
  await isSaid
  told.clear()
}

describe('certificate files of somebody else', () => {
  it('are used', async () => {
    put(first)
    await open()
    expect(source.current()).toEqual(first.leaf)
    expect(source.fault()).toBeNull()
    expect(said).toEqual([])
  })

  it('are read again when they change', async () => {
    put(first)
    await open()
    const changes: unknown[] = []
    source.onChange(() => changes.push(source.current()))
    put(second)
    await line()
    expect(changes).toEqual([second.leaf])
    expect(said).toEqual(['info the certificate files have changed and are used from now on'])
  })

  it.each([
    ['the certificate is not there', () => rmSync(files.cert), 'a.pem is not there; name the right file'],
    ['the key is not there', () => rmSync(files.key), 'a.key is not there; name the right file'],
    ['the certificate is none', () => writeFileSync(files.cert, 'x'), 'a.pem holds no PEM certificate'],
    ['the key is none', () => writeFileSync(files.key, 'x'), 'a.key holds no PEM private key without a passphrase'],
    [
      'they are not of each other',
      () => writeFileSync(files.key, second.leaf.key),
      `a.key is not the key of a.pem; give the two that were made together, the server's own certificate first`,
    ],
  ])('cannot be used when %s, and are when that is mended', async (_what, damage, text) => {
    put(first)
    damage()
    await open()
    expect(source.current()).toBeNull()
    expect(source.fault()?.replaceAll(`${folder.path}/`, '')).toBe(text)
    expect(said).toEqual([`error ${text}`])
    const isUsable = new Promise<void>(resolve => source.onChange(resolve))
    put(second)
    clock.advance(MINUTE)
    await isUsable
    expect(source.current()).toEqual(second.leaf)
  })

  it('that become useless leave the last ones in use, and are told once', async () => {
    put(first)
    await open()
    writeFileSync(files.key, 'x')
    await line()
    clock.advance(MINUTE)
    expect(source.current()).toEqual(first.leaf)
    expect(said).toEqual([
      'error a.key holds no PEM private key without a passphrase; the certificate that was read before stays in use',
    ])
  })

  it.each([
    ['over', LEAF_LIFE, /^warn a\.pem is valid until 2027-\S+ only: clients refuse it; renew it$/],
    ['not yet come', -2 * 86_400_000, /^warn a\.pem is valid from 2026-\S+ on: see the clock of this machine$/],
  ])('whose time is %s are used, and it is told', async (_when, by, text) => {
    put(first)
    clock.jump(by)
    await open()
    expect(source.current()).toEqual(first.leaf)
    expect(said).toEqual([expect.stringMatching(text)])
  })
})
