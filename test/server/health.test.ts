import { afterEach, describe, expect, it } from 'vitest'
import type { Entity } from '#devices'
import type { RuleFileInfo } from '#rules'
import { watchHealth } from '../../server/health.ts'
import type { MachineFiles } from '../../server/system/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'

type Options = Parameters<typeof watchHealth>[0]

const MINUTE = 60_000

function entityOf(device: string, more: { online?: boolean | null; at?: number; every?: number | null }): Entity {
  const { online = true, at = 0, every = null } = more
  const value = { name: 'on', at, every } as Entity['values'] extends ReadonlyMap<string, infer Each> ? Each : never
  return { device: { id: device, name: device }, online, values: new Map([['on', value]]) } as unknown as Entity
}

function fileOf(enabled: boolean, rules: readonly { name: string; active: boolean; faults: number }[]): RuleFileInfo {
  const infos = rules.map(({ name, active, faults }) => ({ name, active, problems: Array.from({ length: faults }) }))
  return { enabled, rules: infos } as unknown as RuleFileInfo
}

const pace = { commits: 3, milliseconds: 60, longest: 20, waiting: 1 }
const files: MachineFiles = {
  read: async () => null,
  list: async () => null,
  disk: async () => ({ free: 5e9, size: 32e9 }),
}

let health: ReturnType<typeof watchHealth> | undefined
let clock: TestClock
afterEach(() => health?.close())

/** The health of a hub whose other rooms say these things; resolves when it has looked. */
async function watched(more: Partial<Options> = {}): Promise<ReturnType<typeof watchHealth>> {
  clock = createTestClock()
  const stats = { connections: 2, sessions: 3, subscriptions: 4, retained: 5, received: 6, sent: 7, dropped: 0 }
  health = watchHealth({
    version: '1.0.0',
    folder: '/data',
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    storage: {
      pace: () => ({ hub: pace, history: { ...pace, commits: 1 } }),
      historyFault: () => null,
      history: { written: async () => ({ hub: 4096, history: 8192, runs: 0 }) } as Options['storage']['history'],
    },
    broker: {
      stats: () => ({ ...stats, refused: 0, bytesReceived: 600, bytesSent: 700 }),
      queues: () => ({ messages: 9, bytes: 90, inflight: 1, fullest: null }),
    },
    history: {
      writes: async () => ({ perDay: 30e6, cardYears: 90, since: 0, writers: [], seriesOf: new Map() }),
      space: async () => ({ used: 1, free: 0, disk: 5e9, perDay: null, fullIn: null, entities: [] }),
    },
    registry: { entities: () => [] },
    engine: { files: () => [] },
    backups: { status: () => ({ last: null, fault: null }) },
    certificateFault: async () => null,
    files,
    ...more,
  })
  await health.look()
  return health
}

const told = ({ report }: ReturnType<typeof watchHealth>) =>
  report().problems.map(({ code, state, what, where, link }) => `${code} ${state}: ${what} (${where}) ${link}`)

describe('the health of a hub', () => {
  it('is good when nothing is wrong, with what its rooms and its disk say', async () => {
    const { report } = await watched()
    expect(report()).toMatchObject({ state: 'good', problems: [] })
    const values = Object.fromEntries(report().readings.map(({ key, value }) => [key, value]))
    expect(values).toMatchObject({ commit_time: 20, commit_queue: 1, client_queue: 0, written: 30e6, disk_free: 5e9 })
    expect(values['memory']).toBeGreaterThan(10e6)
  })

  it('tells rules with faults, of files that are switched on', async () => {
    const ill = (name: string) => ({ name, active: false, faults: 1 })
    const one = await watched({
      engine: {
        files: () => [
          fileOf(true, [ill('Porch'), { name: 'Hall', active: true, faults: 0 }]),
          fileOf(false, [ill('Old')]),
        ],
      },
    })
    expect(told(one)).toEqual(['rules warning: A rule has a fault and does not run as it should (Porch) /rules'])
    const many = await watched({ engine: { files: () => [fileOf(true, ['A', 'B', 'C', 'D', 'E'].map(ill))] } })
    expect(told(many)).toEqual(['rules warning: 5 rules have faults (A, B, C and 2 more) /rules'])
  })

  it('tells devices that are gone or silent for longer than they usually are, each once', async () => {
    let entities: Entity[] = []
    const { report, look } = await watched({ registry: { entities: () => entities } })
    const now = clock.now()
    entities = [
      entityOf('Lamp', {}),
      entityOf('Meter', { at: now - 3 * MINUTE, every: MINUTE }),
      entityOf('Meter', { at: now, every: MINUTE }),
    ]
    const lookSlowly = async () => {
      for (let i = 0; i < 6; i++) await look()
    }
    await lookSlowly()
    expect(report().problems).toEqual([])
    clock.advance(1)
    await lookSlowly()
    expect(report().problems).toMatchObject([
      { code: 'devices', what: 'A device does not answer', where: 'Meter', link: '/devices?show=stale' },
    ])
    entities = [...entities, entityOf('Door', { online: false }), entityOf('Door', { online: false })]
    await lookSlowly()
    expect(report().problems).toMatchObject([
      { what: '2 devices do not answer', where: 'Door, Meter', link: '/devices?show=offline' },
    ])
    entities = []
    await lookSlowly()
    expect(report().problems).toEqual([])
  })

  it('tells a certificate that cannot be used, and a database that was set aside', async () => {
    const hub = await watched({
      certificateFault: async () => '/etc/hob/a.pem is not there; name the right file',
      files: { ...files, list: async path => (path === '/data' ? ['history.db.damaged-1772000000000'] : null) },
    })
    expect(told(hub)).toEqual([
      'certificate bad: The certificate of MQTT over TLS cannot be used (/etc/hob/a.pem is not there; name the right file) null',
      'database_damaged warning: history.db was damaged and has been set aside (/data/history.db.damaged-1772000000000) null',
    ])
  })

  it('tells history that cannot be written', async () => {
    const pace = { commits: 0, milliseconds: 0, longest: null, waiting: 0 }
    const history = { written: async () => ({ hub: 0, history: 0, runs: 0 }) } as Options['storage']['history']
    const storage = { pace: () => ({ hub: pace, history: pace }), historyFault: () => 'the disk is full', history }
    expect(told(await watched({ storage }))).toEqual([
      'history_unwritten bad: History cannot be written: what happens now is missing from it (the disk is full) null',
    ])
  })

  it('has figures for Prometheus without names of the house', async () => {
    const hub = await watched({
      registry: {
        entities: () => [
          entityOf('Lamp', { online: null }),
          entityOf('Door', { online: false }),
          entityOf('Door', {}),
          entityOf('Plug', {}),
        ],
      },
      engine: { files: () => [fileOf(true, [{ name: 'Porch', active: true, faults: 0 }])] },
    })
    clock.advance(1_500)
    const text = await hub.metrics()
    for (const line of [
      'hob_build_info{version="1.0.0"} 1',
      'hob_uptime_seconds 1.5',
      'hob_commits_total{database="hub"} 3',
      'hob_commits_total{database="history"} 1',
      'hob_written_bytes_total{database="history"} 8192',
      'hob_mqtt_queued_messages 9',
      'hob_devices{state="online"} 1',
      'hob_devices{state="offline"} 1',
      'hob_devices{state="unknown"} 1',
      'hob_entities 4',
      'hob_rules{state="active"} 1',
      'hob_disk_free_bytes 5000000000',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).not.toMatch(/Lamp|Door|Plug|Porch|\/data/)
  })
})
