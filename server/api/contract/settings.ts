import type { z } from 'zod'
import type { settingsSchema } from '../../settings/index.ts'

export type SettingsJson = z.output<typeof settingsSchema>
