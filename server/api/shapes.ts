import type {
  Area,
  Candidate,
  Command,
  CommandSpec,
  Component,
  Device,
  Entity,
  Pending,
  Trouble,
  Value,
  ValueSpec,
} from '#devices'
import { toIso, type Cause, type Json } from '#kernel'
import type { RuleFileInfo, RuleInfo, RunInfo } from '#rules'
import type {
  CandidateJson,
  CommandJson,
  ComponentJson,
  DeviceJson,
  EntityJson,
  RuleFileJson,
  RuleJson,
  RunJson,
  SettingsJson,
} from './contract.ts'

// How the domain's live objects look in JSON (contract.md section 5).

const isoOrNull = (at: number | null) => (at === null || at === 0 ? null : toIso(at))
const reference = ({ id, slug, name }: { id: string; slug: string; name: string }) => ({ id, slug, name })
const areaOrNull = (area: Area | null) => (area === null ? null : reference(area))

function valueJson(value: Value) {
  const { unit } = value.spec
  return {
    value: value.value as EntityJson['values'][string]['value'],
    ...(unit === undefined ? {} : { unit }),
    at: isoOrNull(value.at),
    confirmed: value.confirmed,
    changedAt: isoOrNull(value.changedAt),
    every: value.every,
  }
}

/** The JSON schema of a parameter. */
function valueSchema(spec: ValueSpec): Record<string, Json> {
  const type = { bool: 'boolean', number: 'number', text: 'string', enum: 'string', list: 'array' }[spec.type]
  return {
    type,
    ...(spec.min === undefined ? {} : { minimum: spec.min }),
    ...(spec.max === undefined ? {} : { maximum: spec.max }),
    ...(spec.step === undefined ? {} : { multipleOf: spec.step }),
    ...(spec.options === undefined ? {} : { enum: [...spec.options] }),
    ...(spec.unit === undefined ? {} : { unit: spec.unit }),
  }
}

function commandSpecs(commands: readonly CommandSpec[]) {
  return commands.map(({ name, parameters }) => ({
    name,
    values: Object.fromEntries(Object.entries(parameters).map(([key, spec]) => [key, valueSchema(spec)])),
  }))
}

function entityParts(entity: Entity) {
  return {
    id: entity.id,
    slug: entity.slug,
    name: entity.name,
    component: entity.component,
    deviceClass: entity.deviceClass,
    category: entity.category,
    values: Object.fromEntries([...entity.values].map(([name, value]) => [name, valueJson(value)])),
    commands: commandSpecs(entity.commands),
    online: entity.online,
  }
}

export const pendingJson = (pending: Pending | null): EntityJson['pending'] =>
  pending === null ? null : { command: pending.command, since: toIso(pending.since) }

export const troubleJson = (trouble: Trouble | null): EntityJson['trouble'] =>
  trouble === null ? null : { ...trouble, values: trouble.values as CommandJson['values'], at: toIso(trouble.at) }

export function entityJson(entity: Entity): EntityJson {
  return {
    ...entityParts(entity),
    device: reference(entity.device),
    area: areaOrNull(entity.area),
    pending: pendingJson(entity.pending),
    trouble: troubleJson(entity.trouble),
    version: entity.version,
  }
}

function isOnline(entities: readonly Entity[]): boolean | null {
  if (entities.some(entity => entity.online === true)) return true
  return entities.some(entity => entity.online === false) ? false : null
}

/** A device with those of its entities that the caller may see. */
export function deviceJson(device: Device, version: number, entities: readonly Entity[]): DeviceJson {
  return {
    ...reference(device),
    area: areaOrNull(device.area),
    dialect: device.dialect,
    manufacturer: device.manufacturer,
    model: device.model,
    software: device.software,
    identifiers: [...device.identifiers],
    user: device.user,
    adoptedAt: toIso(device.adoptedAt),
    lastSeen: isoOrNull(device.lastSeen),
    online: isOnline(entities),
    version,
    topics: [...device.topics],
    entities: entities.map(entityJson),
  }
}

/** @param guest id of the client in quarantine that announced it, if it was one. */
export function candidateJson(candidate: Candidate, guest: string | null): CandidateJson {
  return {
    ...candidate,
    identifiers: [...candidate.identifiers],
    entities: candidate.entities.map(entityParts),
    guest,
    firstSeen: toIso(candidate.firstSeen),
    lastSeen: toIso(candidate.lastSeen),
  }
}

export function commandJson(command: Command): CommandJson {
  return {
    id: command.id,
    entity: command.entity,
    command: command.command,
    values: command.values as CommandJson['values'],
    at: toIso(command.at),
    state: command.state,
    reason: command.reason,
  }
}

export function componentJson(component: Component): ComponentJson {
  return {
    name: component.name,
    plural: component.plural,
    main: component.main,
    values: Object.fromEntries(Object.entries(component.values).map(([name, spec]) => [name, valueSchema(spec)])),
    commands: commandSpecs(component.commands),
  }
}

export function causeJson({ id, parent, kind, who, depth }: Cause): RunJson['cause'] {
  return { id, parent, kind, who, depth }
}

export function runJson(run: RunInfo): RunJson {
  return {
    id: run.id,
    rule: run.rule,
    file: run.file,
    version: run.version,
    startedAt: toIso(run.startedAt),
    state: run.state,
    dueAt: isoOrNull(run.dueAt),
    endedAt: isoOrNull(run.endedAt),
    outcome: run.outcome,
    cause: causeJson(run.cause),
  }
}

function ruleJson(rule: RuleInfo): RuleJson {
  return {
    id: rule.id,
    key: rule.key,
    name: rule.name,
    active: rule.active,
    problems: [...rule.problems],
    lastRun: rule.lastRun === null ? null : runJson(rule.lastRun),
    openRuns: rule.openRuns.map(runJson),
    sentence: { text: rule.sentence.text, parts: [...rule.sentence.parts] },
    nextAt: isoOrNull(rule.nextAt),
    pausedUntil: isoOrNull(rule.pausedUntil),
  }
}

export function ruleFileJson(file: RuleFileInfo): RuleFileJson {
  return {
    slug: file.slug,
    text: file.text,
    enabled: file.enabled,
    version: file.version,
    changedAt: toIso(file.changedAt),
    rules: file.rules.map(ruleJson),
  }
}

/** The settings for those who see parts of the house: not where it stands, and no entity of the rest. */
export function settingsOfParts(settings: SettingsJson): SettingsJson {
  return { ...settings, place: null, retention: { ...settings.retention, entities: {} } }
}
