import type { Scene } from '../support/stage.ts'

/** One line of the checklist, or a part of it, played against the conformance profile. */
export interface ConformanceCase extends Scene {
  /** Number of the checklist's item, 1 to 54; 55 for what the standards state and no item names. */
  readonly item: number
  /** The statements of the standards, each with its version: `MQTT5-3.2.2-3`, or a section where there is no number. */
  readonly statements: readonly string[]
}

/** Lines in which `welcome` stands for the CONNACK of the profile to a 5.0 client. */
export function withWelcome(lines: string): string {
  const properties = 'topicAliasMaximum=10 maximumPacketSize=2000000 receiveMaximum=20'
  return lines.replaceAll(/< welcome( present)?/g, (_line, present = '') => `< connack 0${present} ${properties}`)
}

/** A subscriber `w` that watches a filter at QoS 2. */
export function watch(filter: string): string {
  return `
    w> connect ; subscribe #1 ${filter}:2
    w< connack 0
    w< suback #1 2`
}
