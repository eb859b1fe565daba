import { z } from 'zod'
import { nameText, reference, scalar, slug, time } from './shared.ts'

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
  changedAt: time.nullable().describe('last change of the value; null when never seen'),
  every: z
    .number()
    .nullable()
    .describe(
      'usual milliseconds between reports, null while unknown and for what is told only when it changes; older than three times that is stale',
    ),
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
    trouble: z
      .object({
        command: z.string(),
        values: z.record(z.string(), scalar),
        state: z.enum(['expired', 'failed']),
        reason: z.string(),
        at: time,
      })
      .nullable()
      .describe('the last command, when it came to nothing; until the entity changes or something else is asked of it'),
    version: z.number().int(),
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
    topics: z.array(z.string()).describe('topic filters of what it says and takes'),
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

/** The last numeric values of entities, oldest first, for a sparkline. */
export const points = z
  .object({
    entity: z.string(),
    value: z.string(),
    points: z.array(z.tuple([z.number().describe('milliseconds since 1970'), z.number()])),
  })
  .meta({ id: 'Points' })

/** How a device's MQTT client stands with the broker. */
export const deviceConnection = z
  .object({
    username: z.string().nullable(),
    clientId: z.string().nullable(),
    login: z
      .enum(['issued', 'own', 'none', 'software'])
      .nullable()
      .describe(
        'issued by the hub, its own choice, without a password, or behind a software client; null when its credential is gone',
      ),
    connected: z.boolean(),
    address: z.string().nullable(),
    protocol: z.number().int().nullable().describe('MQTT protocol level: 3, 4 or 5'),
    since: time.nullable().describe('of the open connection'),
    lastReason: z.string().nullable().describe('why its last connection ended'),
  })
  .meta({ id: 'DeviceConnection' })

export type AreaJson = z.output<typeof area>
export type ValueJson = EntityJson['values'][string]
export type EntityJson = z.output<typeof entity>
export type DeviceJson = z.output<typeof device>
export type CommandJson = z.output<typeof command>
export type ComponentJson = z.output<typeof component>
export type PointsJson = z.output<typeof points>
export type DeviceConnectionJson = z.output<typeof deviceConnection>
