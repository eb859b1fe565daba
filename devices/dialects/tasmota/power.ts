import { isJsonObject } from '#kernel'
import type { Values } from '../../components/definition.ts'
import type { Outgoing, Reading } from '../dialect.ts'
import { textOf, type Fields } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
import type { TasmotaConfig } from './config.ts'
import { stateReadings } from './entity.ts'

/** A relay, counted from 1, and how the device speaks of its power. */
export interface Power {
  readonly number: number
  /** `POWER1`; also what commands go to. */
  readonly name: string
  /** True, false, or null when the fields say nothing about it. */
  read(fields: Fields): boolean | null
  decode(text: string | null): boolean | null
}

/** A single relay is reported as `POWER`, several as `POWER1` and on; the first one takes both. */
export function powerOf(config: TasmotaConfig, index: number): Power {
  const number = index + 1
  const name = `POWER${number}`
  const decode = (text: string | null) => (text === config.on ? true : text === config.off ? false : null)
  return {
    number,
    name,
    decode,
    read: fields => decode(textOf(fields[name] ?? (index === 0 ? fields['POWER'] : undefined))),
  }
}

/** Reports of the power alone, on `stat/POWER<n>`: text, or with SetOption4 the JSON of a RESULT. */
export function powerReadings(config: TasmotaConfig, power: Power): Reading[] {
  const decode = ({ text, json }: Incoming): Values | null => {
    const on = isJsonObject(json) ? power.read(json) : power.decode(text)
    return on === null ? null : { on }
  }
  const names = power.number === 1 ? [power.name, 'POWER'] : [power.name]
  return names.map(name => ({ filter: config.stat(name), decode }))
}

/** All reports of the power. */
export function relayReadings(config: TasmotaConfig, power: Power): Reading[] {
  const decode = (fields: Fields) => {
    const on = power.read(fields)
    return on === null ? null : { on }
  }
  return [...stateReadings(config, decode), ...powerReadings(config, power)]
}

export function switchPower(config: TasmotaConfig, power: Power, isOn: boolean): Outgoing {
  return { topic: config.command(power.name), payload: isOn ? config.on : config.off }
}
