import type { Cause, Json } from '#kernel'

/** What keeps versions. Those that `createVersions` was given an owner for can be looked at and restored. */
export type VersionKind =
  | 'rule_file'
  | 'settings'
  | 'device'
  | 'entity'
  | 'area'
  | 'user'
  | 'token'
  | 'credential'
  | 'ban'
  | 'role'
  | 'pass'
  | 'second_factor'

export interface VersionQuery {
  readonly kind: VersionKind
  readonly object: string
  readonly limit: number
  /** Only versions below this one. */
  readonly before?: number
}

export interface StoredVersion {
  readonly version: number
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly cause: Cause
  /** Text or JSON of what people decided; null when the object was removed. */
  readonly content: string | null
}

export interface VersionStore {
  /** Newest first, with all that was written before the question. */
  find(query: VersionQuery): Promise<StoredVersion[]>
}

export interface Edit {
  readonly cause: Cause
  /** Refused with `*.stale_version` when the object is not at this version any more. */
  readonly ifVersion?: number
}

/** What the mechanism needs of a kind. */
export interface VersionedKind {
  readonly kind: VersionKind
  /** Whether the content is text, else a JSON object. */
  readonly isText?: true
  /** The id behind what a request calls the object; undefined for what is not there (it may have been). */
  find(object: string): { readonly id: string; readonly version: number } | undefined
  /** How a field's value reads for people, when not as it is stored. */
  show?(field: string, value: Json): Json
  /** Makes the object what a version says; `next` is the number it gets. @throws HobError of the kind's owner. */
  restore(id: string, content: string, edit: Edit & { readonly next: number }): Promise<void>
}

/** One field that differs between two versions. */
export interface FieldChange {
  readonly field: string
  readonly from: Json
  readonly to: Json
}

export interface Version extends StoredVersion {
  /** What differs from the version before, by field; empty for texts, for the first one and for a removal. */
  readonly changes: readonly FieldChange[]
  /** The same in words: one line for each difference. */
  readonly words: readonly string[]
}

export interface Versions {
  /** Newest first. @throws HobError `versions.unknown_kind`, `versions.unknown_object` when there never was one. */
  list(kind: string, object: string, page: { limit: number; before?: number }): Promise<readonly Version[]>
  /** One version with what it changed; of any kind, also of those that are not restored. Undefined when it is not kept. */
  one(kind: VersionKind, object: string, version: number): Promise<Version | undefined>
  /**
   * Makes an object what an earlier version of it was, byte for byte; that is a version of its own.
   * @returns the number it has now.
   * @throws HobError `versions.unknown_kind`, `versions.unknown_object`, `versions.unknown_version`, `versions.removed`
   * for one that holds no content, and what the kind's owner says.
   */
  restore(kind: string, object: string, to: Edit & { readonly version: number }): Promise<number>
  /**
   * Does an edit; when it is refused since the object was changed meanwhile, the fault carries what a merge needs:
   * `base` (the version it was made against), `yours` (the change on top of that) and `theirs` (what is there now).
   */
  merging<T>(
    about: {
      kind: VersionKind
      object: string
      ifVersion?: number
      change: Json | object | null
      /** What of a version the one who asks may see; all unless given. */
      show?: (content: Json) => Json
    },
    edit: () => Promise<T>,
  ): Promise<T>
}
