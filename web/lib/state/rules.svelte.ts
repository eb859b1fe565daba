import type { RuleFileJson, RuleJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'
import { isTrouble } from './rule-runs.ts'

/** Milliseconds in which several runs of one file are asked for once. */
const GATHER = 300

/** A rule and the file it stands in. */
export interface ListedRule {
  readonly file: RuleFileJson
  readonly rule: RuleJson
}

export type RuleFilter = 'all' | 'attention' | 'waiting' | 'off'

/** Whether somebody should look at it: a name in it is gone, it rests, or its last run failed or was not obeyed. */
export const needsAttention = ({ problems, pausedUntil, lastRun }: RuleJson): boolean =>
  problems.length > 0 || pausedUntil !== null || (lastRun !== null && isTrouble(lastRun))

const isOff = ({ rule }: ListedRule) => !rule.active && !needsAttention(rule) && rule.openRuns.length === 0
const FILTERS: Readonly<Record<RuleFilter, (listed: ListedRule) => boolean>> = {
  all: () => true,
  attention: ({ rule }) => needsAttention(rule),
  waiting: ({ rule }) => rule.openRuns.length > 0,
  off: listed => !listed.file.enabled || isOff(listed),
}

export const rulesOf = (files: readonly RuleFileJson[]): ListedRule[] =>
  files.flatMap(file => file.rules.map(rule => ({ file, rule })))

export const countOf = (files: readonly RuleFileJson[], filter: RuleFilter): number =>
  rulesOf(files).filter(FILTERS[filter]).length

/** The files with those of their rules that pass the filter and hold every word of `search` in name, sentence or text. */
export function selectRules(files: readonly RuleFileJson[], filter: RuleFilter, search: string): RuleFileJson[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean)
  return files.flatMap(file => {
    const rules = file.rules.filter(rule => {
      const held = `${file.slug} ${rule.name} ${rule.sentence.text} ${file.text}`.toLowerCase()
      return FILTERS[filter]({ file, rule }) && wanted.every(word => held.includes(word))
    })
    return rules.length === 0 ? [] : [{ ...file, rules }]
  })
}

/** All rule files, kept as runs begin, wait and end. */
export class RuleFiles {
  /** Null until they came. */
  all = $state.raw<readonly RuleFileJson[] | null>(null)
  /** Why they did not come. */
  problem = $state.raw<Problem | null>(null)
  readonly #api: Api
  readonly #due = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(api: Api) {
    this.#api = api
  }

  async load(): Promise<void> {
    await this.#try(async () => {
      this.all = (await this.#api('GET /rules')).items
    })
  }

  /** Follows the runs of the house, and what is saved, switched and deleted. @returns how to stop. */
  follow(live: Live): () => void {
    const stops = [
      live.on('run', ({ rule }) => this.#refreshSoon(rule.split('/')[0]!)),
      live.on('rule', ({ slug, version }) => (version === null ? this.#drop(slug) : this.#refreshSoon(slug))),
      // What changed while the stream was away.
      live.on('hello', () => void this.load()),
    ]
    return () => {
      for (const stop of stops) stop()
      for (const timer of this.#due.values()) clearTimeout(timer)
    }
  }

  /** Sets the switch of a file. @throws Problem */
  async enable(slug: string, enabled: boolean): Promise<void> {
    this.#put(await this.#api('PATCH /rules/:slug', { params: { slug }, body: { enabled } }))
  }

  #refreshSoon(slug: string): void {
    if (this.#due.has(slug)) return
    const refresh = async () => {
      this.#due.delete(slug)
      await this.#try(async () => this.#put(await this.#api('GET /rules/:slug', { params: { slug } })))
    }
    this.#due.set(
      slug,
      setTimeout(() => void refresh(), GATHER),
    )
  }

  #put(file: RuleFileJson): void {
    const known = this.all ?? []
    this.all = known.some(({ slug }) => slug === file.slug)
      ? known.map(each => (each.slug === file.slug ? file : each))
      : [...known, file]
  }

  #drop(slug: string): void {
    clearTimeout(this.#due.get(slug))
    this.#due.delete(slug)
    this.all = this.all?.filter(each => each.slug !== slug) ?? null
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
