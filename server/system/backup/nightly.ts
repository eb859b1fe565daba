import { isHobError, type Cancel, type Clock, type Log } from '#kernel'
import { listBackups, makeAutomatic, type Automatic, type AutomaticMaking } from './automatic.ts'
import { nightOf } from './keep.ts'

/** Milliseconds between two looks at the clock on the wall; also from the start to the first. */
const LOOK_EVERY = 600_000

export interface NightlyOptions extends Omit<AutomaticMaking, 'now' | 'zone' | 'last'> {
  readonly clock: Clock
  readonly log: Log
  /** The zone of the house. */
  readonly zone: () => string
}

/** How it stands with the backups that the hub makes by itself. */
export interface BackupStatus {
  /** The newest one, which opened when it was made; null when there is none. */
  readonly last: Automatic | null
  /** Why the last try failed, null when it did not. */
  readonly fault: string | null
}

export interface Nightly {
  status(): BackupStatus
  open(): void
  /** Resolves when none is being made any more. */
  close(): Promise<void>
}

/** Makes a backup each night at three of the house, or, when the hub did not run then, soon after its start. */
export function createNightly(options: NightlyOptions): Nightly {
  const { data, clock, log, zone } = options
  let last: Automatic | null = listBackups(data, clock.now())[0] ?? null
  let night = last === null ? -1 : nightOf(last.madeAt, zone())
  let fault: string | null = null
  let sum: string | undefined
  let next: Cancel | null = null
  let making: Promise<void> | null = null

  async function make(): Promise<void> {
    try {
      const result = await makeAutomatic({ ...options, now: clock.now(), zone: zone(), last: sum })
      fault = null
      if (result === null) return
      last = result.made
      sum = result.contents.files.find(({ name }) => name === 'hub.db')?.sum
      log.info({ file: last.path }, 'made a backup, and it opens')
    } catch (error) {
      fault = (error as Error).message
      if (isHobError(error, 'backup.disk_full')) log.warn({}, `no backup tonight: ${fault}`)
      else log.error({}, `the backup of tonight failed: ${fault}`)
    }
  }

  const watch = () => {
    next = clock.after(LOOK_EVERY, () => {
      watch()
      const now = nightOf(clock.now(), zone())
      if (now === night || making !== null) return
      night = now
      making = make().finally(() => (making = null))
    })
  }

  return {
    status: () => ({ last, fault }),
    open: watch,
    async close() {
      next?.()
      await making
    },
  }
}
