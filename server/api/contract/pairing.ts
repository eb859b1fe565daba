import { z } from 'zod'
import { entity } from './devices.ts'
import { nameText, payload, time } from './shared.ts'

/** How somebody that wants in showed itself. */
const login = {
  address: z.string(),
  clientId: z.string(),
  username: z.string().nullable(),
}

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
    entities: z.array(entity.omit({ device: true, area: true, pending: true, trouble: true, version: true })),
    guest: z.string().nullable().describe('id of the quarantined client that announced it; null for a known client'),
    firstSeen: time,
    lastSeen: time,
  })
  .meta({ id: 'Candidate' })

/** A client that the open window let in: it may talk, and reaches nobody until a person adopts what it announced. */
export const guest = z
  .object({
    id: z.string(),
    ...login,
    protocol: z.number().int().describe('MQTT protocol level: 3, 4 or 5'),
    hasPassword: z.boolean().describe('without one it needs `allowWithoutPassword` to be adopted'),
    connected: z.boolean(),
    since: time,
    lastSeen: time,
    messages: z.number().int().describe('messages heard'),
    topics: z
      .array(z.object({ topic: z.string(), ...payload, at: time }))
      .describe('newest first, at most 20; topics and payloads cut at 200 bytes'),
    candidates: z.array(z.string()).describe('ids of what it announced'),
  })
  .meta({ id: 'Guest' })

/** Somebody who was refused, grouped by address, user name and reason. */
export const knock = z
  .object({
    id: z.string(),
    ...login,
    reason: z
      .enum(['no_login', 'wrong_password', 'unknown_user', 'used_twice', 'too_many', 'revoked'])
      .describe('why it was refused'),
    count: z.number().int(),
    firstSeen: time,
    lastSeen: time,
  })
  .meta({ id: 'Knock' })

export const pairing = z
  .object({
    until: time.nullable().describe('end of the open pairing window; null when closed'),
    batch: z.boolean().describe('whether the window stays open after the first device is adopted'),
    candidates: z
      .array(candidate)
      .describe(
        'guests first; in a list over 256 KiB the later ones come without entities, or not: ask for them by id',
      ),
    guests: z.array(guest),
    knocks: z.array(knock),
    faults: z
      .array(z.object({ topic: z.string(), message: z.string() }))
      .describe('what was announced and cannot be used; the last 100'),
  })
  .meta({ id: 'Pairing' })
export const newPairing = z
  .strictObject({ seconds: z.number().int().min(30).max(900).default(300), batch: z.boolean().default(false) })
  .meta({ id: 'NewPairing' })
export const adoption = z
  .strictObject({
    name: nameText.exactOptional(),
    area: z.string().nullable().exactOptional(),
    allowWithoutPassword: z.boolean().exactOptional().describe('adopt a device that shows no password; weak'),
  })
  .meta({ id: 'Adoption' })

export type CandidateJson = z.output<typeof candidate>
export type GuestJson = z.output<typeof guest>
export type KnockJson = z.output<typeof knock>
export type PairingJson = z.output<typeof pairing>
