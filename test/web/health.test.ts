import { describe, expect, it } from 'vitest'
import { lookAtHub, type HealthRequest } from '../../web/lib/health.ts'

type Answer = { ok: boolean; body: unknown } | Error
const about = { name: 'Hob', version: '1.2.3' }

async function look(health: Answer, ready: Answer) {
  const requests: HealthRequest[] = []
  const result = await lookAtHub(async request => {
    requests.push(request)
    const answer = request.path === '/healthz' ? health : ready
    if (answer instanceof Error) throw answer
    return { ok: answer.ok, json: async () => answer.body }
  })
  return { result, requests }
}

describe('a look at the hub', () => {
  it('asks both addresses, past every cache, with a limit in time', async () => {
    const { requests } = await look({ ok: true, body: about }, { ok: true, body: about })
    expect(requests.map(({ path, cache }) => `${path} ${cache}`)).toEqual(['/healthz no-store', '/readyz no-store'])
    expect(requests.every(({ signal }) => !signal.aborted)).toBe(true)
  })

  const lost = new TypeError('Failed to fetch')
  it.each<[state: string, health: Answer, ready: Answer]>([
    ['ready', { ok: true, body: { ...about, status: 'ok' } }, { ok: true, body: about }],
    ['starting', { ok: true, body: about }, { ok: false, body: { code: 'api.not_ready' } }],
    ['unreachable', lost, lost],
    ['unreachable', { ok: true, body: about }, lost],
    ['unreachable', { ok: false, body: {} }, { ok: false, body: {} }],
    ['unreachable', { ok: true, body: 'a page of some router' }, { ok: true, body: null }],
    ['unreachable', { ok: true, body: { name: 'Hob' } }, { ok: true, body: about }],
    ['unreachable', { ok: true, body: null }, { ok: true, body: about }],
  ])('finds it %s', async (state, health, ready) => {
    const { result } = await look(health, ready)
    expect(result).toEqual({ state, about: state === 'unreachable' ? null : about })
  })
})
