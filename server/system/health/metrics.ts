import type { HealthReport } from './health.ts'
import type { Metric } from './metrics-text.ts'
import type { ReadingKey } from './readings.ts'

/** Commits of one database since the start. */
interface Commits {
  readonly commits: number
  readonly milliseconds: number
  readonly waiting: number
}

/** What is counted in other rooms. Counts are since the start. */
export interface HubFigures {
  readonly version: string
  /** Milliseconds since the start. */
  readonly uptime: number
  readonly commits: { readonly hub: Commits; readonly history: Commits }
  /** Bytes that each database's thread gave to the disk. */
  readonly written: { readonly hub: number | null; readonly history: number | null }
  readonly broker: {
    readonly connections: number
    readonly sessions: number
    readonly subscriptions: number
    readonly retained: number
    readonly received: number
    readonly sent: number
    readonly dropped: number
    readonly refused: number
    readonly bytesReceived: number
    readonly bytesSent: number
  }
  readonly queues: { readonly messages: number; readonly bytes: number; readonly inflight: number }
  readonly devices: { readonly online: number; readonly offline: number; readonly unknown: number }
  readonly entities: number
  readonly rules: { readonly active: number; readonly inactive: number }
}

const one = (name: string, help: string, value: number | null): Metric => ({ name, help, samples: [{ value }] })

/** Samples by the value of one label, of which there are a few, for good: never names of the house. */
const by = (label: string, values: Readonly<Record<string, number | null>>): Metric['samples'] =>
  Object.entries(values).map(([text, value]) => ({ labels: { [label]: text }, value }))

const seconds = (milliseconds: number | null) => (milliseconds === null ? null : milliseconds / 1_000)

/** How the hub and its machine are, in base units. */
export function healthMetrics({ readings, problems }: HealthReport): Metric[] {
  const found = new Map(readings.map(each => [each.key, each]))
  const number = (key: ReadingKey) => {
    const value = found.get(key)?.value
    return typeof value === 'number' ? value : null
  }
  const is = (key: ReadingKey, word: string) => {
    const reading = found.get(key)
    return reading?.value == null ? null : Number(reading.value === word)
  }
  const count = (state: string) => problems.filter(each => each.state === state).length
  const days = number('full_in')
  return [
    {
      name: 'hob_problems',
      help: 'Problems that the hub shows.',
      samples: by('state', { warning: count('warning'), bad: count('bad') }),
    },
    one(
      'hob_event_loop_delay_seconds',
      '99 of 100 turns of the event loop waited no longer.',
      seconds(number('loop_delay')),
    ),
    one('hob_commit_longest_seconds', 'Longest recent commit to hub.db.', seconds(number('commit_time'))),
    one('hob_memory_bytes', 'Memory of the hub.', number('memory')),
    one('hob_disk_free_bytes', 'Free on the disk of the data folder.', number('disk_free')),
    one(
      'hob_disk_full_in_seconds',
      'Time until that disk is full as history grows.',
      days === null ? null : days * 86_400,
    ),
    one('hob_written_per_day_bytes', 'Bytes that the databases write to the disk in a day.', number('written')),
    one('hob_temperature_celsius', 'Temperature of the processor.', number('temperature')),
    one('hob_undervoltage', 'Whether the voltage of the supply is too low.', is('power', 'undervoltage')),
    one('hob_clock_synchronised', 'Whether a time server sets the clock.', is('clock', 'synchronised')),
  ]
}

/** What the hub did and holds. */
export function hubMetrics(figures: HubFigures): Metric[] {
  const { version, uptime, commits, written, broker, queues, devices, entities, rules } = figures
  const perDatabase = (of: (commits: Commits) => number) =>
    by('database', { hub: of(commits.hub), history: of(commits.history) })
  return [
    { name: 'hob_build_info', help: 'The version of the hub.', samples: [{ labels: { version }, value: 1 }] },
    one('hob_uptime_seconds', 'Time since the start.', seconds(uptime)),
    { name: 'hob_commits_total', help: 'Commits.', samples: perDatabase(each => each.commits) },
    {
      name: 'hob_commit_seconds_total',
      help: 'Time that commits took.',
      samples: perDatabase(each => each.milliseconds / 1_000),
    },
    { name: 'hob_commit_waiting', help: 'Changes that wait for a commit.', samples: perDatabase(each => each.waiting) },
    { name: 'hob_written_bytes_total', help: 'Bytes given to the disk.', samples: by('database', { ...written }) },
    one('hob_mqtt_connections', 'MQTT clients that are connected.', broker.connections),
    one('hob_mqtt_sessions', 'Sessions, of clients that are away too.', broker.sessions),
    one('hob_mqtt_subscriptions', 'Subscriptions.', broker.subscriptions),
    one('hob_mqtt_retained_messages', 'Retained messages.', broker.retained),
    one('hob_mqtt_messages_received_total', 'Messages from clients.', broker.received),
    one('hob_mqtt_messages_sent_total', 'Messages to clients.', broker.sent),
    one('hob_mqtt_messages_dropped_total', 'Copies that a limit or a missing right dropped.', broker.dropped),
    one('hob_mqtt_messages_refused_total', 'Messages that the rights refused.', broker.refused),
    one('hob_mqtt_received_bytes_total', 'Bytes from clients.', broker.bytesReceived),
    one('hob_mqtt_sent_bytes_total', 'Bytes to clients.', broker.bytesSent),
    one('hob_mqtt_queued_messages', 'Messages that wait for clients.', queues.messages),
    one('hob_mqtt_queued_bytes', 'Bytes of them.', queues.bytes),
    one('hob_mqtt_inflight_messages', 'Messages that clients have not acknowledged.', queues.inflight),
    { name: 'hob_devices', help: 'Devices.', samples: by('state', { ...devices }) },
    one('hob_entities', 'Entities.', entities),
    { name: 'hob_rules', help: 'Rules.', samples: by('state', { ...rules }) },
  ]
}
