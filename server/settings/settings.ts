import { createDurableWait, HobError, type Cause, type Clock } from '#kernel'
import { z } from 'zod'
import type { Settings, SettingsStore } from './store.ts'

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What people name things with: one line. */
export const nameLine = z
  .string()
  .trim()
  .min(1)
  .regex(/^\P{Cc}*$/u, 'holds a control character, such as a line break')

const kept = z.number().int().min(0).max(3_653)
const keptBy = (length: number, count: number) =>
  z
    .record(z.string().min(1).max(length), kept)
    .refine(each => Object.keys(each).length <= count, `holds more than ${count} entries`)

/** The schema of the settings; also what the API shows and takes. */
export const settingsSchema = z
  .strictObject({
    name: nameLine.max(60),
    zone: z.string().refine(isZone, 'is not a time zone; write it like Europe/Berlin'),
    place: z
      .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
      .nullable(),
    writeBudget: z.union([z.literal(0), z.literal(10), z.literal(60)], { error: 'is 0, 10 or 60' }),
    retention: z
      .strictObject({ days: kept, classes: keptBy(64, 200), entities: keptBy(26, 5_000) })
      .describe(
        'days for which recorded changes are kept, of all, by device class or component, and by id of an entity',
      ),
    onboarded: z.boolean().describe('whether the first steps were taken'),
  })
  .meta({ id: 'Settings' })

export interface HouseSettings {
  open(): Promise<void>
  current(): Settings
  version(): number
  /**
   * Changes the named settings. Resolves when they are on disk.
   * @throws HobError `settings.stale_version` when `ifVersion` is not the current one.
   */
  change(change: Partial<Settings>, edit: { cause: Cause; ifVersion?: number }): Promise<Settings>
  /** Calls `listener` after each change. */
  onChange(listener: (settings: Settings) => void): void
}

/** Settings of the house: in memory, every change a version in hub.db. */
export function createSettings(options: { store: SettingsStore; clock: Clock; systemZone: string }): HouseSettings {
  let settings: Settings = {
    name: 'Home',
    zone: options.systemZone,
    place: null,
    writeBudget: 10,
    retention: { days: 90, classes: {}, entities: {} },
    onboarded: false,
  }
  let version = 0
  const listeners: ((settings: Settings) => void)[] = []
  const durable = createDurableWait(options.store)

  return {
    async open() {
      const stored = await options.store.load()
      if (stored === null) return
      // What was stored before a setting came keeps the default of that one.
      settings = { ...settings, ...stored.settings }
      version = stored.version
    },
    current: () => settings,
    version: () => version,
    async change(change, { cause, ifVersion }) {
      if (ifVersion !== undefined && ifVersion !== version) {
        throw new HobError(
          'settings.stale_version',
          `the settings were changed meanwhile; load version ${version} first`,
          { current: version },
        )
      }
      settings = { ...settings, ...change }
      version++
      const batch = options.store.write({
        op: 'settings.put',
        stored: { settings, version },
        cause,
        at: options.clock.now(),
      })
      for (const listener of listeners) listener(settings)
      await durable(batch)
      return settings
    },
    onChange: listener => void listeners.push(listener),
  }
}
