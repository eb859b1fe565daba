import { z } from 'zod'
import { settingsSchema } from '../../settings/index.ts'

/** The settings as they stand, with the version that a change is made against (`If-Match`). */
export const houseSettings = settingsSchema.extend({ version: z.number().int() }).meta({ id: 'HouseSettings' })

export type SettingsJson = z.output<typeof houseSettings>
