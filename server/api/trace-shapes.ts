import { toIso } from '#kernel'
import type { NearMiss, Trace, TraceDeed } from '#rules'
import type { NearMissJson, TraceJson } from './contract.ts'

// How traces look in JSON: as the engine keeps them, with times as everywhere in the API.

const isoOrNull = (at: number | null) => (at === null ? null : toIso(at))

function deedJson(deed: TraceDeed): NonNullable<TraceJson['steps'][number]['did']> {
  if (deed.kind !== 'wait') return deed as NonNullable<TraceJson['steps'][number]['did']>
  return {
    kind: 'wait',
    due: toIso(deed.due),
    ended: isoOrNull(deed.ended),
    restartedAt: isoOrNull(deed.restartedAt),
  }
}

export function traceJson({ trigger, conditions, steps, leftOut, reason }: Trace): TraceJson {
  return {
    trigger: { ...trigger, at: toIso(trigger.at), planned: isoOrNull(trigger.planned) },
    conditions: [...conditions],
    steps: steps.map(step => ({
      ...step,
      at: toIso(step.at),
      did: step.did === null ? null : deedJson(step.did),
    })),
    leftOut,
    reason,
  } as TraceJson
}

export function nearMissJson(miss: NearMiss): NearMissJson {
  return { ...miss, at: toIso(miss.at), lastAt: toIso(miss.lastAt) } as NearMissJson
}
