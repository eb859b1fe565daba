import { isJsonObject, isTopicName, type Json } from '#kernel'
import { boolOf, listOf, nameOf, numberOf, textOf, type Fields } from '../fields.ts'

/** What the `config` message of Tasmota's native discovery says (Tasmota 9.2 and later, SetOption19 0). */
export interface TasmotaConfig {
  readonly mac: string
  readonly name: string
  readonly model: string | null
  readonly software: string | null
  /** One per relay, null where unnamed. */
  readonly relayNames: readonly (string | null)[]
  /** Per relay: 0 none, 1 relay, 2 light, 3 shutter. */
  readonly relays: readonly number[]
  /** 0 none, 1 dimmer, 2 colour temperature, 3 RGB, 4 RGBW, 5 RGB and colour temperature. */
  readonly lightType: number
  /** Colour and white of one lamp are one light. */
  readonly isLinked: boolean
  readonly switchModes: readonly number[]
  readonly switchNames: readonly (string | null)[]
  readonly isFan: boolean
  /** Off air between wake-ups. */
  readonly sleeps: boolean
  readonly hasBattery: boolean
  readonly online: string
  readonly offline: string
  readonly off: string
  readonly on: string
  /** `SetOption<n>` by number, for those that change the entities. */
  option(number: number): boolean
  /** `cmnd/<topic>/<name>`, in whatever shape the device has it. */
  command(name: string): string
  stat(name: string): string
  tele(name: string): string
}

function numbers(value: Json | undefined): number[] {
  return listOf(value).map(each => numberOf(each) ?? 0)
}

/** Topics by prefix, from `ft`, `t`, `tp`, `hn` and the address. */
function topicsOf(fields: Fields, mac: string): ((prefix: number, name: string) => string) | null {
  const full = textOf(fields['ft'])
  const topic = textOf(fields['t'])
  const prefixes = listOf(fields['tp']).map(textOf)
  if (full === null || topic === null || prefixes.length < 3 || prefixes.includes(null)) return null
  const tokens: Record<string, string> = { topic, hostname: textOf(fields['hn']) ?? '', id: mac }
  const shapes = prefixes.slice(0, 3).map(prefix => {
    const shape = full.replace(/%(prefix|topic|hostname|id)%/g, (_, token: string) =>
      token === 'prefix' ? prefix! : tokens[token]!,
    )
    return shape.endsWith('/') ? shape : `${shape}/`
  })
  if (!shapes.every(shape => isTopicName(`${shape}x`))) return null
  return (prefix, name) => shapes[prefix]! + name
}

/** The config of the device with this address, or what is wrong with it. */
export function parseConfig(json: Json | undefined, mac: string): TasmotaConfig | string {
  if (!isJsonObject(json)) return 'the config is not a JSON object'
  const told = textOf(json['mac'])?.toUpperCase()
  if (told !== mac)
    return `the config of ${mac} says its address is ${told ?? 'nothing'}: it is another device's, or forged`
  const topics = topicsOf(json, mac)
  if (topics === null) return 'the config lacks its topics: "ft", "t" and three prefixes in "tp"'
  const texts = listOf(json['state']).map(textOf)
  const options = isJsonObject(json['so']) ? json['so'] : {}
  const relayNames = listOf(json['fn']).map(nameOf)
  return {
    mac,
    name: nameOf(json['dn']) ?? relayNames[0] ?? nameOf(json['hn']) ?? `Tasmota ${mac.slice(6)}`,
    model: nameOf(json['md']),
    software: nameOf(json['sw']),
    relayNames,
    relays: numbers(json['rl']),
    lightType: numberOf(json['lt_st']) ?? 0,
    isLinked: json['lk'] !== 0,
    switchModes: numbers(json['swc']),
    switchNames: listOf(json['swn']).map(nameOf),
    isFan: boolOf(json['if']) === true,
    sleeps: (numberOf(json['dslp']) ?? 0) > 0 || (numberOf(json['bat']) ?? 0) > 0,
    hasBattery: (numberOf(json['bat']) ?? 0) > 0,
    online: textOf(json['onln']) ?? 'Online',
    offline: textOf(json['ofln']) ?? 'Offline',
    off: texts[0] ?? 'OFF',
    on: texts[1] ?? 'ON',
    option: number => (numberOf(options[String(number)]) ?? 0) > 0,
    command: name => topics(0, name),
    stat: name => topics(1, name),
    tele: name => topics(2, name),
  }
}
