import type { Problem as ProblemJson } from '#api'
import type { Endpoints } from './endpoints.ts'
import { Problem } from './problem.ts'

/** Milliseconds an answer may take. */
const ANSWER_WITHIN = 15_000

export interface Call<Body> {
  /** For the `:name` parts of the path. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: Body
  /** Sent as `If-Match`: the change is refused (409) when somebody changed it meanwhile. */
  readonly ifVersion?: number
}

type BodyOf<Key extends keyof Endpoints> = Endpoints[Key] extends { body: infer Body } ? Body : undefined

/**
 * Makes one request.
 * @throws Problem with the hub's code, or `web.unreachable`, `web.no_answer`, `web.unreadable`.
 */
export type Api = <Key extends keyof Endpoints>(
  endpoint: Key,
  call?: Call<BodyOf<Key>>,
) => Promise<Endpoints[Key]['answer']>

export interface ApiOptions {
  readonly fetch: typeof fetch
  /** The hub says that nobody is signed in. */
  readonly onSignedOut: () => void
}

export function createApi({ fetch, onSignedOut }: ApiOptions): Api {
  return async (endpoint, call = {}) => {
    const [method = '', path = ''] = endpoint.split(' ')
    const response = await send(fetch, addressOf(path, call), {
      method,
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.ifVersion === undefined ? {} : { 'if-match': `"${call.ifVersion}"` }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    })
    if (response.ok) return response.status === 204 ? undefined : read(response)
    const problem = toProblem(await read(response))
    if (problem.code === 'api.unauthorised') onSignedOut()
    throw problem
  }
}

function addressOf(path: string, { params = {}, query = {} }: Call<unknown>): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new TypeError(`${path} needs "${name}"`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `/api/v1${filled}${search.size > 0 ? `?${search.toString()}` : ''}`
}

async function send(fetch: ApiOptions['fetch'], address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    throw isLate
      ? new Problem('web.no_answer', `no answer within ${ANSWER_WITHIN / 1000} s`)
      : new Problem('web.unreachable', 'the hub is not reached')
  }
}

// Whatever stands between page and hub (a proxy, a login page of some network) may answer in its place.
async function read(response: Response) {
  try {
    return await response.json()
  } catch {
    throw new Problem('web.unreadable', 'the answer is not JSON', { status: response.status })
  }
}

function toProblem(body: unknown): Problem {
  const { code, detail } = Object(body) as Partial<ProblemJson>
  if (typeof code === 'string' && typeof detail === 'string') return Problem.from(body as ProblemJson)
  return new Problem('web.unreadable', 'the answer is no problem document')
}
