import type { SessionJson } from '#api'
import type { Api } from './api.ts'
import { Problem } from './problem.ts'

const DAY = 24 * 60 * 60_000

/** Whether the hub is reached is told by the stream. */
function ignoreProblem(error: unknown): void {
  if (!(error instanceof Problem)) throw error
}

/** Who is signed in, and whether the hub has an owner. */
export class Session {
  /** `unknown` until the hub has said; `expired` when the sign-in ended under an open page. */
  state = $state<'unknown' | 'unclaimed' | 'out' | 'in' | 'expired'>('unknown')
  user = $state.raw<SessionJson['user']>(null)
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
    setInterval(() => {
      if (this.state === 'in') this.look().catch(ignoreProblem)
    }, DAY)
  }

  /** Takes what a sign-in, claim or recovery answered. */
  take({ claimed, user }: SessionJson): void {
    const wasIn = this.state === 'in' || this.state === 'expired'
    if (user === null && wasIn) this.state = 'expired'
    else {
      this.user = user
      this.state = user ? 'in' : claimed ? 'out' : 'unclaimed'
    }
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

  can(scope: NonNullable<SessionJson['user']>['scopes'][number]): boolean {
    const scopes = this.user?.scopes ?? []
    return scopes.includes('admin') || scopes.includes(scope) || (scope === 'read' && scopes.length > 0)
  }
}
