import type { Passed, Who } from './house.ts'

/** One request and what must come of it. `<name>` stands for an id of the house, in paths and in what is expected. */
export interface Row {
  /** Said in the test's name when the request alone does not tell. */
  readonly why?: string
  /** Requests before, each must succeed: by the owner's token, or by `givenBy`. */
  readonly given?: readonly (readonly [ask: string, body?: unknown])[]
  readonly givenBy?: Who
  /** In a house that has no owner yet. */
  readonly isUnclaimed?: true
  readonly who: Who
  /** `METHOD /path` below /api/v1; health addresses stand at the root. */
  readonly ask: string
  /** A function makes it of the JSON of `given`'s answers and the time. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  /** It succeeds and changes nothing, so that the audit log does not grow. */
  readonly changesNothing?: true
  /** What the JSON of the answer holds; a list's length counts. */
  readonly contains?: unknown
  /** Headers of the answer. */
  readonly gives?: Readonly<Record<string, string>>
  /** What the owner sees then: `GET` paths and what their JSON holds, or the status alone. */
  readonly after?: Readonly<Record<string, unknown>>
  /** What went over the broker meanwhile. */
  readonly passes?: readonly Partial<Passed>[]
}
