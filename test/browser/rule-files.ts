import type { FaultJson, RuleFileJson, RuleJson, RunJson, SentenceJson } from '#api'
import { NOW } from './view.ts'

export const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString()

type Part = SentenceJson['parts'][number]
const KINDS: Readonly<Record<string, Part['kind']>> = { '[': 'name', '«': 'value', '{': 'duration' }

/** `When [hall_motion] turns true, wait {5 min}.`: names in [], values in «», durations in {}. */
export function sentence(marked: string): SentenceJson {
  const pieces = marked.match(/\[[^\]]*\]|«[^»]*»|\{[^}]*\}|[^[«{]+/g) ?? []
  const parts = pieces.map((piece): Part => {
    const kind = KINDS[piece.charAt(0)]
    return kind === undefined ? { kind: 'text', text: piece } : { kind, text: piece.slice(1, -1) }
  })
  return { text: parts.map(({ text }) => text).join(''), parts }
}

let runs = 0
export function run(rule: string, state: RunJson['state'], minutes: number, more: Partial<RunJson> = {}): RunJson {
  const id = `01J0000000000000000000R${String(++runs).padStart(3, '0')}`
  return {
    id,
    rule,
    file: rule.split('/')[0]!,
    version: 6,
    startedAt: at(minutes),
    state,
    dueAt: null,
    outcome: null,
    endedAt: ['running', 'waiting', 'queued'].includes(state) ? null : at(minutes),
    cause: { id: `cause-${id}`, parent: null, kind: 'rule', who: rule, depth: 1 },
    ...more,
  }
}

export function rule(id: string, words: string, more: Partial<RuleJson> = {}): RuleJson {
  const key = id.includes('/') ? id.slice(id.indexOf('/') + 1) : null
  return {
    id,
    key,
    name: key ?? id,
    active: true,
    problems: [],
    lastRun: null,
    openRuns: [],
    sentence: sentence(words),
    nextAt: null,
    pausedUntil: null,
    ...more,
  }
}

export function file(slug: string, rules: readonly RuleJson[], more: Partial<RuleFileJson> = {}): RuleFileJson {
  return { slug, text: `# ${slug}\n`, enabled: true, version: 6, changedAt: at(-3000), rules: [...rules], ...more }
}

export const fault = (line: number, columns: [from: number, to: number], more: Partial<FaultJson>): FaultJson => ({
  file: 'rule.yaml',
  line,
  column: columns[0],
  endColumn: columns[1],
  severity: 'error',
  id: 'unknown-property',
  message: 'something is wrong here',
  suggestion: null,
  replacements: [],
  ...more,
})

export const HALL_TEXT = `# Light in the hall, but only when it is dark.
name: Hall light
on:
  when: motion.motion
if: daylight.illuminance < 40
mode: restart
do:
  - turn_on: hall_ceiling
    with: { brightness: 60%, transition: 1s }
  - wait: 5min
  - turn_off: hall_ceiling
`

export const HALL_WORDS =
  'When [motion.motion] turns true, if [daylight.illuminance] < «40»: turn [hall_ceiling] on with brightness «60%», wait {5 min}, turn [hall_ceiling] off.'

export const HALL = file(
  'hall_light',
  [
    rule('hall_light', HALL_WORDS, {
      name: 'Hall light',
      lastRun: run('hall_light', 'done', -240),
      openRuns: [run('hall_light', 'waiting', -1, { dueAt: at(4) })],
    }),
  ],
  { text: HALL_TEXT },
)

/** A house's rules: most well, one of each doubt. */
export const RULES: readonly RuleFileJson[] = [
  HALL,
  file('evening', [
    rule('evening', 'Every day at «16:32»: turn [sofa_lamp] and [shelf] on.', {
      name: 'Evening',
      lastRun: run('evening', 'done', -92),
      nextAt: at(22 * 60 + 28),
    }),
  ]),
  file('night', [
    rule('night', 'Every day at «23:30»: turn [area.all.lights] off.', {
      name: 'Everything off at night',
      lastRun: run('night', 'failed', -1114),
      nextAt: at(326),
    }),
  ]),
  file('laundry', [
    rule('laundry/washing machine runs', 'When [dishwasher.power] > «10» for {1 min}: log «The machine runs».', {
      lastRun: run('laundry/washing machine runs', 'done', -200),
    }),
    rule(
      'laundry/washing machine done',
      'When [dishwasher.power] < «4» for {3 min}: log «Washing done», publish «{"volume":30}» to [home/announce].',
      { pausedUntil: at(1) },
    ),
  ]),
  file('water', [
    rule('water', 'When [leak_sensor.water_leak] turns true: turn [main_valve] off.', {
      name: 'Water under the sink',
      active: false,
      problems: [fault(3, [9, 20], { id: 'unknown-device', message: 'there is no device "leak_sensor"' })],
    }),
  ]),
  file(
    'holiday',
    [
      rule('holiday', 'Every day at «20:15»: turn [window_lamp] on.', {
        name: 'Holiday light',
        active: false,
        lastRun: run('holiday', 'done', -370_000),
      }),
    ],
    { enabled: false },
  ),
]
