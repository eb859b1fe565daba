import { describe, expect, it } from 'vitest'
import { createHealth, healthMetrics, hubMetrics, metricsText, type HubFigures } from '../../server/system/index.ts'
import { createTestClock } from '../support/clock.ts'
import { goodCondition, sourcesOf, type Condition } from '../support/health.ts'

const figures: HubFigures = {
  version: '1.2.3',
  uptime: 61_500,
  commits: {
    hub: { commits: 12, milliseconds: 340, waiting: 2 },
    history: { commits: 3, milliseconds: 50, waiting: 0 },
  },
  written: { hub: 4096, history: null },
  broker: {
    ...{ connections: 4, sessions: 6, subscriptions: 40, retained: 90 },
    ...{ received: 1000, sent: 2000, dropped: 1, refused: 0, bytesReceived: 50_000, bytesSent: 90_000 },
  },
  queues: { messages: 7, bytes: 700, inflight: 1 },
  devices: { online: 3, offline: 1, unknown: 0 },
  entities: 12,
  rules: { active: 5, inactive: 2 },
}

interface Family {
  readonly help: string
  readonly type: string
  readonly samples: Record<string, number>
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)$/

/** Reads the text format as its description has it (version 0.0.4); throws at what is not part of it. */
function parse(text: string): Map<string, Family> {
  const families = new Map<string, Family>()
  expect(text.endsWith('\n')).toBe(true)
  let open: { name: string; family: Family } | undefined
  const lines = text.slice(0, -1).split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const help = /^# HELP (\S+) (.+)$/.exec(line)
    if (help !== null) {
      const [, name = '', words = ''] = help
      const type = /^# TYPE (\S+) (counter|gauge)$/.exec(lines[++i] ?? '')
      if (!NAME.test(name) || type?.[1] !== name) throw new Error(`no type behind ${line}`)
      if (families.has(name)) throw new Error(`${name} twice`)
      open = { name, family: { help: words, type: type[2]!, samples: {} } }
      families.set(name, open.family)
      continue
    }
    const sample = SAMPLE.exec(line)
    if (sample === null || open === undefined || open.name !== sample[1])
      throw new Error(`no sample of ${open?.name}: ${line}`)
    const labels = sample[2] ?? ''
    if (labels in open.family.samples || Number.isNaN(Number(sample[3]))) throw new Error(`no number: ${line}`)
    open.family.samples[labels] = Number(sample[3])
  }
  return families
}

async function textIn(change: (now: Condition) => void): Promise<string> {
  const now = goodCondition()
  change(now)
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const health = createHealth({ clock: createTestClock(), log, folder: '/', sources: sourcesOf(now) })
  await health.look()
  return metricsText([...hubMetrics(figures), ...healthMetrics(health.report())])
}

describe('the figures', () => {
  it('are text that Prometheus reads, in base units, named after the hub', async () => {
    const families = parse(await textIn(() => {}))
    for (const [name, { help, type, samples }] of families) {
      expect(name).toMatch(/^hob_[a-z_]+$/)
      expect(name).not.toMatch(/milli|_ms$|_kb|_percent|_days?$/)
      expect(type === 'counter').toBe(name.endsWith('_total'))
      expect(help).toMatch(/\.$/)
      expect(Object.keys(samples).length).toBeLessThanOrEqual(3)
    }
    expect(families.get('hob_event_loop_delay_seconds')?.samples).toEqual({ '': 0.002 })
    expect(families.get('hob_commit_longest_seconds')?.samples).toEqual({ '': 0.012 })
    expect(families.get('hob_commit_seconds_total')?.samples).toEqual({
      '{database="hub"}': 0.34,
      '{database="history"}': 0.05,
    })
    expect(families.get('hob_uptime_seconds')?.samples).toEqual({ '': 61.5 })
    expect(families.get('hob_temperature_celsius')?.samples).toEqual({ '': 52.1 })
    expect(families.has('hob_disk_full_in_seconds')).toBe(false)
    expect(families.get('hob_devices')?.samples).toEqual({
      '{state="online"}': 3,
      '{state="offline"}': 1,
      '{state="unknown"}': 0,
    })
    expect(families.get('hob_build_info')?.samples).toEqual({ '{version="1.2.3"}': 1 })
    expect(families.get('hob_clock_synchronised')?.samples).toEqual({ '': 1 })
    expect(families.get('hob_undervoltage')?.samples).toEqual({ '': 0 })
  })

  it('leave out what is not known', async () => {
    const families = parse(
      await textIn(now => {
        now.machine = { temperature: null, power: null, clock: null }
        now.disk = null
      }),
    )
    for (const name of ['hob_temperature_celsius', 'hob_undervoltage', 'hob_clock_synchronised', 'hob_disk_free_bytes'])
      expect(families.has(name), name).toBe(false)
    expect(families.get('hob_written_bytes_total')?.samples).toEqual({ '{database="hub"}': 4096 })
  })

  it('tell when the disk is full', async () => {
    const families = parse(await textIn(now => void (now.space = { fullIn: 12 })))
    expect(families.get('hob_disk_full_in_seconds')?.samples).toEqual({ '': 12 * 86_400 })
  })

  it('count problems by their state', async () => {
    const families = parse(await textIn(now => void (now.disk = { free: 1 })))
    expect(families.get('hob_problems')?.samples).toEqual({ '{state="warning"}': 0, '{state="bad"}': 1 })
  })

  it('keep quotes, backslashes and line ends within their texts', () => {
    const text = metricsText([
      { name: 'hob_x', help: 'a\\b\nc', samples: [{ labels: { name: '"a\\b\n' }, value: 1.5e-7 }] },
    ])
    expect(text).toBe('# HELP hob_x a\\\\b\\nc\n# TYPE hob_x gauge\nhob_x{name="\\"a\\\\b\\n"} 1.5e-7\n')
  })
})
