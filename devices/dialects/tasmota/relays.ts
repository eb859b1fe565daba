import { commandsFor } from '../../components/commands.ts'
import type { ValueSpec } from '../../model/entity.ts'
import type { EntityDescription } from '../dialect.ts'
import type { TasmotaConfig } from './config.ts'
import { entity } from './entity.ts'
import { powerOf, relayReadings, switchPower } from './power.ts'

/** The name of what a relay switches: null for the only one, which carries the device's. */
export function relayName(config: TasmotaConfig, index: number, kind = 'Relay'): string | null {
  const used = config.relays.filter(kind => kind === 1 || kind === 2).length
  return used <= 1 ? null : (config.relayNames[index] ?? `${kind} ${index + 1}`)
}

/** Relays as switches; with SetOption30, and the first one of a fan, as lights that are on or off. */
export function relaysOf(config: TasmotaConfig): EntityDescription[] {
  const values: Record<string, ValueSpec> = { on: { type: 'bool' } }
  return config.relays.flatMap((kind, index) => {
    if (kind !== 1) return []
    const power = powerOf(config, index)
    const component = config.option(30) || (config.isFan && index === 0) ? 'light' : 'switch'
    return entity(config, {
      key: `relay ${power.number}`,
      component,
      name: relayName(config, index),
      values,
      commands: commandsFor(component, values),
      readings: relayReadings(config, power),
      encode: ({ verb }) => [switchPower(config, power, verb === 'turn_on')],
    })
  })
}
