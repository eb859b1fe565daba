import type { ActivityJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'
import type { Range } from './range.ts'

/** Entries that come at once, and that are looked at anew at most. */
const PAGE = 50
const MOST_ANEW = 200

/** What is listed. */
export const FILTERS = ['all', 'change', 'rules', 'devices', 'trouble'] as const
export type Filter = (typeof FILTERS)[number]

const KINDS: Readonly<Record<Filter, string | undefined>> = {
  all: undefined,
  change: 'change',
  rules: 'run',
  devices: 'online,device',
  trouble: 'command',
}

export interface ActivityAsk {
  /** What goes on has no end. */
  readonly from: number
  readonly to: number | null
  readonly filter: Filter
  readonly text: string
  /** Id or slug; null for all rooms. */
  readonly area: string | null
  /** Id of the only device; null for all. */
  readonly device: string | null
}

export const readFilter = (query: URLSearchParams): Filter =>
  FILTERS.find(filter => filter === query.get('list')) ?? 'all'

function toQuery({ from, to, filter, text, area, device }: ActivityAsk) {
  return {
    from: new Date(from).toISOString(),
    to: to === null ? undefined : new Date(to).toISOString(),
    kinds: KINDS[filter],
    q: text.trim() || undefined,
    area: area ?? undefined,
    device: device ?? undefined,
  }
}

/** What happened, newest first, page by page. What was there stays until what was asked for has come. */
export class Activity {
  readonly #api: Api
  #asked = 0
  #next: string | null = null
  items = $state.raw<readonly ActivityJson[]>([])
  isFirst = $state(true)
  hasMore = $state(false)
  problem = $state.raw<Problem | null>(null)

  constructor(api: Api) {
    this.#api = api
  }

  /** Asks anew, for as many as are listed. */
  load(ask: ActivityAsk): Promise<void> {
    const limit = Math.min(MOST_ANEW, Math.max(PAGE, this.items.length))
    return this.#ask({ ...toQuery(ask), limit }, () => [])
  }

  /** Asks for what was before the last one. */
  more(ask: ActivityAsk): Promise<void> {
    return this.#ask({ ...toQuery(ask), limit: PAGE, cursor: this.#next ?? undefined }, () => this.items)
  }

  async #ask(query: Record<string, string | number | undefined>, kept: () => readonly ActivityJson[]): Promise<void> {
    const asked = ++this.#asked
    try {
      const { items, next } = await this.#api('GET /activity', { query })
      if (asked !== this.#asked) return
      this.items = [...kept(), ...items]
      this.#next = next
      this.hasMore = next !== null
      this.problem = null
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (asked !== this.#asked) return
      this.problem = error
    }
    this.isFirst = false
  }
}

/** Milliseconds in which what the house says is gathered into one question. */
const GATHER = 1_500

/** Calls when something may have happened: numbers of sensors are no news. @returns how to stop. */
export function followActivity(live: Pick<Live, 'on'>, onNews: () => void): () => void {
  let wait: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    wait ??= setTimeout(() => {
      wait = undefined
      onNews()
    }, GATHER)
  }
  const stops = [
    live.on('delta', ({ changes }) => {
      if (changes.some(change => !('to' in change) || typeof change.to !== 'number')) soon()
    }),
    live.on('run', soon),
    live.on('resync', soon),
  ]
  return () => {
    clearTimeout(wait)
    stops.forEach(stop => stop())
  }
}

/** Whether what happened is what is pointed at: as near as a hand can point, and nearer than a day. */
export function isPointedAt({ at, first }: Pick<ActivityJson, 'at' | 'first'>, moment: number | null, range: Range) {
  if (moment === null) return false
  const slack = (range.to - range.from) / 400
  return moment >= Date.parse(first) - slack && moment <= Date.parse(at) + slack
}
