import type { AuditEntryJson } from '#api'
import type { Api } from '../api.ts'

/** Entries asked for at a time. */
const PAGE = 100

/** The audit log, newest first, page by page. */
export class AuditLog {
  /** Null until the hub has told some. */
  entries = $state.raw<readonly AuditEntryJson[] | null>(null)
  /** Cursor of the page that follows; null at the end. */
  next = $state<string | null>(null)
  isBusy = $state(false)
  fault = $state<string | null>(null)
  readonly #api: Api
  readonly #explain: (error: unknown) => string
  #asked = 0

  constructor(api: Api, explain: (error: unknown) => string) {
    this.#api = api
    this.#explain = explain
  }

  /** From the newest on. An answer to what was asked before comes too late. */
  async load(filter: { action: string; who: string }, before: string | null = null): Promise<void> {
    const asked = ++this.#asked
    this.isBusy = true
    this.fault = null
    try {
      const { items, next } = await this.#api('GET /audit', {
        query: {
          limit: PAGE,
          before: before ?? undefined,
          action: filter.action || undefined,
          who: filter.who || undefined,
        },
      })
      if (asked !== this.#asked) return
      this.entries = before === null ? items : [...(this.entries ?? []), ...items]
      this.next = next
    } catch (error) {
      if (asked === this.#asked) this.fault = this.#explain(error)
    } finally {
      if (asked === this.#asked) this.isBusy = false
    }
  }
}
