import type { Event, Heard } from '#devices'
import { toIso, type Ulid } from '#kernel'
import type { RuleFileInfo, RunInfo } from '#rules'
import type { HealthReport } from '../../system/index.ts'
import type { ChangeJson, SettingsJson, StreamFrame } from '../contract.ts'
import { healthJson } from '../health-shapes.ts'
import { pairingJson } from '../pairing-shapes.ts'
import { causeJson, entityJson, pendingJson, troubleJson, settingsOfParts } from '../shapes.ts'

/** Who may get a frame: whoever sees these entities, whoever sees the whole house or only parts of it, or who manages it. */
export type Audience = { readonly entities: readonly Ulid[] } | 'house' | 'parts' | 'admin'

/** A frame with its text, made once for all clients and only when there is one. Without `seq` it is not worth repeating. */
export class LiveFrame<Seq extends number | null = number> {
  readonly seq: Seq
  readonly frame: StreamFrame
  readonly audience: Audience
  #text: string | undefined

  constructor(seq: Seq, frame: StreamFrame, audience: Audience) {
    this.seq = seq
    this.frame = frame
    this.audience = audience
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.frame))
  }
}

/** What an event looks like on the stream: one delta for values, availability and pending, and a frame for each thing else. */
export function eventFrames(event: Event): LiveFrame[] {
  const { seq } = event
  const frames: LiveFrame[] = []
  const changes: ChangeJson[] = []
  for (const change of event.changes) {
    switch (change.kind) {
      case 'value':
        changes.push({ entity: change.entity.id, value: change.value.name, from: change.from, to: change.to })
        break
      case 'online':
        changes.push({ entity: change.entity.id, online: change.to })
        break
      case 'pending':
        changes.push({ entity: change.entity.id, pending: pendingJson(change.pending) })
        break
      case 'trouble':
        changes.push({ entity: change.entity.id, trouble: troubleJson(change.trouble) })
        break
      case 'command': {
        const { id, state, reason, entity } = change.command
        frames.push(new LiveFrame(seq, { type: 'command', seq, id, entity, state, reason }, { entities: [entity] }))
        break
      }
      case 'entity':
        frames.push(
          new LiveFrame(
            seq,
            { type: 'entity', seq, entity: entityJson(change.entity) },
            { entities: [change.entity.id] },
          ),
        )
        break
      case 'removed': {
        const entities = [...change.entities]
        frames.push(new LiveFrame(seq, { type: 'removed', seq, entities }, 'house'))
        break
      }
      case 'candidates':
        break
    }
  }
  if (changes.length > 0) {
    const frame: StreamFrame = { type: 'delta', seq, at: toIso(event.at), cause: causeJson(event.cause), changes }
    frames.unshift(new LiveFrame(seq, frame, { entities: [...new Set(changes.map(change => change.entity))] }))
  }
  return frames
}

/** What is heard and not adopted. */
export function pairingFrame(seq: number, heard: Heard): LiveFrame {
  return new LiveFrame(seq, { type: 'pairing', seq, ...pairingJson(heard) }, 'admin')
}

/** A run began, waits or ended. */
export function runFrame(seq: number, run: RunInfo): LiveFrame {
  return new LiveFrame(seq, { type: 'run', seq, run: run.id, rule: run.rule, state: run.state }, 'house')
}

/** A rule file is not what it was; undefined when it is gone. */
export function ruleFrame(seq: number, slug: string, file: RuleFileInfo | undefined): LiveFrame {
  const { version = null, enabled = false } = file ?? {}
  return new LiveFrame(seq, { type: 'rule', seq, slug, version, enabled }, 'house')
}

/** The settings of the house differ. */
export function settingsFrames(seq: number, settings: SettingsJson): LiveFrame[] {
  return [
    new LiveFrame(seq, { type: 'settings', seq, settings }, 'house'),
    new LiveFrame(seq, { type: 'settings', seq, settings: settingsOfParts(settings) }, 'parts'),
  ]
}

/** How the hub is, when a problem came or went. */
export function healthFrame(seq: number, report: HealthReport): LiveFrame {
  return new LiveFrame(seq, { type: 'health', seq, health: healthJson(report) }, 'admin')
}

/** Who looks: which entities it sees and, when it sees no more than parts of the house, as whom. */
export interface Looker {
  readonly sees: (entity: Ulid) => boolean
  readonly partsAs: string | null
}

/** The part of a frame about entities that are seen, or undefined when nothing is left. */
export function visiblePart(live: LiveFrame<number | null>, { sees, partsAs }: Looker): string | undefined {
  if (typeof live.audience === 'string') return live.text
  const { frame } = live
  if (frame.type === 'delta' && partsAs !== null) return deltaOfParts(frame, { sees, partsAs })
  if (live.audience.entities.every(sees)) return live.text
  if (frame.type === 'seen') {
    const entities = Object.entries(frame.entities).filter(([entity]) => sees(entity))
    return entities.length === 0 ? undefined : JSON.stringify({ ...frame, entities: Object.fromEntries(entities) })
  }
  if (frame.type !== 'delta') return undefined
  const changes = frame.changes.filter(change => sees(change.entity))
  return changes.length === 0 ? undefined : JSON.stringify({ ...frame, changes })
}

/** Who else is at home and which rules there are is not told to those who see parts of the house. */
function deltaOfParts(
  frame: Extract<StreamFrame, { type: 'delta' }>,
  { sees, partsAs }: { sees: (entity: Ulid) => boolean; partsAs: string },
): string | undefined {
  const changes = frame.changes.filter(change => sees(change.entity))
  if (changes.length === 0) return undefined
  const { kind, who } = frame.cause
  const cause = who === partsAs ? frame.cause : { ...frame.cause, parent: null, who: kind }
  return JSON.stringify({ ...frame, cause, changes })
}
