import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireOwnPage } from '../../server/api/origin.ts'
import { createSessionCookie } from '../../server/api/session-cookie.ts'
import { createTestClock } from '../support/clock.ts'

// Over HTTPS, which a proxy in front may speak as well as the hub.
let app: FastifyInstance
beforeAll(async () => {
  const clock = createTestClock()
  const session = createSessionCookie({ clock, instance: () => 'k3v9x0aa' })
  app = fastify({ trustProxy: true })
  await app.register(cookie)
  app.get('/read', async request => ({ secret: session.read(request) ?? null }))
  app.get('/write', async (_request, reply) => {
    session.write(reply, { secret: 'S', expiresAt: clock.now() + 60_000 })
    return {}
  })
  app.get('/clear', async (_request, reply) => {
    session.clear(reply)
    return {}
  })
  app.post('/change', async request => {
    requireOwnPage(request)
    return {}
  })
})
afterAll(() => app.close())

const ask = (url: string, protocol: 'http' | 'https', headers: Record<string, string> = {}) =>
  app.inject({
    method: url === '/change' ? 'POST' : 'GET',
    url,
    headers: { host: 'hub.test', 'x-forwarded-proto': protocol, ...headers },
  })

describe("a session's cookie over HTTPS", () => {
  it('is secure and has the form that no other host can set', async () => {
    const { headers } = await ask('/write', 'https')
    expect(headers['set-cookie']).toBe('__Host-hob_k3v9x0aa=S; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax')
    expect((await ask('/write', 'http')).headers['set-cookie']).toBe(
      'hob_k3v9x0aa=S; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    )
    expect((await ask('/clear', 'https')).headers['set-cookie']).toMatch(
      /^__Host-hob_k3v9x0aa=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  it('is not the one of plain pages, nor of another hub', async () => {
    const secret = async (cookies: string) =>
      (await ask('/read', 'https', { cookie: cookies })).json().secret as unknown
    expect(await secret('hob_k3v9x0aa=plain; __Host-hob_k3v9x0aa=S')).toBe('S')
    expect(await secret('hob_k3v9x0aa=plain; __Host-hob_other000=T')).toBeNull()
  })

  it('changes something for pages of HTTPS alone', async () => {
    const status = async (origin: string) => (await ask('/change', 'https', { origin })).statusCode
    expect(await status('https://hub.test')).toBe(200)
    for (const origin of ['http://hub.test', 'https://hub.test:8443', 'https://a.hub.test'])
      expect(await status(origin)).toBe(500)
  })
})
