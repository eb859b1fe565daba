import type { Limit, Patience } from './state.ts'

/** Milliseconds between two looks. */
export const LOOK_EVERY = 10_000
/** What changes slowly, or costs a question to the disk, is looked at with every so many looks. */
export const SLOWLY = 6

export interface Kind {
  /** UCUM-like: `ms`, `B`, `B/d`, `d`, `%`, `°C`; null for a word or a plain count. */
  readonly unit: string | null
  readonly limit: Limit | null
  readonly patience: Patience
}

const GB = 1e9
const MB = 1e6
const QUICK: Patience = { rise: 3, fall: 6 }
const SLOW: Patience = { rise: 1, fall: 2 }

const below = (warning: number, bad: number): Limit => ({ good: 'below', warning, bad })
const above = (warning: number, bad: number): Limit => ({ good: 'above', warning, bad })

/** Every reading, in the order in which it is shown, with its limits. */
export const readings = {
  /** What 99 of 100 turns of the event loop wait at most, over the last look. */
  loop_delay: { unit: 'ms', limit: below(50, 250), patience: QUICK },
  /** The longest commit to hub.db since the last look that saw one. */
  commit_time: { unit: 'ms', limit: below(1_000, 5_000), patience: QUICK },
  /** Operations that wait to be committed to hub.db. */
  commit_queue: { unit: null, limit: below(5_000, 50_000), patience: QUICK },
  /** How full the fullest queue of a client is. */
  client_queue: { unit: '%', limit: below(80, 100), patience: { rise: 2, fall: 6 } },
  /** Memory of the hub. Its unit is slowed down at 400 MiB and ended at 512. */
  memory: { unit: 'B', limit: below(400 * MB, 480 * MB), patience: QUICK },
  /** A usual card stands 1.6 TB in all (history/budget.ts): three years, and one. */
  written: { unit: 'B/d', limit: below(1.5 * GB, 4.4 * GB), patience: SLOW },
  disk_free: { unit: 'B', limit: above(GB, 200 * MB), patience: { rise: 1, fall: 6 } },
  /** Until the disk is full as history grows; `years` when that is more than ten years away. */
  full_in: { unit: 'd', limit: above(30, 7), patience: SLOW },
  /** `synchronised`, `waiting`, `unsynchronised`, `jumped`, `unset`. */
  clock: { unit: null, limit: null, patience: { rise: 1, fall: 1 } },
  temperature: { unit: '°C', limit: below(80, 85), patience: QUICK },
  /** `steady`, `undervoltage`, `undervoltage_before`, `throttled`. */
  power: { unit: null, limit: null, patience: { rise: 1, fall: 6 } },
} as const satisfies Readonly<Record<string, Kind>>

export type ReadingKey = keyof typeof readings
