import { createCauses, toPayload, type Clock, type Json } from '#kernel'
import type { Entity, Scalar } from './model/entity.ts'
import { openSandbox } from './sandbox.ts'

/** A captured message. Other keys are ignored. */
export interface Capture {
  readonly topic: string
  /** Text; anything else is sent as JSON. */
  readonly payload?: Json
  readonly retain?: boolean
  /** Which device it came from: each one meets a fresh registry. */
  readonly device_hint?: string
}

export interface ReplayEntity {
  readonly key: string
  readonly component: string
  readonly name: string
  /** Of the first value that has one. */
  readonly unit: string | null
  readonly deviceClass: string | null
  readonly category: string | null
  /** Its one value, or all of them by name; null while nothing was heard. */
  readonly value: Scalar | Readonly<Record<string, Scalar>>
  readonly commandable: boolean
}

/** What the dialects made of captured messages (`hob replay --json`). */
export interface ReplayReport {
  readonly devices: readonly {
    readonly hint: string | null
    readonly name: string
    readonly manufacturer: string | null
    readonly model: string | null
    readonly dialect: string
    readonly entities: readonly ReplayEntity[]
  }[]
  readonly proposals: readonly never[]
  readonly unrecognised: readonly { readonly hint: string | null; readonly topic: string }[]
  readonly faults: readonly { readonly hint: string | null; readonly topic: string; readonly message: string }[]
}

const START = Date.UTC(2026, 0, 1)
const standing: Clock = { now: () => START, monotonic: () => 0, after: () => () => {} }

function valueOf(entity: Entity): ReplayEntity['value'] {
  const values = [...entity.values.values()]
  if (values.every(({ value }) => value === null)) return null
  return values.length === 1 ? values[0]!.value : Object.fromEntries(values.map(({ name, value }) => [name, value]))
}

function entityReport(entity: Entity): ReplayEntity {
  const unit = [...entity.values.values()].find(value => value.spec.unit !== undefined)?.spec.unit
  return {
    key: entity.key,
    component: entity.component,
    name: entity.name,
    unit: unit ?? null,
    deviceClass: entity.deviceClass,
    category: entity.category,
    value: valueOf(entity),
    commandable: entity.commands.length > 0,
  }
}

async function replayOne(hint: string | null, captures: readonly Capture[]): Promise<ReplayReport> {
  let ids = 0
  const sandbox = await openSandbox({ clock: standing, newId: () => String(++ids), onChange() {} })
  const { registry } = sandbox
  const cause = createCauses(() => 'replay').root('hub', 'replay')
  const publisher = { user: 'replay', clientId: hint ?? 'replay' }
  for (const { topic, payload = '', retain = false } of captures) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    sandbox.hear({
      topic,
      payload: toPayload(text),
      qos: 0,
      retain,
      properties: null,
      expiresAt: null,
      at: START,
      cause,
      replayed: false,
      publisher,
    })
  }
  const report: ReplayReport = {
    devices: registry.candidates().map(candidate => ({
      hint,
      name: candidate.name,
      manufacturer: candidate.manufacturer,
      model: candidate.model,
      dialect: candidate.dialect,
      entities: candidate.entities.map(entityReport),
    })),
    proposals: [],
    unrecognised: [...new Set(captures.map(({ topic }) => topic))]
      .filter(topic => !sandbox.listens(topic))
      .map(topic => ({ hint, topic })),
    faults: registry.faults().map(fault => ({ hint, ...fault })),
  }
  registry.close()
  return report
}

/** Feeds captured messages through the dialects: no network, nothing stored. Each `device_hint` meets a fresh registry. */
export async function replayCaptures(captures: readonly Capture[]): Promise<ReplayReport> {
  const byHint = new Map<string | null, Capture[]>()
  for (const capture of captures) {
    const hint = capture.device_hint ?? null
    const known = byHint.get(hint)
    if (known === undefined) byHint.set(hint, [capture])
    else known.push(capture)
  }
  const reports: ReplayReport[] = []
  for (const [hint, own] of byHint) reports.push(await replayOne(hint, own))
  return {
    devices: reports.flatMap(({ devices }) => devices),
    proposals: [],
    unrecognised: reports.flatMap(({ unrecognised }) => unrecognised),
    faults: reports.flatMap(({ faults }) => faults),
  }
}
