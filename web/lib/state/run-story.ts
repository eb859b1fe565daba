import type { RunDetailJson, TraceConditionJson, TraceStepJson } from '#api'
import type { LampState } from '../components/shared/Lamp.svelte'
import type { Station } from '../components/shared/Line.svelte'
import { formats, words } from '../i18n/index.ts'
import { RUN_LAMPS, standingOf, type RunStanding } from './rule-runs.ts'

// A trace as one line of stations: what set it off, what held, what was done and how it went.

/** A station with the lines below its name; each may lead to the device it is about. */
export interface StoryStation extends Station {
  /** When it was, in milliseconds since 1970; null for what has no moment of its own. */
  readonly at: number | null
  /** The place in the rule: `do[2]`. */
  readonly path: string | null
  readonly lines: readonly StoryLine[]
}

export interface StoryLine {
  readonly text: string
  /** Id of the entity that it is about. */
  readonly entity?: string
  readonly lamp?: LampState
}

type Trace = RunDetailJson['trace']
type Command = Extract<NonNullable<TraceStepJson['did']>, { kind: 'command' }>['commands'][number]

const texts = words.runs
const timeOf = (text: string) => Date.parse(text)

/** Milliseconds below a second, else the largest whole unit. */
const took = (milliseconds: number) =>
  milliseconds < 1000 ? texts.milliseconds(formats.number(milliseconds, 0)) : formats.duration(milliseconds)

