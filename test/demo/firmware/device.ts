import type { Json } from '#kernel'
import { chance } from '../model/noise.ts'

export interface Outgoing {
  readonly topic: string
  readonly payload: string
  readonly retain?: boolean
}

export interface Command {
  readonly topic: string
  readonly payload: string
}

/** One simulated device, as its firmware behaves. It knows no socket and no clock. */
export interface SimulatedDevice {
  /** What it says about itself when it connects. */
  announce(at: number): readonly Outgoing[]
  /** Topic filters on which it takes commands. */
  readonly listens: readonly string[]
  /** What it has to say at this moment; asked about once a second. */
  report(at: number): readonly Outgoing[]
  /** Does what a command says. @returns what it answers, a moment later. */
  obey(command: Command, at: number): readonly Outgoing[]
}

/** One MQTT client: a device of its own, or a gateway with several. */
export interface SimulatedClient {
  readonly name: string
  readonly will: Outgoing | null
  readonly birth: readonly Outgoing[]
  readonly devices: readonly SimulatedDevice[]
}

export const json = (value: Json) => JSON.stringify(value)
export const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

/** True once in each period, at a moment of its own. */
export function createPulse(name: string, period: number): (at: number) => boolean {
  const phase = chance(name, 0) * period
  let last: number | undefined
  return at => {
    const now = Math.floor((at + phase) / period)
    if (now === last) return false
    last = now
    return true
  }
}

/** Counts watt-hours from watts that are told now and then. @returns kWh. */
export function createMeter(start: number): (watts: number, at: number) => number {
  let total = start
  let last: number | undefined
  return (watts, at) => {
    if (last !== undefined && at > last) total += (watts * (at - last)) / 3_600_000_000
    last = at
    return total
  }
}
