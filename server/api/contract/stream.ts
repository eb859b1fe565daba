import type { PairingJson } from './pairing.ts'
import type { CommandJson, EntityJson } from './devices.ts'
import type { HealthJson } from './health.ts'
import type { RunJson } from './rules.ts'
import type { SettingsJson } from './settings.ts'
import type { CauseJson } from './shared.ts'

/**
 * What is sent on `/api/v1/stream`; a page with a session's cookie is greeted without `auth`. Filters left out mean
 * all, `[]` none; topics (at most 250 filters, scope admin) left out mean none. A further `subscribe` replaces all filters of the one before; one that is answered with `error`
 * on an open socket changes nothing.
 */
export type ClientFrame =
  | { type: 'auth'; token: string }
  | { type: 'subscribe'; since?: number; areas?: string[]; devices?: string[]; topics?: string[] }
  | { type: 'pong' }

/** One change inside a delta. */
export type ChangeJson =
  | { entity: string; value: string; from: unknown; to: unknown }
  | { entity: string; online: boolean | null }
  | { entity: string; pending: EntityJson['pending'] }
  | { entity: string; trouble: EntityJson['trouble'] }

/** What the hub sends on `/api/v1/stream` and `/api/v1/events`. */
export type StreamFrame =
  /** `zone`: IANA time zone of the house. */
  | { type: 'hello'; version: string; seq: number; zone: string }
  | { type: 'snapshot'; seq: number; entities: EntityJson[] }
  | { type: 'delta'; seq: number; at: string; cause: CauseJson; changes: ChangeJson[] }
  /** Entities whose last report changed nothing, with the time of that report; at most every 15 s. */
  | { type: 'seen'; entities: Record<string, string> }
  | {
      type: 'message'
      at: string
      topic: string
      payload: string
      encoding: 'utf8' | 'base64'
      /** Bytes of the whole payload; one over 64 KiB is cut. */
      size: number
      qos: number
      retain: boolean
      client: string | null
    }
  /** So many messages of the topics came faster than the stream takes them. */
  | { type: 'dropped'; messages: number }
  | { type: 'command'; seq: number; id: string; entity: string; state: CommandJson['state']; reason: string | null }
  | ({ type: 'pairing'; seq: number } & PairingJson)
  | { type: 'run'; seq: number; run: string; rule: string; state: RunJson['state'] }
  /** A rule file was saved, switched, or is in another health; `version` is null when it was deleted. */
  | { type: 'rule'; seq: number; slug: string; version: number | null; enabled: boolean }
  | { type: 'entity'; seq: number; entity: EntityJson }
  | { type: 'removed'; seq: number; entities: string[] }
  | { type: 'settings'; seq: number; settings: SettingsJson }
  /** A problem of the hub came, went, or is worse or better; for admins of the whole house. */
  | { type: 'health'; seq: number; health: HealthJson }
  | { type: 'resync' }
  | { type: 'ping' }
  | { type: 'error'; code: string; detail: string }
