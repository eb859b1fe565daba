import type { TopicBranchJson, TopicDetailJson, TopicMessageJson } from '#api'
import type { FakeHub } from './fake-hub.ts'
import { NOW } from './view.ts'

/** A message of a topic, as a test writes it. */
export interface Said {
  readonly topic: string
  readonly payload: string
  /** Seconds before `NOW`. */
  readonly ago?: number
  readonly qos?: number
  readonly retain?: boolean
  readonly client?: string | null
  readonly encoding?: 'utf8' | 'base64'
  readonly size?: number
}

export function messageJson(said: Omit<Said, 'topic'>): TopicMessageJson {
  const { payload, ago = 0, qos = 0, retain = false, client = 'd-k4w2mz', encoding = 'utf8' } = said
  const size = said.size ?? Buffer.from(payload, encoding).length
  return { payload, encoding, at: new Date(NOW - ago * 1000).toISOString(), qos, retain, size, client }
}

interface Broker {
  /** Takes further messages, without telling the stream. */
  hear(said: readonly Said[]): void
  /** Lets a topic go. */
  forget(topic: string): void
  /** Says it on the stream too. */
  say(said: Said): void
}

/** Lets a hub answer for topics as the real one does. `devices`: whose topics begin so. */
export function serveTopics(
  hub: FakeHub,
  given: readonly Said[],
  devices: Readonly<Record<string, string>> = {},
): Broker {
  const heard = new Map<string, TopicMessageJson[]>()
  const hear = (all: readonly Said[]) => {
    for (const { topic, ...said } of all)
      heard.set(topic, [messageJson(said), ...(heard.get(topic) ?? [])].slice(0, 50))
  }
  hear(given)

  const deviceOf = (topic: string) => {
    const name = Object.entries(devices).find(([start]) => topic.startsWith(start))?.[1]
    return name === undefined ? null : { id: `device-${name}`, name }
  }
  const branch = (topic: string, level: string): TopicBranchJson => {
    const below = [...heard.keys()].filter(other => other === topic || other.startsWith(`${topic}/`))
    const last = heard.get(topic)?.[0]
    return {
      level,
      topic,
      topics: below.length,
      messages: below.reduce((sum, each) => sum + heard.get(each)!.length, 0),
      lastAt: new Date(NOW).toISOString(),
      message: last === undefined ? null : { ...last, payload: last.payload.slice(0, 200) },
      device: last === undefined ? null : deviceOf(topic),
    }
  }
  const page = (all: readonly string[], query: URLSearchParams, toBranch: (name: string) => TopicBranchJson) => {
    const after = query.get('after')
    const limit = Number(query.get('limit') ?? 200)
    const rest = all.toSorted().filter(name => after === null || name > after)
    const items = rest.slice(0, limit).map(toBranch)
    return { status: 200, body: { items, next: rest.length > limit ? rest[limit - 1] : null } }
  }

  hub.on('GET /mqtt/topics', (_body, query) => {
    const prefix = query.get('prefix') ?? ''
    const levels = new Set<string>()
    for (const topic of heard.keys())
      if (topic.startsWith(prefix)) levels.add(topic.slice(prefix.length).split('/')[0]!)
    return page([...levels], query, level => branch(`${prefix}${level}`, level))
  })
  hub.on('GET /mqtt/topics/search', (_body, query) => {
    const match = query.get('match')!
    const start = match.endsWith('/#') ? match.slice(0, -1) : null
    const found = [...heard.keys()].filter(topic => (start === null ? topic.includes(match) : topic.startsWith(start)))
    return page(found, query, topic => branch(topic, topic.split('/').at(-1)!))
  })
  hub.on('GET /mqtt/topics/detail', (_body, query) => {
    const topic = query.get('topic')!
    const messages = heard.get(topic) ?? []
    const retained = messages.find(({ retain }) => retain)
    const detail: TopicDetailJson = {
      topic,
      retained: retained === undefined || retained.size === 0 ? null : retained,
      messages,
      device: deviceOf(topic),
    }
    return { status: 200, body: detail }
  })

  return {
    hear,
    forget: topic => void heard.delete(topic),
    say({ topic, ...said }) {
      hear([{ topic, ...said }])
      hub.push({ type: 'message', topic, ...messageJson(said) })
    },
  }
}

const times = (count: number, said: (index: number) => Said) => Array.from({ length: count }, (_, index) => said(index))

/** A lived-in broker: Zigbee, Tasmota, discovery, numbers, and things nobody knows. */
export const TOPICS: readonly Said[] = [
  ...times(12, index => ({
    topic: 'home/hall/ceiling/state',
    payload: JSON.stringify({
      state: index % 2 ? 'ON' : 'OFF',
      brightness: index % 2 ? 153 : 0,
      color_temp: 370,
      power: index % 2 ? Math.round(92 + index) / 10 : 0.3,
      linkquality: 132,
    }),
    ago: 240 + (11 - index) * 900,
    qos: 1,
  })),
  { topic: 'home/hall/ceiling/availability', payload: 'online', ago: 9000, retain: true },
  { topic: 'home/hall/motion/occupancy', payload: 'true', ago: 11 },
  ...times(30, index => ({
    topic: 'home/hall/motion/illuminance',
    payload: String(31 + Math.round(20 * Math.sin(index / 5))),
    ago: (29 - index) * 60 + 4,
  })),
  { topic: 'home/hall/motion/battery', payload: '88', ago: 3000 },
  ...['kettle', 'dishwasher', 'counter', 'island'].flatMap(name => [
    { topic: `home/kitchen/${name}/state`, payload: '{"state":"OFF"}', ago: 800 },
    { topic: `home/kitchen/${name}/availability`, payload: 'online', ago: 9000, retain: true },
  ]),
  ...times(9, index => ({
    topic: `home/bedroom/sensor${index}/temperature`,
    payload: String(17 + index / 10),
    ago: 90,
  })),
  ...['8CAAB5103F21', '5CCF7F11A0D2'].flatMap((id, index) => [
    {
      topic: `tasmota/discovery/${id}/config`,
      payload: JSON.stringify({
        ip: `192.168.1.7${index}`,
        dn: `Plug ${index}`,
        hn: `tasmota-${id}`,
        mac: id,
        ofln: 'Offline',
      }),
      ago: 80_000,
      retain: true,
      client: null,
    },
    { topic: `tele/plug_${index}/LWT`, payload: 'Online', ago: 80_000, retain: true },
  ]),
  { topic: 'weather/forecast', payload: '{"tomorrow":{"low":-3,"high":2.5},"hours":[0.1,0.2,0.4]}', ago: 2000 },
  {
    topic: 'weather/camera',
    payload: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]).toString('base64'),
    encoding: 'base64',
    ago: 700,
  },
  { topic: '$SYS/broker/version', payload: 'Hob 1.2.3', ago: 9000, retain: true, client: null },
]

export const OWNERS = {
  'home/hall/ceiling/': 'Hall ceiling',
  'home/hall/motion/': 'Hall sensor',
  'tele/plug_0/': 'Coffee machine',
}
