import type { RightsJson, SessionJson } from '#api'
import type { Api } from './api.ts'
import { Problem } from './problem.ts'
import { mayWith } from './state/rights.ts'

const DAY = 24 * 60 * 60_000

/** Whether the hub is reached is told by the stream. */
function ignoreProblem(error: unknown): void {
  if (!(error instanceof Problem)) throw error
}

const NOTHING: RightsJson = { house: null, areas: [], entities: [] }

/** Who is signed in, and whether the hub has an owner. */
export class Session {
  /** `unknown` until the hub has said; `expired` when the sign-in ended under an open page. */
  state = $state<'unknown' | 'unclaimed' | 'out' | 'in' | 'expired'>('unknown')
  user = $state.raw<SessionJson['user']>(null)
  /** The guest pass that let this browser in, without an account. */
  pass = $state.raw<SessionJson['pass'] | null>(null)
  /** The owner who looks through the eyes of `user`, and changes nothing; null for the user. */
  viewer = $state<string | null>(null)
  /** What may be done where. */
  rights = $state.raw(NOTHING)
  readonly #api: () => Api

  /** @param api asked for late: the API tells the session when it ends. */
  constructor(api: () => Api) {
    this.#api = api
  }

  /** Asks the hub. @throws Problem when it is not reached. */
  async look(): Promise<void> {
    this.take(await this.#api()('GET /session'))
  }

  /** Keeps the sign-in of a page that stays open alive: the hub ends what it did not hear of for long. */
  keep(): void {
    setInterval(() => this.refresh(), DAY)
  }

  /** Looks again who this is and what may be done; without an answer it stays as it was. */
  refresh(): void {
    if (this.state === 'in') this.look().catch(ignoreProblem)
  }

  /** Takes what a sign-in, claim or recovery answered. */
  take({ claimed, user, pass, viewer, rights }: SessionJson): void {
    const isIn = user !== null || pass !== undefined
    const wasIn = this.state === 'in' || this.state === 'expired'
    if (!isIn && wasIn) {
      this.state = 'expired'
      return
    }
    this.user = user
    this.pass = pass ?? null
    this.viewer = viewer ?? null
    this.rights = rights ?? NOTHING
    this.state = isIn ? 'in' : claimed ? 'out' : 'unclaimed'
  }

  /** The hub no longer knows this browser. A page that was open stays open behind the sign-in. */
  end(): void {
    if (this.state === 'in') this.state = 'expired'
  }

  /** Ends the sign-in; the page has to be left then. @throws Problem when the hub is not reached. */
  async signOut(): Promise<void> {
    try {
      await this.#api()('DELETE /session')
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'api.unauthorised')) throw error
    }
  }

  /** Whom the pages greet: the user, or what the pass is called. */
  get name(): string {
    return this.user?.name ?? this.pass?.name ?? ''
  }

  /** Whether the whole house is in sight: rules, history and what else is of no single room. */
  get seesHouse(): boolean {
    return this.rights.house !== null
  }

  mayControl(entity: Parameters<typeof mayWith>[2]): boolean {
    return mayWith(this.rights, 'control', entity)
  }

  can(scope: NonNullable<SessionJson['user']>['scopes'][number]): boolean {
    const scopes = this.user?.scopes ?? []
    return scopes.includes('admin') || scopes.includes(scope) || (scope === 'read' && scopes.length > 0)
  }
}
