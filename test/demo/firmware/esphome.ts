import type { Json } from '#kernel'
import { createPulse, json, type Outgoing, type SimulatedClient } from './device.ts'

/** One entity of an ESPHome node. */
export interface EspPart {
  readonly component: 'sensor' | 'binary_sensor' | 'switch' | 'light'
  readonly name: string
  /** What its announcement says beside name, topics and device. */
  readonly config: Readonly<Record<string, Json>>
  read(at: number): string
  /** Milliseconds between reports; without it, it speaks when its state changes. */
  readonly every?: number
  obey?(payload: string): void
}

export interface EspNode {
  readonly name: string
  readonly mac: string
  readonly board: string
  readonly parts: readonly EspPart[]
}

const slugOf = (name: string) => name.toLowerCase().replaceAll(' ', '_')

/** A node that runs ESPHome: each entity on topics of its own, a status that its will takes back. */
export function createEspHome({ name, mac, board, parts }: EspNode): SimulatedClient {
  const node = slugOf(name).replaceAll('_', '-')
  const status = (payload: string): Outgoing => ({ topic: `${node}/status`, payload, retain: true })
  const topicOf = (part: EspPart, end: string) => `${node}/${part.component}/${slugOf(part.name)}/${end}`
  const dev = {
    ids: mac,
    name,
    sw: 'esphome v2026.2.1 Feb 18 2026, 09:12:44',
    mdl: board,
    mf: 'Espressif',
    cns: [['mac', mac.match(/../g)!.join(':')]],
  }
  const announce = (part: EspPart): Outgoing => ({
    topic: `homeassistant/${part.component}/${node}/${slugOf(part.name)}/config`,
    retain: true,
    payload: json({
      ...part.config,
      name: part.name,
      stat_t: topicOf(part, 'state'),
      ...(part.obey === undefined ? {} : { cmd_t: topicOf(part, 'command') }),
      avty_t: `${node}/status`,
      uniq_id: `${mac}-${part.component}-${slugOf(part.name)}`,
      dev,
    }),
  })
  const said = new Map<EspPart, string>()
  const pulses = new Map(
    parts.flatMap(part => (part.every === undefined ? [] : [[part, createPulse(`${node} ${part.name}`, part.every)]])),
  )
  const tell = (part: EspPart, at: number): Outgoing => {
    const payload = part.read(at)
    said.set(part, payload)
    return { topic: topicOf(part, 'state'), payload, retain: true }
  }
  return {
    name: node,
    will: status('offline'),
    birth: [status('online')],
    devices: [
      {
        announce: () => parts.map(announce),
        listens: parts.flatMap(part => (part.obey === undefined ? [] : [topicOf(part, 'command')])),
        report: at =>
          parts.filter(part => pulses.get(part)?.(at) ?? part.read(at) !== said.get(part)).map(part => tell(part, at)),
        obey({ topic, payload }, at) {
          const part = parts.find(each => topicOf(each, 'command') === topic)
          if (part?.obey === undefined) return []
          part.obey(payload)
          return [tell(part, at)]
        },
      },
    ],
  }
}
