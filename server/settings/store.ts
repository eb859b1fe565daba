import type { Cause, Writes } from '#kernel'

/** What people change while the hub runs; config.ts holds what is needed before the database opens. */
export interface Settings {
  /** Of the home, as people see it: 1 to 60 characters. */
  readonly name: string
  /** IANA time zone of the house. */
  readonly zone: string
  readonly place: { readonly latitude: number; readonly longitude: number } | null
  /** Seconds that values, traces and history may wait in memory before they are written: 0, 10 or 60. */
  readonly writeBudget: 0 | 10 | 60
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
