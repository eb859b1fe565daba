import { z } from 'zod'

// The HTTP contract: one schema for checking requests, for the OpenAPI document and for the web client's types.

const time = z.iso.datetime().describe('ISO 8601, UTC')
const slug = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'is not a slug: lower-case letters, digits and _, a letter first')
const scalar = z.union([z.boolean(), z.number(), z.string().max(65_536), z.null(), z.array(z.unknown())])
const nameText = z.string().trim().min(1).max(200)

/** RFC 9457 problem document; `code` is stable, `detail` is for people. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    in: z.enum(['body', 'path', 'query', 'headers', 'request']).optional(),
    pointer: z.string().optional().describe('JSON pointer to the field that is wrong, within `in`'),
  })
  .loose()
  .meta({ id: 'Problem' })

const reference = z.object({ id: z.string(), slug: z.string(), name: z.string() })

export const area = reference.extend({ version: z.number().int() }).meta({ id: 'Area' })
export const newArea = z.strictObject({ name: nameText, slug: slug.exactOptional() }).meta({ id: 'NewArea' })
export const areaChange = z
  .strictObject({ name: nameText.exactOptional(), slug: slug.exactOptional() })
  .meta({ id: 'AreaChange' })

const value = z.object({
  value: scalar,
  unit: z.string().optional(),
  at: time.nullable().describe('last report; null when never seen'),
  confirmed: z.boolean().describe('false for a value restored at start until the device speaks'),
})

export const entity = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    device: reference,
    area: reference.nullable(),
    component: z.string(),
    deviceClass: z.string().nullable(),
    category: z.enum(['config', 'diagnostic']).nullable(),
    values: z.record(z.string(), value),
    commands: z.array(
      z.object({ name: z.string(), values: z.record(z.string(), z.unknown()).describe('JSON schema of each value') }),
    ),
    online: z.boolean().nullable(),
    pending: z.object({ command: z.string(), since: time }).nullable(),
  })
  .meta({ id: 'Entity' })
export const entityChange = z
  .strictObject({
    name: nameText.nullable().exactOptional(),
    area: z.string().nullable().exactOptional(),
    slug: slug.exactOptional(),
  })
  .meta({ id: 'EntityChange' })

export const device = reference
  .extend({
    area: reference.nullable(),
    dialect: z.string(),
    manufacturer: z.string().nullable(),
    model: z.string().nullable(),
    software: z.string().nullable(),
    identifiers: z.array(z.string()),
    user: z.string().nullable(),
    adoptedAt: time,
    lastSeen: time.nullable(),
    online: z.boolean().nullable().describe('false when all its entities are offline, null when unknown'),
    version: z.number().int(),
    entities: z.array(entity),
  })
  .meta({ id: 'Device' })
export const deviceChange = z
  .strictObject({
    name: nameText.exactOptional(),
    area: z.string().nullable().exactOptional().describe('slug or id'),
    slug: slug.exactOptional(),
  })
  .meta({ id: 'DeviceChange' })

export const candidate = z
  .object({
    id: z.string(),
    name: z.string(),
    dialect: z.string(),
    manufacturer: z.string().nullable(),
    model: z.string().nullable(),
    software: z.string().nullable(),
    identifiers: z.array(z.string()),
    user: z.string().nullable(),
    clientId: z.string().nullable(),
    suggestedArea: z.string().nullable(),
    entities: z.array(entity.omit({ device: true, area: true, pending: true })),
    firstSeen: time,
    lastSeen: time,
  })
  .meta({ id: 'Candidate' })
export const pairing = z
  .object({
    until: time.nullable().describe('end of the open pairing window; null when closed'),
    candidates: z.array(candidate),
    faults: z.array(z.object({ topic: z.string(), message: z.string() })),
  })
  .meta({ id: 'Pairing' })
export const adoption = z
  .strictObject({ name: nameText.exactOptional(), area: z.string().nullable().exactOptional() })
  .meta({ id: 'Adoption' })

export const commandRequest = z
  .strictObject({ command: z.string().min(1).max(64), values: z.record(z.string(), scalar).default({}) })
  .meta({ id: 'CommandRequest' })
export const command = z
  .object({
    id: z.string(),
    entity: z.string(),
    command: z.string(),
    values: z.record(z.string(), scalar),
    at: time,
    state: z.enum(['pending', 'confirmed', 'expired', 'failed']),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Command' })

export const component = z
  .object({
    name: z.string(),
    plural: z.string(),
    main: z.string().nullable(),
    values: z.record(z.string(), z.unknown()),
    commands: entity.shape.commands,
  })
  .meta({ id: 'Component' })

export const fault = z
  .object({
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    endColumn: z.number().int(),
    severity: z.enum(['error', 'warning', 'info']),
    id: z.string(),
    message: z.string(),
    suggestion: z.string().nullable(),
  })
  .meta({ id: 'RuleFault' })
export const run = z
  .object({
    id: z.string(),
    rule: z.string(),
    file: z.string(),
    version: z.number().int(),
    startedAt: time,
    state: z.enum(['running', 'waiting', 'queued', 'done', 'stopped', 'failed', 'cancelled']),
    dueAt: time.nullable(),
    endedAt: time.nullable(),
    cause: z.object({
      id: z.string(),
      parent: z.string().nullable(),
      kind: z.string(),
      who: z.string(),
      depth: z.number().int(),
    }),
  })
  .meta({ id: 'Run' })
export const runDetail = run.extend({ trace: z.unknown() }).meta({ id: 'RunDetail' })
export const rule = z
  .object({
    id: z.string(),
    key: z.string().nullable(),
    name: z.string(),
    active: z.boolean(),
    problems: z.array(fault),
    lastRun: run.nullable(),
    openRuns: z.array(run),
    nextAt: time.nullable(),
  })
  .meta({ id: 'Rule' })
export const ruleFile = z
  .object({
    slug: z.string(),
    text: z.string(),
    enabled: z.boolean(),
    version: z.number().int(),
    changedAt: time,
    rules: z.array(rule),
  })
  .meta({ id: 'RuleFile' })
const ruleText = z.string().max(262_144, 'is larger than 256 KiB')
export const ruleFileText = z
  .strictObject({ text: ruleText, enabled: z.boolean().exactOptional() })
  .meta({ id: 'RuleFileText' })
export const ruleFileChange = z.strictObject({ enabled: z.boolean() }).meta({ id: 'RuleFileChange' })
export const ruleDraft = z
  .strictObject({ text: ruleText, file: z.string().max(255).exactOptional() })
  .meta({ id: 'RuleDraft' })
export const ruleVersion = z
  .object({ version: z.number().int(), text: z.string(), changedAt: time, cause: run.shape.cause })
  .meta({ id: 'RuleVersion' })

export const role = z.enum(['owner', 'admin', 'user', 'guest'])
export const scope = z.enum(['admin', 'rules', 'control', 'read'])
export const user = z
  .object({ id: z.string(), name: z.string(), role, createdAt: time, disabled: z.boolean() })
  .meta({ id: 'User' })
export const newUser = z.strictObject({ name: nameText, role, password: z.string().max(1_024) }).meta({ id: 'NewUser' })
export const password = z.strictObject({ password: z.string().max(1_024) }).meta({ id: 'Password' })
export const token = z
  .object({
    id: z.string(),
    user: z.string(),
    scopes: z.array(scope),
    areas: z.array(z.string()).nullable(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Token' })
export const newToken = z
  .strictObject({
    user: z.string().exactOptional().describe('name; the caller when left out'),
    scopes: z.array(scope).min(1),
    areas: z.array(z.string()).min(1).exactOptional().describe('slugs or ids; all areas when left out'),
    expiresAt: time.exactOptional(),
  })
  .meta({ id: 'NewToken' })
export const createdToken = token
  .extend({ token: z.string().describe('the secret, shown this once') })
  .meta({ id: 'CreatedToken' })

const filters = z.array(z.string().max(65_535)).max(100).default([])
export const credential = z
  .object({
    username: z.string(),
    kind: z.enum(['software', 'device', 'gateway']),
    publish: z.array(z.string()),
    subscribe: z.array(z.string()),
    full: z.boolean(),
    createdAt: time,
  })
  .meta({ id: 'Credential' })
export const newCredential = z
  .strictObject({ name: nameText, publish: filters, subscribe: filters, full: z.boolean().default(false) })
  .meta({ id: 'NewCredential' })
export const createdCredential = z
  .object({ username: z.string(), password: z.string() })
  .meta({ id: 'CreatedCredential' })
export const client = z
  .object({
    user: z.string(),
    clientId: z.string(),
    connected: z.boolean(),
    protocol: z.number().int(),
    address: z.string().nullable(),
    connectedAt: time.nullable(),
    queued: z.number().int(),
    inflight: z.number().int(),
    subscriptions: z.number().int(),
    lastReason: z.string().nullable(),
  })
  .meta({ id: 'Client' })

/** A list; `next` is the cursor of the following page or null. */
export function list<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

