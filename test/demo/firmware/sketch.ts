import type { Json } from '#kernel'
import { createPulse, json, type Outgoing, type SimulatedClient } from './device.ts'

/** One entity of a sketch. */
export interface SketchPart {
  readonly component: 'sensor' | 'binary_sensor' | 'switch'
  readonly key: string
  /** What its announcement says beside topics, key and device. */
  readonly config: Readonly<Record<string, Json>>
}

export interface Sketch {
  /** Also the first level of its topics. */
  readonly id: string
  readonly device: Readonly<Record<string, Json>>
  /** One announcement for all of its parts, or one for each. */
  readonly form: 'device' | 'single'
  readonly parts: readonly SketchPart[]
  /** Milliseconds between reports. */
  readonly every: number
  /** All values at once. Null: it stays silent. */
  read(at: number): Record<string, Json> | null
  /** Without it, commands come to nothing. */
  obey?(key: string, payload: string): void
}

/** A sketch of somebody's own, as PubSubClient's examples suggest: one JSON state, no will. */
export function createSketch({ id, device, form, parts, every, read, obey }: Sketch): SimulatedClient {
  const topic = `${id}/state`
  const commandTopic = (key: string) => `${id}/${key}/set`
  const about = { identifiers: [id], ...device }
  const configOf = ({ component, key, config }: SketchPart) => ({
    state_topic: topic,
    value_template: `{{ value_json.${key} }}`,
    unique_id: `${id}_${key}`,
    ...(component === 'switch' ? { command_topic: commandTopic(key) } : {}),
    ...config,
  })
  const single = (part: SketchPart): Outgoing => ({
    topic: `homeassistant/${part.component}/${id}/${part.key}/config`,
    payload: json({ ...configOf(part), device: about }),
    retain: true,
  })
  const whole = (): Outgoing => ({
    topic: `homeassistant/device/${id}/config`,
    payload: json({
      dev: about,
      o: { name: id, sw: '1.4.0' },
      cmps: Object.fromEntries(parts.map(part => [part.key, { p: part.component, ...configOf(part) }])),
    }),
    retain: true,
  })
  const isDue = createPulse(id, every)
  const tell = (at: number): Outgoing[] => {
    const values = read(at)
    return values === null ? [] : [{ topic, payload: json(values) }]
  }
  return {
    name: id,
    will: null,
    birth: [],
    devices: [
      {
        announce: () => (form === 'device' ? [whole()] : parts.map(single)),
        listens: parts.filter(({ component }) => component === 'switch').map(({ key }) => commandTopic(key)),
        report: at => (isDue(at) ? tell(at) : []),
        obey(command, at) {
          const part = parts.find(({ key }) => commandTopic(key) === command.topic)
          if (part === undefined || obey === undefined) return []
          obey(part.key, command.payload)
          return tell(at)
        },
      },
    ],
  }
}
