import { eq } from 'drizzle-orm'
import { DAY, type Sample } from '../../../server/series/index.ts'
import { openDatabase, type OpenDatabase } from '../../../server/storage/database.ts'
import { addChunk, summariseDays, type SeriesRow } from '../../../server/storage/operations/recorder.ts'
import { series } from '../../../server/storage/tables/history.ts'

// What devices of a house say, made up from a seed: a year of it can be written straight into chunks, and one day of it
// told to the recorder, so that both can be compared.

/** Milliseconds between two readings of a device. */
export const EVERY = 10_000
/** Chunks of a day, as the hub rolls them: every six hours. */
const ROLLS = 4

/** Numbers from 0 to 1 that look like chance (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const kinds = ['temperature', 'humidity', 'power', 'energy', 'on'] as const

/** The class of a device's value: temperature, humidity, power, energy in turn; each tenth is switched. */
export function kindOfDevice(device: number): (typeof kinds)[number] {
  return device % 10 === 9 ? 'on' : kinds[device % 4]!
}

/** The next reading; never the same as the one before. */
function nextReading(kind: (typeof kinds)[number], before: number, random: () => number): number {
  /** Some tenths up or down. */
  const walk = (step: number) => (Math.round(before * 10) + step * (random() < 0.5 ? 1 : -1)) / 10
  switch (kind) {
    case 'temperature':
      return walk(1 + Math.floor(random() * 2))
    case 'humidity':
      return walk(1)
    case 'power':
      return random() < 0.02
        ? Math.round(random() * 20_000) / 10
        : (Math.round(before * 10) + 1 + Math.round(random() * 30)) / 10
    case 'energy':
      return (Math.round(before * 1_000) + 1 + Math.floor(random() * 5)) / 1_000
    case 'on':
      return 1 - before
  }
}

/** A day of a device: a reading every ten seconds, some milliseconds late. The same for the same seed. */
export function dayOf({ seed, device, start }: { seed: number; device: number; start: number }): Sample[] {
  const day = Math.floor(start / DAY)
  const random = createRandom(seed * 1_000_003 + device * 10_007 + day)
  const kind = kindOfDevice(device)
  let reading = kind === 'energy' ? day * 10 : kind === 'on' ? 0 : 20
  return Array.from({ length: DAY / EVERY }, (_, i) => {
    reading = nextReading(kind, reading, random)
    const at = start + i * EVERY + ((device * 97) % EVERY) + Math.floor(random() * 40)
    const seq = (day * (DAY / EVERY) + i) * 1_000 + device
    return { seq, at, value: kind === 'on' ? reading === 1 : reading }
  })
}

export interface Span {
  readonly seed: number
  readonly devices: number
  readonly from: number
  readonly days: number
}

/** Makes a history.db of it. */
export async function writeHistory(path: string, span: Span): Promise<void> {
  const database = openDatabase(path, 'history')
  await writeDays(database, span)
  database.raw.pragma('wal_checkpoint(TRUNCATE)')
  database.raw.close()
}

/** Writes days of devices into chunks and statistics, past the recorder. Series are numbered from 1. */
export async function writeDays(database: OpenDatabase, span: Span): Promise<void> {
  const { orm, raw } = database
  const rows = Array.from({ length: span.devices }, (_, device): SeriesRow => {
    const name = kindOfDevice(device)
    return {
      ...{ id: device + 1, entity: `device${device}`, value: name, class: name, last: null, lastAt: 0, isGap: false },
      ...{ since: 0, until: 0, chunks: 0, changes: 0, bytes: 0, summarisedUntil: 0 },
    }
  })
  for (const row of rows) orm.insert(series).values(row).run()
  const writeDay = raw.transaction((start: number) => {
    rows.forEach((row, device) => {
      const samples = dayOf({ seed: span.seed, device, start })
      const length = samples.length / ROLLS
      for (let i = 0; i < ROLLS; i++) addChunk(database, row, samples.slice(i * length, (i + 1) * length))
      const last = samples.at(-1)!
      Object.assign(row, { last: JSON.stringify(last.value), lastAt: last.at })
      orm.update(series).set(row).where(eq(series.id, row.id)).run()
      summariseDays(database, row, start + DAY)
      const { bytes } = orm.select().from(series).where(eq(series.id, row.id)).get()!
      Object.assign(row, { bytes, summarisedUntil: start + DAY })
    })
  })
  for (let day = 0; day < span.days; day++) {
    writeDay(span.from + day * DAY)
    // Statements are given back between turns of the event loop.
    await new Promise(resolve => setImmediate(resolve))
  }
}