/** A value as the trace holds it: numbers in the region's habit, the rest as JSON without quotes. */
function show(value: unknown, unit: string | null = null): string {
  if (value === null || value === undefined) return texts.unknown
  if (typeof value === 'number') {
    const { figure, unit: shown, isClose } = formats.figure(value, unit ?? '')
    return isClose ? `${figure}${shown}` : `${figure} ${shown}`.trim()
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const holdsWord = (holds: boolean | null) =>
  holds === null ? texts.holds.unknown : holds ? texts.holds.yes : texts.holds.no

function age({ age: old, confirmed }: TraceConditionJson['values'][number]): string {
  if (old === null) return texts.neverSeen
  const told = old < 1000 ? texts.fresh : texts.age(formats.duration(old))
  return confirmed ? told : texts.unconfirmed(told)
}

/** What a condition came to: its comparisons with both sides, then the values it read and how old they were. */
export function conditionLines({ parts, values, notes }: TraceConditionJson): StoryLine[] {
  const compared = parts.length < 2 ? [] : parts.map(part => texts.condition(part.text, holdsWord(part.holds)))
  const read = values.map(value => texts.value(value.name, show(value.value, value.unit), age(value)))
  return [...compared, ...read, ...notes].map(text => ({ text }))
}

function triggerStation({ trigger }: Trace): StoryStation {
  const { kind, path, message, condition, planned, by } = trigger
  const at = timeOf(trigger.at)
  const moment = planned === null ? '' : formats.time(timeOf(planned))
  const names: Readonly<Record<string, () => string>> = {
    when: () => texts.trigger.when(condition?.text ?? path),
    topic: () => texts.trigger.topic(message?.topic ?? path),
    at: () => texts.trigger.at(moment),
    every: () => texts.trigger.every(moment),
    start: () => texts.trigger.start,
  }
  const late = planned === null ? 0 : at - timeOf(planned)
  const heard =
    message === null
      ? []
      : [{ text: `${message.payload}, ${message.client === null ? texts.fromHub : texts.from(message.client)}` }]
  return {
    key: 'trigger',
    lamp: 'ok',
    name: names[kind]?.() ?? texts.trigger.other(kind),
    at,
    path,
    lines: [
      ...heard,
      ...(message === null ? [{ text: texts.by[by.kind](by.who) }] : []),
      ...(late > 60_000 ? [{ text: texts.late(formats.duration(late)) }] : []),
      ...(condition === null ? [] : conditionLines(condition)),
    ],
  }
}

const conditionStation = (condition: TraceConditionJson): StoryStation => ({
  key: condition.path,
  lamp: condition.holds === true ? 'ok' : 'off',
  name: texts.condition(condition.text, holdsWord(condition.holds)),
  at: null,
  path: condition.path,
  lines: conditionLines(condition),
})

const VERBS: readonly string[] = ['turn_on', 'turn_off', 'toggle', 'set']

function commandName(told: Command, { thing: nameOf, unit }: Telling): string {
  const { command, values } = told
  const thing = nameOf(told)
  const verb = VERBS.includes(command) ? (command as 'turn_on') : null
  const name = verb === null ? texts.commands.other(thing, command) : texts.commands[verb](thing)
  const given = Object.entries(values).map(([value, to]) => `${value} ${show(to, unit(told, value))}`)
  return given.length === 0 ? name : `${name}, ${given.join(', ')}`
}

const COMMAND_LAMPS: Readonly<Record<Command['state'], LampState>> = {
  pending: 'wait',
  confirmed: 'ok',
  expired: 'fail',
  failed: 'fail',
  unknown: 'never',
}

function outcome({ state, reason, took: time }: Command): string {
  if (state === 'confirmed') return time === null ? texts.outcome.confirmedPlain : texts.outcome.confirmed(took(time))
  if (state === 'failed') return texts.outcome.failed(reason ?? texts.unknown)
  return texts.outcome[state]
}

/** The lamp of several: the worst. */
const WORST: readonly LampState[] = ['fail', 'never', 'wait', 'ok']
const worst = (lamps: readonly LampState[]) => WORST.find(lamp => lamps.includes(lamp)) ?? 'ok'

/** What a story is told with: the time, and how rules call the thing of a command. */
export interface Telling {
  readonly now: number
  readonly thing: (command: Pick<Command, 'entity' | 'slug'>) => string
  /** The unit of what a command gives; null when it has none. */
  readonly unit: (command: Pick<Command, 'entity' | 'command'>, value: string) => string | null
}

type Told = Pick<StoryStation, 'lamp' | 'lines'> & { readonly name: string }

function deed({ did, verb }: TraceStepJson, telling: Telling): Told {
  const { now } = telling
  if (did === null) return { name: verb, lamp: 'ok', lines: [] }
  switch (did.kind) {
    case 'publish': {
      const how = [`QoS ${did.qos}`, ...(did.retain ? [texts.retained] : [])].join(', ')
      return { name: texts.published(did.topic), lamp: 'ok', lines: [{ text: did.payload }, { text: how }] }
    }
    case 'log':
      return { name: texts.logged, lamp: 'ok', lines: [{ text: did.text }] }
    case 'wait': {
      const restart =
        did.restartedAt === null ? [] : [{ text: texts.survived(formats.second(timeOf(did.restartedAt))) }]
      const rest = timeOf(did.due) - now
      if (did.ended !== null) return { name: '', lamp: 'ok', lines: restart }
      const name = rest > 0 ? texts.waits(formats.second(timeOf(did.due)), formats.duration(rest)) : texts.waitsNow
      return { name, lamp: 'wait', lines: restart }
    }
    case 'command': {
      const [only] = did.commands
      const lamps = did.commands.map(({ state }) => COMMAND_LAMPS[state])
      if (only !== undefined && did.commands.length === 1)
        return {
          name: commandName(only, telling),
          lamp: lamps[0]!,
          lines: [{ text: outcome(only), entity: only.entity }],
        }
      const lines = did.commands.map((command, index) => ({
        text: `${commandName(command, telling)}: ${outcome(command)}`,
        entity: command.entity,
        lamp: lamps[index]!,
      }))
      return { name: texts.several(verb, did.commands.length), lamp: worst(lamps), lines }
    }
  }
}

function stepStation(step: TraceStepJson, key: string, telling: Telling): StoryStation {
  const { path, verb, name, result, reason, condition, did } = step
  const at = timeOf(step.at)
  const base = { key, at, path }
  const asked = condition === null ? [] : conditionLines(condition)
  if (result === 'skipped') {
    const why = condition === null ? [] : [{ text: texts.condition(condition.text, holdsWord(condition.holds)) }]
    return { ...base, lamp: 'off', name: texts.skipped(name ?? verb), lines: [...why, ...asked] }
  }
  const told = deed(step, telling)
  const waited = did?.kind === 'wait' && did.ended !== null ? texts.waited(took(timeOf(did.ended) - at)) : told.name
  const lines = [...told.lines, ...asked]
  if (result === 'failed') {
    return {
      ...base,
      lamp: 'fail',
      name: texts.failedStep(name ?? waited),
      lines: [{ text: reason ?? texts.unknown }, ...lines],
    }
  }
  return { ...base, lamp: told.lamp, name: name === null ? waited : `${name}: ${waited}`, lines }
}

function endStation(run: RunDetailJson, now: number): StoryStation {
  const { state, startedAt, endedAt, trace } = run
  const at = endedAt === null ? null : timeOf(endedAt)
  const standing = standingOf(run)
  const lacks = texts.lacks as Readonly<Partial<Record<RunStanding, string>>>
  const lack = lacks[standing]
  const lines = [
    ...(lack === undefined ? [] : [{ text: lack }]),
    ...(trace.leftOut > 0 ? [{ text: texts.leftOut(trace.leftOut) }] : []),
    ...(trace.reason === null ? [] : [{ text: trace.reason }]),
  ]
  return {
    key: 'end',
    lamp: RUN_LAMPS[standing],
    name: texts.ended[state](took((at ?? now) - timeOf(startedAt))),
    at,
    path: null,
    isAhead: at === null,
    lines,
  }
}

/** A run as stations in the order they happened. */
export function tellRun(run: RunDetailJson, telling: Telling): StoryStation[] {
  const { trace } = run
  return [
    triggerStation(trace),
    ...trace.conditions.map(conditionStation),
    ...trace.steps.map((step, index) => stepStation(step, `step-${index}`, telling)),
    endStation(run, telling.now),
  ]
}
