/**
 * An expected failure of an operation, with a stable code (`area.fault`) for programs and one
 * sentence for people: what, where, what to do; lower case, no stack.
 */
export class HobError extends Error {
  override readonly name = 'HobError'
  readonly code: string
  /** Facts for programs: the pointer of a bad field, the choices that would have been right. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: string, detail: string, facts: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause })
    this.code = code
    this.facts = facts
  }
}

/** Whether `error` is an expected failure with this code. */
export function isHobError(error: unknown, code?: string): error is HobError {
  return error instanceof HobError && (code === undefined || error.code === code)
}
