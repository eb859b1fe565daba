import type { Ulid } from '#kernel'
import type { BurstWrite } from './activity/bursts.ts'
import type { Activity, ActivityKind } from './activity/entry.ts'
import type { Sample, Scalar, SeriesAnswer, SeriesAsk } from '../series/index.ts'

/** What is recorded of one value of an entity has a number. */
export interface StoredSeries {
  readonly id: number
  readonly entity: Ulid
  /** Name of the value. */
  readonly value: string
  /** Device class, else component: by it the owner says how long changes are kept. */
  readonly class: string
}

export interface StoredHistory {
  /** Whether nothing is known at its end: the device was offline. */
  readonly series: readonly (StoredSeries & { readonly isGap: boolean })[]
  /** The last time at which the hub is known to have recorded, 0 when it never did. */
  readonly aliveAt: number
  /** What waits to be rolled into chunks: bytes, and since when (0: nothing). */
  readonly waiting: { readonly bytes: number; readonly since: number }
}

/** Where in the course of the house a change stands. */
export interface Moment {
  readonly seq: number
  readonly at: number
}

/** One step of a purge. It removes a bounded number of rows, so that no write waits long. */
export interface PurgeStep {
  /** Changes before these times go, per series; Infinity takes the series away with its statistics. */
  readonly cuts: readonly { readonly series: number; readonly before: number }[]
  /** Statistics before this time go. */
  readonly statisticsBefore: number
  /** Activity before this time goes, what is more than `keep`, and that of these entities. */
  readonly activity: { readonly before: number; readonly keep: number; readonly gone: readonly Ulid[] }
}

/** Which activity, newest first. */
export interface ActivityAsk {
  /** Wall-clock milliseconds; `to` does not belong to the range. A burst that reaches into it belongs. */
  readonly from: number
  readonly to: number
  /** Of these alone; null is all of the house. What is of a device and none of its entities is found by the device. */
  readonly only: { readonly entities: readonly Ulid[]; readonly devices: readonly Ulid[] } | null
  readonly kinds: readonly ActivityKind[] | null
  /** Lower-case words that must all stand in what happened, or in its cause when `searchesCauses`. */
  readonly words: readonly string[]
  readonly searchesCauses: boolean
  /** Areas by whose names it may be found; null is all. */
  readonly areas: readonly Ulid[] | null
  /** Places before this one. */
  readonly before: number | null
  readonly limit: number
}

export interface ActivityPage {
  readonly items: readonly Activity[]
  /** Where the next page begins; null at the end. A page may have fewer items than were asked for. */
  readonly next: number | null
}

/** Bytes of history on disk. */
export interface StoredSpace {
  /** Of the file that is in use; the rest is free for what comes. */
  readonly used: number
  readonly free: number
  /** Free on the disk, null when it does not say. */
  readonly disk: number | null
  readonly series: readonly {
    readonly id: number
    readonly bytes: number
    readonly changes: number
    readonly since: number
  }[]
  /** Bytes in use at the end of days, oldest first. */
  readonly days: readonly { readonly day: number; readonly used: number }[]
}

/** Changes one by one, for an export. */
export interface SamplePage {
  readonly at: readonly number[]
  /** Null where nothing is known. */
  readonly value: readonly Scalar[]
  /** Where the next page begins, null at the end. */
  readonly next: number | null
}

export interface PageAsk {
  readonly from: number
  readonly to: number
  /** About as many changes at a time. */
  readonly limit: number
}

/** What the recorder writes into history.db beside changes. */
export type RecorderOp =
  | { readonly op: 'history.series.put'; readonly series: StoredSeries }
  /** `at`: now. */
  | { readonly op: 'history.append'; readonly changes: Uint8Array; readonly at: number }
  | { readonly op: 'history.alive'; readonly at: number }
  /** Makes chunks of what waits and statistics of days that are over. Changes of `unkept` series are dropped. */
  | { readonly op: 'history.roll'; readonly now: number; readonly unkept: readonly number[] }
  | ({ readonly op: 'history.activity' } & BurstWrite)
  | ({ readonly op: 'history.purge' } & PurgeStep)

/** The recorder's port to history.db. Nothing that is written here is waited for by anybody. */
export interface HistoryStore {
  load(): Promise<StoredHistory>
  /** Makes a series known, or its class. */
  putSeries(series: StoredSeries): void
  /** Adds a change to what is written next. @returns the bytes it takes. */
  record(series: number, moment: Moment, value: Sample['value']): number
  /** Adds activity to what is written next, or puts a burst that grew in its own place. */
  putActivity(burst: BurstWrite): void
  activity(ask: ActivityAsk): Promise<ActivityPage>
  /** Says that the hub lives, when nothing else is written. */
  putAlive(): void
  flush(): Promise<void>
  /** `now`: what the clock says unless it is known better. */
  roll(unkept: readonly number[], now?: number): Promise<void>
  /** @returns whether more is left to do. */
  purge(step: PurgeStep): Promise<boolean>
  ask(series: number, ask: SeriesAsk): Promise<SeriesAnswer>
  page(series: number, ask: PageAsk): Promise<SamplePage>
  space(): Promise<StoredSpace>
  /**
   * Bytes that each database's thread gave to the disk since the start, null where the system does not count them; and the
   * length of traces and of activity among what history was told.
   */
  written(): Promise<{
    readonly hub: number | null
    readonly history: number | null
    readonly runs: number
    readonly activity: number
  }>
}
