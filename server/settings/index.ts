export type { Settings, SettingsOp, SettingsStore, StoredSettings } from './store.ts'
