import type { Cause, Writes } from '#kernel'

/** What people change while the hub runs; config.ts holds what is needed before the database opens. */
export interface Settings {
  /** Of the home, as people see it: 1 to 60 characters. */
  readonly name: string
  /** IANA time zone of the house. */
  readonly zone: string
  readonly place: { readonly latitude: number; readonly longitude: number } | null
  /** Seconds that recorded changes and traces may wait in memory before they are written: 0, 10 or 60. */
  readonly writeBudget: 0 | 10 | 60
  /** Days for which recorded changes are kept, 0 to 3,653; 0 records none. Statistics stay for ten years. */
  readonly retention: {
    readonly days: number
    /** By device class, else component: `power`, `light`. */
    readonly classes: Readonly<Record<string, number>>
    /** By id of an entity; wins over its class. */
    readonly entities: Readonly<Record<string, number>>
  }
  /** Whether the first steps (place, zone, rooms) were taken. */
  readonly onboarded: boolean
}

export interface StoredSettings {
  readonly settings: Settings
  /** Grows by one with each change. */
  readonly version: number
}

export type SettingsOp = {
  readonly op: 'settings.put'
  readonly stored: StoredSettings
  readonly cause: Cause
  readonly at: number
}

export interface SettingsStore extends Writes<SettingsOp> {
  /** Null before the first change. */
  load(): Promise<StoredSettings | null>
}
