export { createSettings, nameLine, settingsSchema, type HouseSettings } from './settings.ts'
export type { Settings, SettingsOp, SettingsStore, StoredSettings } from './store.ts'
