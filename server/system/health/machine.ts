import { readdir, readFile, statfs } from 'node:fs/promises'
import type { Clock } from '#kernel'
import type { Found } from './state.ts'

/** The files of the machine. They are read outside the event loop's thread. */
export interface MachineFiles {
  /** Null when it is not there or says nothing. */
  read(path: string): Promise<string | null>
  /** Names in a folder, null when it is not there. */
  list(path: string): Promise<readonly string[] | null>
  /** Bytes of the disk that holds a path, null when it does not say. */
  disk(path: string): Promise<{ readonly free: number; readonly size: number } | null>
}

/** Answers null for what a machine does not have: most have no sensor of this kind or that. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error
    return null
  })
}

/** The files of this machine. */
export const machineFiles: MachineFiles = {
  read: path => orNull(readFile(path, 'utf8')),
  list: path => orNull(readdir(path)),
  disk: path =>
    orNull(
      statfs(path).then(({ bavail, blocks, bsize }) => {
        return { free: bavail * bsize, size: blocks * bsize }
      }),
    ),
}

/** Where the firmware of a Raspberry Pi tells what holds it back. */
const THROTTLED = '/sys/devices/platform/soc/soc:firmware/get_throttled'
const THERMAL = '/sys/class/thermal'
const SENSORS = '/sys/class/hwmon'
const TIMESYNC = '/run/systemd/timesync'

const HOUR = 3_600_000
/** A clock before this was never set: no release of the hub is that old. */
const OLDEST_NOW = Date.UTC(2026, 0, 1)
/** Milliseconds that a clock may gain or lose between two looks: corrections are slower. */
const JUMP = 5_000
/** Milliseconds for which a jump is news. */
const JUMPED_FOR = 600_000
/** Milliseconds after which a clock that nobody sets is worth a word: a network may take its time after a start. */
const SYNC_WITHIN = 300_000

export interface MachineLook {
  readonly temperature: Found
  readonly power: Found
  readonly clock: Found
}

/** What the sensors of the machine say. Which ones it has is found out with the first look. */
export function createMachine({ files, clock }: { files: MachineFiles; clock: Clock }) {
  const thermometer = findThermometer(files)
  const supply = findSupply(files)
  const hasDaemon = files.list(TIMESYNC).then(names => names !== null)
  const openedAt = clock.monotonic()
  let offset = clock.now() - clock.monotonic()
  let jumpedAt: number | null = null
  let dippedAt: number | null = null
  let wasDipped = false

  async function temperature(): Promise<Found> {
    const path = await thermometer
    const text = path === null ? null : await files.read(path)
    const thousandths = text === null ? Number.NaN : Number.parseInt(text, 10)
    return Number.isNaN(thousandths) ? null : Math.round(thousandths / 100) / 10
  }

  async function power(): Promise<Found> {
    const path = await supply
    const text = path === null ? null : await files.read(path)
    if (path === null || text === null) return null
    const bits = Number.parseInt(text, 16)
    // The flag for the past stays until the next boot: it is news for an hour.
    const isDipped = (bits & 0x1_0000) !== 0
    if (isDipped && !wasDipped) dippedAt = clock.monotonic()
    wasDipped = isDipped
    if ((bits & 1) !== 0) {
      dippedAt = clock.monotonic()
      return { word: 'undervoltage', state: 'bad' }
    }
    if ((bits & 0b1110) !== 0) return { word: 'throttled', state: 'warning' }
    if (dippedAt !== null && clock.monotonic() - dippedAt < HOUR)
      return { word: 'undervoltage_before', state: 'warning' }
    return { word: 'steady', state: 'good' }
  }

  async function trust(): Promise<Found> {
    const now = clock.now() - clock.monotonic()
    const gained = now - offset
    offset = now
    if (clock.now() < OLDEST_NOW) return { word: 'unset', state: 'bad' }
    if (Math.abs(gained) > JUMP) jumpedAt = clock.monotonic()
    if (jumpedAt !== null && clock.monotonic() - jumpedAt < JUMPED_FOR) return { word: 'jumped', state: 'warning' }
    if (!(await hasDaemon)) return null
    if ((await files.read(`${TIMESYNC}/synchronized`)) !== null) return { word: 'synchronised', state: 'good' }
    return clock.monotonic() - openedAt < SYNC_WITHIN
      ? { word: 'waiting', state: 'unknown' }
      : { word: 'unsynchronised', state: 'warning' }
  }

  return {
    async look(): Promise<MachineLook> {
      const [warm, fed, timed] = await Promise.all([temperature(), power(), trust()])
      return { temperature: warm, power: fed, clock: timed }
    },
  }
}

/** The file with the temperature of the processor in thousandths of a degree. */
async function findThermometer(files: MachineFiles): Promise<string | null> {
  const zones = ((await files.list(THERMAL)) ?? []).filter(name => name.startsWith('thermal_zone')).toSorted()
  for (const zone of zones) {
    const type = await files.read(`${THERMAL}/${zone}/type`)
    if (type !== null && /cpu|soc|pkg/i.test(type)) return `${THERMAL}/${zone}/temp`
  }
  return zones[0] === undefined ? null : `${THERMAL}/${zones[0]}/temp`
}

/** The file with the flags of a Raspberry Pi's supply: all of them, or whether its voltage is too low. */
async function findSupply(files: MachineFiles): Promise<string | null> {
  if ((await files.read(THROTTLED)) !== null) return THROTTLED
  for (const sensor of (await files.list(SENSORS)) ?? []) {
    if ((await files.read(`${SENSORS}/${sensor}/name`))?.trim() === 'rpi_volt')
      return `${SENSORS}/${sensor}/in0_lcrit_alarm`
  }
  return null
}
