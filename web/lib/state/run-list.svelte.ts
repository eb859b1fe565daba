import type { NearMissJson, RunJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'
import { standingOf, type RunStanding } from './rule-runs.ts'

/** Milliseconds in which several frames lead to one look. */
const GATHER = 300
const PAGE = 50

/** A run, or the reason why there was none. */
export type RunEntry =
  | { readonly kind: 'run'; readonly at: number; readonly run: RunJson }
  | { readonly kind: 'miss'; readonly at: number; readonly miss: NearMissJson }

export type RunFilter = 'all' | 'ran' | 'stopped' | 'failed' | 'missed'
export const RUN_FILTERS: readonly RunFilter[] = ['all', 'ran', 'stopped', 'failed', 'missed']

const OF: Readonly<Record<RunStanding, RunFilter>> = {
  running: 'ran',
  waiting: 'ran',
  queued: 'ran',
  done: 'ran',
  stopped: 'stopped',
  cancelled: 'stopped',
  failed: 'failed',
  asking: 'ran',
  unanswered: 'failed',
  refused: 'failed',
  unsure: 'ran',
}

/** The runs of a file and its near misses, newest first, as they come. */
export class RunList {
  runs = $state.raw<readonly RunJson[] | null>(null)
  misses = $state.raw<readonly NearMissJson[]>([])
  /** Where older runs begin; null when there are none. */
  next = $state<string | null>(null)
  problem = $state.raw<Problem | null>(null)
  readonly #api: Api
  readonly #slug: string

  constructor(api: Api, slug: string) {
    this.#api = api
    this.#slug = slug
  }

  /** What passes the filter, newest first. */
  entries(filter: RunFilter): RunEntry[] {
    const runs = (this.runs ?? []).filter(run => filter === 'all' || OF[standingOf(run)] === filter)
    const misses = filter === 'all' || filter === 'missed' ? this.misses : []
    return [
      ...runs.map((run): RunEntry => ({ kind: 'run', at: Date.parse(run.startedAt), run })),
      ...misses.map((miss): RunEntry => ({ kind: 'miss', at: Date.parse(miss.lastAt), miss })),
    ].toSorted((a, b) => b.at - a.at)
  }

  async load(): Promise<void> {
    const params = { slug: this.#slug }
    await this.#try(async () => {
      const [runs, misses] = await Promise.all([
        this.#api('GET /rules/:slug/runs', { params, query: { limit: PAGE } }),
        this.#api('GET /rules/:slug/misses', { params }),
      ])
      this.runs = runs.items
      this.next = runs.next
      this.misses = misses.items
    })
  }

  async loadOlder(): Promise<void> {
    const query = { limit: PAGE, ...(this.next === null ? {} : { before: this.next }) }
    await this.#try(async () => {
      const { items, next } = await this.#api('GET /rules/:slug/runs', { params: { slug: this.#slug }, query })
      this.runs = [...(this.runs ?? []), ...items]
      this.next = next
    })
  }

  /** Looks again when a run of the file begins, waits or ends. @returns how to stop. */
  follow(live: Live): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      timer = undefined
      void this.load()
    }
    const stop = live.on('run', ({ rule }) => {
      if (rule.split('/')[0] === this.#slug) timer ??= setTimeout(look, GATHER)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }

  async #try(ask: () => Promise<void>): Promise<void> {
    try {
      await ask()
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.problem = error
    }
  }
}