export type Problem = z.output<typeof problem>
export type AreaJson = z.output<typeof area>
export type EntityJson = z.output<typeof entity>
export type DeviceJson = z.output<typeof device>
export type CandidateJson = z.output<typeof candidate>
export type PairingJson = z.output<typeof pairing>
export type CommandJson = z.output<typeof command>
export type ComponentJson = z.output<typeof component>
export type RuleFileJson = z.output<typeof ruleFile>
export type RuleJson = z.output<typeof rule>
export type RunJson = z.output<typeof run>
export type FaultJson = z.output<typeof fault>
export type UserJson = z.output<typeof user>
export type TokenJson = z.output<typeof token>
export type CredentialJson = z.output<typeof credential>
export type ClientJson = z.output<typeof client>

/** One change inside a delta (contract of the live stream). */
export type ChangeJson =
  | { entity: string; value: string; from: unknown; to: unknown }
  | { entity: string; online: boolean | null }
  | { entity: string; pending: { command: string; since: string } | null }

/** What the hub sends on `/api/v1/stream` and `/api/v1/events`. */
export type StreamFrame =
  | { type: 'hello'; version: string; seq: number }
  | { type: 'snapshot'; seq: number; entities: EntityJson[] }
  | { type: 'delta'; seq: number; at: string; cause: RunJson['cause']; changes: ChangeJson[] }
  | { type: 'command'; seq: number; id: string; state: CommandJson['state']; reason: string | null }
  | { type: 'pairing'; seq: number; until: string | null; candidates: CandidateJson[] }
  | { type: 'run'; seq: number; run: string; rule: string; state: RunJson['state'] }
  | { type: 'entity'; seq: number; entity: EntityJson }
  | { type: 'removed'; seq: number; entities: string[] }
  | { type: 'resync' }
  | { type: 'ping' }
  | { type: 'error'; code: string; detail: string }
