import type { DeviceStore } from '#devices'
import type { Clock, Log } from '#kernel'
import type { RuleStore } from '#rules'
import type { AccessStore } from '../access/index.ts'
import type { BrokerStore } from '../broker/index.ts'
import type { HistoryStore } from '../history/index.ts'
import type { SettingsStore } from '../settings/index.ts'
import type { VersionStore } from '../versions/index.ts'
import type { CommitPace } from './commit-meter.ts'

export interface StorageOptions {
  /** The data folder (made with mode 0700 when missing), or null to keep everything in memory. */
  readonly folder: string | null
  /** Whether each database has a thread of its own (the default); without, the caller's turns carry the disk. */
  readonly threads?: boolean
  readonly clock: Clock
  readonly log: Log
  /** Seconds recorded changes and traces may wait before they are written; 0 writes each turn. */
  readonly writeBudget: () => number
  /** A write or fsync failed: nothing after it was acknowledged and nothing more will be; the process should end. */
  readonly onFatal: (error: Error) => void
}

/** The two databases behind worker threads. The main thread reads them only at start, through `load`. */
export interface Storage {
  readonly broker: BrokerStore
  readonly devices: DeviceStore
  readonly rules: RuleStore
  readonly access: AccessStore
  readonly settings: SettingsStore
  readonly versions: VersionStore
  readonly history: HistoryStore
  /** The next number of the global sequence; never repeats, also over a crash. */
  nextSeq(): number
  /** The newest number given out. */
  seq(): number
  /** How each database keeps up, since the last call. */
  pace(): { readonly hub: CommitPace; readonly history: CommitPace }
  /** Why what was recorded last could not be written, null when it could. */
  historyFault(): string | null
  /**
   * Copies the databases as they are at this moment into an empty folder; writing goes on meanwhile.
   * @throws HobError `storage.damaged`.
   */
  copy(into: string, kinds: { readonly history: boolean }): Promise<void>
  /** Writes what waits, ends the workers. */
  close(): Promise<void>
}
