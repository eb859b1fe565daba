import { isJsonObject } from '#kernel'
import type { Values } from '../../components/definition.ts'
import type { EntityDescription, Reading } from '../dialect.ts'
import { textOf, type Fields } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
import type { TasmotaConfig } from './config.ts'
import { entity } from './entity.ts'
import { sensorReadings } from './sensors.ts'

// SwitchMode (Tasmota documentation, Buttons and Switches): which modes follow a contact, and which of them upside down.
const FOLLOWING: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 9, 10, 13, 14, 15])
const INVERTED: ReadonlySet<number> = new Set([2, 4, 6, 10, 14])
/** A push from a motion detector: it only ever says on. */
const MOTION: ReadonlySet<number> = new Set([13, 14])
const MOTION_LASTS = 1_000

/** Switches that are detached from the relays (SetOption114) and show a contact, as binary sensors. */
export function switchesOf(config: TasmotaConfig): EntityDescription[] {
  if (!config.option(114)) return []
  return config.switchModes.flatMap((mode, index) => {
    if (!FOLLOWING.has(mode)) return []
    const name = `Switch${index + 1}`
    const isMotion = MOTION.has(mode)
    const value = isMotion ? 'motion' : 'on'
    const toValue = (text: string | null): Values | null => {
      if (text !== config.on && text !== config.off) return null
      return { [value]: (text === config.on) !== INVERTED.has(mode) }
    }
    const fromAction = ({ json }: Incoming) => {
      const told = isJsonObject(json) ? json[name] : undefined
      return isJsonObject(told) ? toValue(textOf(told['Action'])) : null
    }
    const readings: Reading[] = [
      { filter: config.stat('RESULT'), decode: fromAction },
      ...sensorReadings(config, (fields: Fields) => toValue(textOf(fields[name]))),
    ]
    return entity(config, {
      key: `switch ${index + 1}`,
      component: 'binary_sensor',
      name: config.switchNames[index] ?? `Switch ${index + 1}`,
      deviceClass: isMotion ? 'motion' : null,
      values: { [value]: { type: 'bool' } },
      readings,
      offDelay: isMotion ? MOTION_LASTS : null,
    })
  })
}
