import type { Json } from '#kernel'
import { createPulse, json, type Command, type Outgoing, type SimulatedClient } from './device.ts'

export interface TasmotaDevice {
  readonly name: string
  /** Its `%topic%`. */
  readonly topic: string
  readonly mac: string
  readonly model: string
  /** Names of its relays, none for a device without. */
  readonly relays: readonly string[]
  /** `lt_st` of a lamp; its relays are the lamp's then. */
  readonly light?: { readonly type: number; readonly start: Readonly<Record<string, number | string>> }
  /** Milliseconds between STATE and SENSOR messages. */
  readonly every: number
  /** The content of a SENSOR message. `isOn`: its first relay. */
  sensors?(at: number, isOn: boolean): Record<string, Json>
  readonly startsOn?: boolean
}

const EIGHT = <T extends Json>(list: readonly T[], rest: Json) => Array.from({ length: 8 }, (_, i) => list[i] ?? rest)

function configOf({ name, topic, mac, model, relays, light }: TasmotaDevice): Record<string, Json> {
  return {
    ip: '192.0.2.40',
    dn: name,
    fn: EIGHT(relays, null),
    hn: `${topic}-${mac.slice(-4)}`,
    mac,
    md: model,
    ty: 0,
    if: 0,
    ofln: 'Offline',
    onln: 'Online',
    state: ['OFF', 'ON', 'TOGGLE', 'HOLD'],
    sw: '15.1.0',
    t: topic,
    ft: '%prefix%/%topic%/',
    tp: ['cmnd', 'stat', 'tele'],
    rl: EIGHT(
      relays.map(() => (light === undefined ? 1 : 2)),
      0,
    ),
    swc: EIGHT<number>([], -1),
    swn: EIGHT<string>([], null),
    btn: EIGHT<number>([], 0),
    so: { 4: 0, 11: 0, 13: 0, 17: 0, 20: 0, 30: 0, 68: 0, 73: 0, 82: 0, 114: 0, 117: 0 },
    lk: 1,
    lt_st: light?.type ?? 0,
    bat: 0,
    dslp: 0,
    sho: [0, 0, 0, 0],
    ver: 1,
  }
}

/** What a lamp's commands do to its state. */
function obeyLight(lamp: Record<string, number | string>, name: string, payload: string): boolean {
  if (name === 'CT' || name === 'Dimmer') lamp[name] = Number(payload)
  else if (name === 'HSBCOLOR') lamp['HSBColor'] = payload
  else if (name === 'Color2') {
    const [red = 0, green = 0, blue = 0] = payload.split(',').map(Number)
    lamp['HSBColor'] = hsbOf([red, green, blue])
  } else return false
  return true
}

function hsbOf([red, green, blue]: readonly [number, number, number]): string {
  const high = Math.max(red, green, blue)
  const range = high - Math.min(red, green, blue)
  const sector =
    range === 0
      ? 0
      : high === red
        ? (green - blue) / range
        : high === green
          ? 2 + (blue - red) / range
          : 4 + (red - green) / range
  return [
    (Math.round(sector * 60) + 360) % 360,
    high === 0 ? 0 : Math.round((range / high) * 100),
    Math.round((high / 255) * 100),
  ].join(',')
}

/** A device that runs Tasmota with its native discovery. */
export function createTasmota(device: TasmotaDevice): SimulatedClient {
  const { topic, mac, relays, light, every, sensors } = device
  const on = relays.map(() => device.startsOn === true)
  const lamp: Record<string, number | string> = { ...light?.start }
  const isDue = createPulse(topic, every)
  const powerName = (index: number) => (relays.length === 1 ? 'POWER' : `POWER${index + 1}`)
  const power = (index: number) => ({ [powerName(index)]: on[index] === true ? 'ON' : 'OFF' })
  const state = (at: number): Record<string, Json> => ({
    Time: new Date(at).toISOString().slice(0, 19),
    UptimeSec: 345_600,
    Vcc: 3.41,
    MqttCount: 1,
    ...Object.assign({}, ...relays.map((_, index) => power(index))),
    ...lamp,
    Wifi: { AP: 1, SSId: 'Home', RSSI: 74, Signal: -63, LinkCount: 1, Downtime: '0T00:00:03' },
  })
  const lwt = (payload: string): Outgoing => ({ topic: `tele/${topic}/LWT`, payload, retain: true })
  const discovery = (kind: string, payload: Json): Outgoing => ({
    topic: `tasmota/discovery/${mac}/${kind}`,
    payload: json(payload),
    retain: true,
  })
  const telemetry = (at: number): Outgoing[] => [
    { topic: `tele/${topic}/STATE`, payload: json(state(at)) },
    ...(sensors === undefined ? [] : [{ topic: `tele/${topic}/SENSOR`, payload: json(sensors(at, on[0] === true)) }]),
  ]

  function one(name: string, payload: string, at: number): Outgoing[] {
    const result = (content: Record<string, Json>) => ({ topic: `stat/${topic}/RESULT`, payload: json(content) })
    if (name === 'STATE') return [result(state(at))]
    if (name === 'STATUS' && sensors !== undefined)
      return [{ topic: `stat/${topic}/STATUS10`, payload: json({ StatusSNS: sensors(at, on[0] === true) }) }]
    const relay = /^POWER(\d?)$/i.exec(name)
    if (relay !== null) {
      const index = Math.max(0, Number(relay[1] || 1) - 1)
      if (index >= on.length) return []
      on[index] = payload === 'TOGGLE' ? on[index] !== true : payload === 'ON'
      return [result(power(index)), { topic: `stat/${topic}/${powerName(index)}`, payload: on[index] ? 'ON' : 'OFF' }]
    }
    return light !== undefined && obeyLight(lamp, name, payload) ? [result({ ...power(0), ...lamp })] : []
  }

  return {
    name: topic,
    will: lwt('Offline'),
    birth: [lwt('Online')],
    devices: [
      {
        announce: at => [
          discovery('config', configOf(device)),
          ...(sensors === undefined ? [] : [discovery('sensors', { sn: sensors(at, on[0] === true), ver: 1 })]),
        ],
        listens: [`cmnd/${topic}/+`],
        report: at => (isDue(at) ? telemetry(at) : []),
        obey({ topic: at, payload }: Command, now) {
          const name = at.split('/').at(-1)!
          if (name !== 'Backlog') return one(name, payload, now)
          return payload.split(';').flatMap(part => {
            const [command = '', value = ''] = part.trim().split(' ')
            return one(command, value, now)
          })
        },
      },
    ],
  }
}
