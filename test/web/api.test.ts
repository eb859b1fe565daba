import { describe, expect, it, vi } from 'vitest'
import { createApi } from '../../web/lib/api.ts'
import { explain, Problem } from '../../web/lib/problem.ts'

type Sent = { address: string; init: RequestInit }

function apiThat(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = []
  const onSignedOut = vi.fn<() => void>()
  const fetch = async (address: unknown, init: RequestInit = {}) => {
    sent.push({ address: String(address), init })
    return answer()
  }
  return { api: createApi({ fetch: fetch as typeof globalThis.fetch, onSignedOut }), sent, onSignedOut }
}

function failWith(error: Error): never {
  throw error
}

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as Problem,
  )

describe('a request', () => {
  it('fills its path and query, and names the version it changes', async () => {
    const { api, sent } = apiThat(() => Response.json({ id: 'x' }, { status: 202 }))
    await api('POST /entities/:id/commands', {
      params: { id: 'a/b' },
      query: { wait: '2s', none: undefined },
      body: { command: 'turn_on' },
      ifVersion: 7,
    })
    expect(sent[0]?.address).toBe('/api/v1/entities/a%2Fb/commands?wait=2s')
    expect(sent[0]?.init).toMatchObject({ method: 'POST', body: '{"command":"turn_on"}', credentials: 'same-origin' })
    expect(sent[0]?.init.headers).toMatchObject({ 'if-match': '"7"', 'content-type': 'application/json' })
  })

  it('has no answer where there is none', async () => {
    const { api } = apiThat(() => new Response(null, { status: 204 }))
    expect(await api('DELETE /session')).toBeUndefined()
  })
})

describe('a request that fails', () => {
  const refusal = { type: 'about:blank', title: 'x', status: 422, code: 'devices.bad_value', detail: 'too bright' }

  it('gives the hub’s problem with all its facts', async () => {
    const { api, onSignedOut } = apiThat(() =>
      Response.json({ ...refusal, pointer: '/values/brightness', value: 300 }, { status: 422 }),
    )
    const problem = await problemOf(api('GET /areas'))
    expect(problem).toMatchObject({ code: 'devices.bad_value', status: 422, pointer: '/values/brightness' })
    expect(problem.facts['value']).toBe(300)
    expect(onSignedOut).not.toHaveBeenCalled()
  })

  it('tells the session when nobody is signed in', async () => {
    const { api, onSignedOut } = apiThat(() =>
      Response.json({ ...refusal, code: 'api.unauthorised', status: 401 }, { status: 401 }),
    )
    await problemOf(api('GET /areas'))
    expect(onSignedOut).toHaveBeenCalledOnce()
  })

  it.each<[what: string, answer: () => Response, code: string]>([
    ['no network', () => failWith(new TypeError('Failed to fetch')), 'web.unreachable'],
    ['silence', () => failWith(new DOMException('late', 'TimeoutError')), 'web.no_answer'],
    ['a page of some router', () => new Response('<html>', { status: 200 }), 'web.unreadable'],
    ['JSON of somebody else', () => Response.json({ error: 'no' }, { status: 500 }), 'web.unreadable'],
  ])('with %s is %s', async (_what, answer, code) => {
    const { api } = apiThat(answer)
    expect(await problemOf(api('GET /areas'))).toMatchObject({ code })
  })

  it('is said in the words of its code, else the hub’s', () => {
    expect(explain(new Problem('a.b', 'too bright'), {})).toBe('Too bright.')
    expect(explain(new Problem('a.b', 'too bright'), { 'a.b': 'Dimmer.' })).toBe('Dimmer.')
    expect(() => explain(new TypeError('bug'), {})).toThrow('bug')
  })
})
