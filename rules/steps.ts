import { isMap, Thing, toJson, toText, UNKNOWN, type Context, type Result } from '#expression'
import { HobError, isTopicName } from '#kernel'
import { INCOMING, type CompiledStep } from './compiled-rule.ts'
import type { Run } from './run.ts'
import { excerpt, MAX_PARTS, short, shown, worse, type TraceCommand, type TraceDeed } from './trace.ts'
import type { World } from './world.ts'

/** What steps touch. */
export interface StepParts {
  readonly world: World
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', text: string, run: Run) => void
  /** A command was given, and will end. */
  readonly onCommand: (command: TraceCommand, run: Run) => void
}

/** What a step did, and why it failed all the same. */
export interface Performed {
  readonly did: TraceDeed | null
  readonly failed: string | null
}

function payloadOf(value: Result): Uint8Array | string {
  if (value instanceof Thing && value.target instanceof Uint8Array) return value.target
  if (typeof value === 'string') return value
  return isMap(value) || Array.isArray(value) ? JSON.stringify(toJson(value)) : toText(value)
}

function publish(run: Run, { step, topic, payload }: CompiledStep, parts: StepParts & { context: Context }): TraceDeed {
  if (step.kind !== 'publish') throw new TypeError(step.kind)
  const to = topic!(parts.context)
  const given = payload === null ? (run.locals[INCOMING] ?? UNKNOWN) : payload(parts.context)
  if (to === UNKNOWN || given === UNKNOWN)
    throw new HobError('rules.unknown_value', 'a value that goes into it is unknown')
  const name = toText(to)
  if (!isTopicName(name) || name.startsWith('$'))
    throw new HobError('rules.bad_topic', `"${short(name)}" is no topic to publish to`)
  const { qos, retain, expiry } = step
  const bytes = payloadOf(given)
  parts.world.publish({
    topic: name,
    payload: bytes,
    qos,
    retain,
    ...(expiry === null ? {} : { expiry }),
    cause: run.cause,
  })
  const text = typeof bytes === 'string' ? bytes : undefined
  return { kind: 'publish', topic: short(name), payload: excerpt(text, bytes.length), qos, retain }
}

function command(run: Run, { step, asks }: CompiledStep, parts: StepParts & { context: Context }): Performed {
  if (asks.length === 0) throw new HobError('rules.no_target', 'there is nothing that takes this any more')
  const given = asks.map(({ entity, values }) => ({ entity, values: values(parts.context) }))
  const commands: TraceCommand[] = []
  const failed: string[] = []
  for (const { entity, values } of given) {
    const { id, state, reason } = parts.world.command(entity.id, { command: step.kind, values }, run.cause)
    const known = { id, entity: entity.id, slug: entity.slug, command: step.kind, state, reason }
    const told = { ...known, values: shownValues(values), took: state === 'pending' ? null : 0 }
    if (state === 'failed') failed.push(`${entity.slug}: ${reason ?? 'failed'}`)
    if (commands.length < MAX_PARTS) commands.push(told)
    if (state === 'pending') parts.onCommand(told, run)
    else run.trace.outcome = worse(run.trace.outcome, state)
  }
  const isLost = failed.length === asks.length
  return { did: { kind: 'command', commands }, failed: isLost ? short(failed.join('; ')) : null }
}

function shownValues(values: TraceCommand['values']): TraceCommand['values'] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, shown(value as Result)]),
  ) as TraceCommand['values']
}

/** Does what a step says, all but `wait`. @throws HobError when it cannot even begin. */
export function perform(run: Run, compiled: CompiledStep, parts: StepParts & { context: Context }): Performed {
  const { step } = compiled
  if (step.kind === 'publish') return { did: publish(run, compiled, parts), failed: null }
  if (step.kind !== 'log') return command(run, compiled, parts)
  const text = short(toText(compiled.text!(parts.context)))
  parts.log(step.level, text, run)
  return { did: { kind: 'log', level: step.level, text }, failed: null }
}
