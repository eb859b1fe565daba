import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '#kernel'
import { openDisk } from '../../../server/disk.ts'
import { copyingHere, type Storage } from '../../../server/storage/index.ts'
import { makeAutomatic } from '../../../server/system/index.ts'
import type { Chances } from '../../support/chances.ts'
import { createTestClock } from '../../support/clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { cause } from './stage.ts'

// Houses whose hub.db is damaged in many ways, all made from the same whole one. It has a backup from when one room less
// was there, so that it shows which of the two a start goes on with.

export interface Start {
  /** `now`: with all that was there; `then`: as the backup has it; else the code of the refusal. */
  readonly house: 'now' | 'then' | (string & {})
  readonly says: readonly string[]
}

export interface House {
  readonly folder: string
  readonly file: string
  start(): Promise<Start>
}

const clock = createTestClock()

async function opened(folder: string, log: Log): Promise<{ storage: Storage; close: () => Promise<void> }> {
  return openDisk(folder, {
    ...{ threads: false, clock, log, writeBudget: () => 0 },
    onFatal: error => {
      throw error
    },
  })
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

function addArea(storage: Storage, slug: string): void {
  storage.devices.write({ op: 'devices.area.put', area: { id: slug, slug, name: slug, version: 1 }, cause })
}

/** A reader sees what was written. */
const flushed = (storage: Storage) => storage.versions.find({ kind: 'area', object: 'room_0', limit: 1 })

export type DamagedHouses = Awaited<ReturnType<typeof damagedHouses>>

export async function damagedHouses() {
  const base = temporaryFolder()
  const whole = join(base.path, 'whole')
  const killed = join(base.path, 'killed')
  const { storage, close } = await opened(whole, silent)
  for (let n = 0; n < 200; n++) addArea(storage, `room_${n}`)
  await flushed(storage)
  await makeAutomatic({
    ...copyingHere,
    ...{ data: whole, now: clock.now(), zone: 'UTC', version: '1', random: (count: number) => randomBytes(count) },
    copy: into => storage.copy(into, { history: false }),
  })
  addArea(storage, 'new_room')
  await flushed(storage)
  // As kill -9 leaves it: with its log.
  cpSync(whole, killed, { recursive: true })
  await close()

  let number = 0
  return {
    /** A copy of the closed house, or of the killed one. */
    house({ from = 'whole', backup = true }: { from?: 'whole' | 'killed'; backup?: boolean } = {}): House {
      const folder = join(base.path, `copy-${++number}`)
      cpSync(from === 'whole' ? whole : killed, folder, { recursive: true })
      if (!backup) rmSync(join(folder, 'backups'), { recursive: true })
      return { folder, file: join(folder, 'hub.db'), start: () => start(folder) }
    },
    remove: base.remove,
  }
}

async function start(folder: string): Promise<Start> {
  const says: string[] = []
  const log: Log = { ...silent, error: (_facts, text) => void says.push(text) }
  let disk
  try {
    disk = await opened(folder, log)
  } catch (error) {
    return { house: String((error as { code?: string }).code), says: [...says, (error as Error).message] }
  }
  try {
    const { areas } = await disk.storage.devices.load()
    const slugs = new Set(areas.map(({ slug }) => slug))
    const isThen = areas.length === 200 && !slugs.has('new_room')
    return { house: areas.length === 201 && slugs.has('new_room') ? 'now' : isThen ? 'then' : 'neither', says }
  } catch (error) {
    return { house: String((error as { code?: string }).code), says: [...says, (error as Error).message] }
  } finally {
    await disk.close()
  }
}

export function sumOf(path: string): string {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
}

export function flip(path: string, place: number, chances: Chances): void {
  const bytes = readFileSync(path)
  bytes[place]! ^= 1 << chances.between(0, 7)
  writeFileSync(path, bytes)
}

/** Flips one bit in each of many copies. @returns those starts that said nothing of it, or fell over it. */
export async function flipBits(houses: DamagedHouses, chances: Chances, count: number): Promise<object[]> {
  const wrong: object[] = []
  for (let n = 0; n < count; n++) {
    const house = houses.house()
    const place = chances.between(0, statSync(house.file).size - 1)
    flip(house.file, place, chances)
    const { house: is, says } = await house.start()
    // A flipped version of the schema may look like one of a newer hob.
    const isExpected = /^(now|then|neither|storage\.newer_schema)$/.test(is)
    if (!isExpected || says.length === 0) wrong.push({ place, is, says })
    rmSync(house.folder, { recursive: true })
  }
  return wrong
}
