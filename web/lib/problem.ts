import type { Problem as ProblemJson } from '#api'

/** Texts by code. */
export type ProblemTexts = Readonly<Record<string, string>>

/** A request that failed: `code` is stable, `message` is the hub's text for people. `web.*` codes are made here. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly status: number
  /** JSON pointer to the field that is wrong, if one is. */
  readonly pointer: string | null
  /** All that the hub said, with what some codes add. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: string, detail: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.code = code
    this.status = typeof facts['status'] === 'number' ? facts['status'] : 0
    this.pointer = typeof facts['pointer'] === 'string' ? facts['pointer'] : null
    this.facts = facts
  }

  static from(body: ProblemJson): Problem {
    return new Problem(body.code, body.detail, body)
  }
}

/** What to say for a failure: the text of its code, else what the hub said. Anything but a Problem is a bug and rises again. */
export function explain(error: unknown, texts: ProblemTexts): string {
  if (!(error instanceof Problem)) throw error
  return texts[error.code] ?? sentence(error.message)
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(start) ? start : `${start}.`
}
