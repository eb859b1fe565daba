/** What the hub says of itself; `null` in front of the first answer. */
export interface About {
  readonly name: string
  readonly version: string
}

/** One look at the hub: not reached at all, up but not serving yet, or serving. */
export type Look =
  | { readonly state: 'unreachable'; readonly about: null }
  | { readonly state: 'starting' | 'ready'; readonly about: About }

/** A GET that is never answered from a cache. */
export interface HealthRequest {
  readonly path: string
  readonly cache: 'no-store'
  readonly signal: AbortSignal
}

/** Sends one request. */
export type Ask = (request: HealthRequest) => Promise<Pick<Response, 'ok' | 'json'>>

/** How long an answer may take before the hub counts as not reached, in milliseconds. */
export const ANSWER_WITHIN = 5000

function toAbout(body: unknown): About {
  const { name, version } = Object(body) as { name?: unknown; version?: unknown }
  if (typeof name !== 'string' || typeof version !== 'string') throw new TypeError('/healthz named no hub')
  return { name, version }
}

/** Asks `/healthz` (is it up, and who is it?) and `/readyz` (does it serve?) at once. */
export async function lookAtHub(ask: Ask): Promise<Look> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN)
  const get = (path: string) => ask({ path, cache: 'no-store', signal })
  try {
    const [health, ready] = await Promise.all([get('/healthz'), get('/readyz')])
    if (!health.ok) return { state: 'unreachable', about: null }
    return { state: ready.ok ? 'ready' : 'starting', about: toAbout(await health.json()) }
  } catch {
    return { state: 'unreachable', about: null }
  }
}
