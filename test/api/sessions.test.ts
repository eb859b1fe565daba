import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PASSWORD, PORCH, startHouse, type Answer, type House, type Who } from './support/house.ts'
import { openStream, type StreamClient } from './support/stream-client.ts'

let house: House
const streams: StreamClient[] = []
beforeEach(async () => {
  house = await startHouse()
})
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close()
  await house.close()
})

const ask = (method: string, path: string, rest: Partial<Parameters<House['ask']>[0]> = {}) =>
  house.ask({ method, path: `/api/v1${path}`, who: 'nobody', ...rest })
/** A stream with these headers, or of somebody who signs in by itself. */
function connect(who: Who | null, headers: Record<string, string> = {}): StreamClient {
  const stream = openStream(house, who, headers)
  streams.push(stream)
  return stream
}
const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')!.split(';')[0]!
async function signIn(name: string) {
  const answer = await ask('POST', '/session', { body: { name, password: PASSWORD } })
  return { answer, headers: { cookie: cookieOf(answer) } }
}
const cleo = () => signIn('cleo')

describe('signing in', () => {
  it('sets a cookie that scripts and other sites cannot use, and says who is there', async () => {
    const { answer, headers } = await cleo()
    expect(answer).toMatchObject({
      status: 200,
      json: { claimed: true, user: { name: 'cleo', role: 'user', scopes: ['control', 'read'] } },
    })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^hob_testtest=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(await ask('GET', '/session', { headers })).toMatchObject({ json: { user: { name: 'cleo' } } })
    expect((await ask('GET', '/devices', { headers })).status).toBe(200)
    expect((await ask('GET', '/users', { headers })).status).toBe(403)
  })

  it('ends the session that the browser had before', async () => {
    const first = await cleo()
    const body = { name: 'cleo', password: PASSWORD }
    const second = await ask('POST', '/session', { body, headers: first.headers })
    expect(cookieOf(second)).not.toBe(first.headers.cookie)
    expect((await ask('GET', '/devices', { headers: first.headers })).status).toBe(401)
    expect((await ask('GET', '/devices', { headers: { cookie: cookieOf(second) } })).status).toBe(200)
  })

  it('says the same for a wrong password and an unknown name, and slows whoever guesses', async () => {
    await cleo()
    const guess = (name: string, password: string) => ask('POST', '/session', { body: { name, password } })
    const says = { status: 401, json: { code: 'access.bad_credentials', detail: 'user name or password is wrong' } }
    for (let n = 0; n < 5; n++) {
      expect(await guess('cleo', 'wrong')).toMatchObject(says)
      expect(await guess('nobody', PASSWORD)).toMatchObject(says)
    }
    const slowed = await guess('anna', 'wrong')
    expect(slowed).toMatchObject({ status: 429, json: { code: 'access.too_many_tries', retryAfter: 1 } })
    expect(slowed.headers.get('retry-after')).toBe('1')
    house.clock.advance(1_000)
    expect((await guess('cleo', PASSWORD)).status).toBe(200)
  })

  it('ends with signing out: cookie, session and open stream', async () => {
    const { headers } = await cleo()
    const stream = connect(null, { ...headers, origin: house.url })
    await stream.next('hello')
    const answer = await ask('DELETE', '/session', { headers })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('set-cookie')).toMatch(/^hob_testtest=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970/)
    expect(await stream.closed).toEqual({ code: 1008, reason: 'api.unauthorised' })
    expect((await ask('GET', '/devices', { headers })).status).toBe(401)
    expect((await ask('DELETE', '/session', { headers })).status).toBe(204)
  })

  it('lasts 90 days from the last request; the cookie goes along', async () => {
    const { headers } = await cleo()
    const day = 86_400_000
    house.clock.advance(3_599_999)
    expect((await ask('GET', '/devices', { headers })).headers.get('set-cookie')).toBeNull()
    house.clock.jump(89 * day)
    const renewed = await ask('GET', '/devices', { headers })
    expect(renewed.headers.get('set-cookie')).toMatch(/^hob_testtest=[\w-]{43}; Max-Age=7776000;/)
    house.clock.jump(90 * day - 1)
    expect((await ask('GET', '/devices', { headers })).status).toBe(200)
    house.clock.jump(90 * day)
    expect((await ask('GET', '/devices', { headers })).status).toBe(401)
  })

  it('closes the stream of a session at its end', async () => {
    const { headers } = await cleo()
    const stream = connect(null, { ...headers, origin: house.url })
    await stream.next('hello')
    house.clock.jump(90 * 86_400_000)
    house.clock.advance(60_000)
    expect(await stream.next('error')).toMatchObject({ code: 'api.unauthorised' })
    expect(await stream.closed).toMatchObject({ code: 1008 })
    const late = await ask('GET', '/session', { headers })
    expect(late).toMatchObject({ status: 200, json: { claimed: true, user: null } })
    expect(late.headers.get('set-cookie')).toMatch(/^hob_testtest=; Max-Age=0;/)
  })
})

describe("one's own sessions", () => {
  it('are listed, and ended one by one', async () => {
    const { headers } = await cleo()
    const other = await ask('POST', '/session', { body: { name: 'cleo', password: PASSWORD } })
    const stream = connect(null, { cookie: cookieOf(other), origin: house.url })
    await stream.next('hello')
    const { items } = (await ask('GET', '/sessions', { headers })).json as { items: { id: string; current: boolean }[] }
    expect(items).toMatchObject([
      { current: true, address: '127.0.0.1', seenAt: new Date(house.clock.now()).toISOString() },
      { current: false, userAgent: 'node' },
    ])
    const { id } = items.find(({ current }) => !current)!
    expect((await ask('DELETE', `/sessions/${id}`, { who: 'owner' })).status).toBe(404)
    expect((await ask('DELETE', `/sessions/${id}`, { headers })).status).toBe(204)
    expect(await stream.closed).toMatchObject({ code: 1008 })
    expect((await ask('GET', '/devices', { headers: { cookie: cookieOf(other) } })).status).toBe(401)
    expect((await ask('GET', '/devices', { headers })).status).toBe(200)
  })

  it('but this one end with a new password', async () => {
    const { headers } = await cleo()
    const other = await ask('POST', '/session', { body: { name: 'cleo', password: PASSWORD } })
    const change = (old: string) => ask('PUT', '/session/password', { headers, body: { old, new: 'a new password' } })
    expect(await change('wrong')).toMatchObject({ status: 403, json: { code: 'access.wrong_password' } })
    expect((await change(PASSWORD)).status).toBe(204)
    expect((await ask('GET', '/devices', { headers: { cookie: cookieOf(other) } })).status).toBe(401)
    expect((await ask('GET', '/devices', { headers })).status).toBe(200)
  })

  it('end when somebody else sets the password, or switches the account off', async () => {
    const { headers: bens } = await signIn('ben')
    for (const [method, path, body] of [
      ['PUT', '/users/cleo/password', { password: PASSWORD }],
      ['PATCH', '/users/cleo', { disabled: true }],
    ] as const) {
      const { headers } = await cleo()
      const stream = connect(null, { ...headers, origin: house.url })
      await stream.next('hello')
      expect((await ask(method, path, { headers: bens, body })).status).toBeLessThan(300)
      expect(await stream.closed).toMatchObject({ code: 1008 })
      expect((await ask('GET', '/devices', { headers })).status).toBe(401)
    }
    expect(await ask('POST', '/session', { body: { name: 'cleo', password: PASSWORD } })).toMatchObject({
      status: 401,
    })
  })
})

it("an administrator neither sets an owner's password nor takes off the second factor", async () => {
  const { headers } = await signIn('ben')
  const body = { password: PASSWORD }
  const says = { status: 403, json: { code: 'api.forbidden', detail: "only an owner changes an owner's account" } }
  expect(await ask('PUT', '/users/anna/password', { headers, body })).toMatchObject(says)
  expect(await ask('DELETE', '/users/anna/totp', { headers })).toMatchObject(says)
  expect((await ask('DELETE', '/users/dora/totp', { headers })).status).toBe(204)
})

it('a token that a token makes ends with it at the latest', async () => {
  const end = new Date(house.clock.now() + 60_000).toISOString()
  const make = async (token: string | null, over: object = {}) => {
    const by = token === null ? { who: 'owner' as const } : { headers: { authorization: `Bearer ${token}` } }
    return (await ask('POST', '/tokens', { ...by, body: { user: 'anna', scopes: ['admin'], ...over } })).json
  }
  const { token } = (await make(null, { expiresAt: end })) as { token: string }
  expect(await make(token)).toMatchObject({ expiresAt: end })
  expect(await make(token, { expiresAt: '2099-01-01T00:00:00Z' })).toMatchObject({ expiresAt: end })
  const sooner = new Date(house.clock.now() + 30_000).toISOString()
  expect(await make(token, { expiresAt: sooner })).toMatchObject({ expiresAt: sooner })
  expect(await make(null)).toMatchObject({ expiresAt: null })
})

describe('sign-in links', () => {
  it('are made by an owner who is signed in, and sign in once', async () => {
    const answer = await ask('POST', '/session/links', { who: 'owner', body: { user: 'cleo' } })
    expect(answer.status).toBe(201)
    const link = answer.json as { code: string; path: string; url: string; expiresAt: string }
    expect(link).toEqual({
      code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      path: `/signin#${link.code}`,
      url: `http://hub.test/signin#${link.code}`,
      expiresAt: new Date(house.clock.now() + 900_000).toISOString(),
    })
    const use = () => ask('POST', '/session/link', { body: { code: link.code } })
    const used = await use()
    expect(used).toMatchObject({ status: 200, json: { user: { name: 'cleo' } } })
    expect((await ask('GET', '/devices', { headers: { cookie: cookieOf(used) } })).status).toBe(200)
    expect(await use()).toMatchObject({ status: 401, json: { code: 'access.bad_code' } })
  })
})

describe('a page of another site', () => {
  const foreign: [string, (own: string) => Record<string, string>][] = [
    ['another host', () => ({ origin: 'http://evil.example' })],
    ['another port of this host', own => ({ origin: own.replace(/\d+$/, '1') })],
    ['another scheme', own => ({ origin: own.replace('http:', 'https:') })],
    ['no origin', () => ({ origin: 'null' })],
    ['a longer name', own => ({ origin: `${own}.evil.example` })],
    ['a browser that says cross-site', own => ({ origin: own, 'sec-fetch-site': 'cross-site' })],
    ['a browser that says same-site', own => ({ origin: own, 'sec-fetch-site': 'same-site' })],
    ['nobody knows where', () => ({ origin: '' })],
  ]

  it.each(foreign)('(%s) changes nothing with the cookie of a visitor', async (_what, headersAt) => {
    const headers = headersAt(house.url)
    const refused = { status: 403, json: { code: 'api.foreign_page' } }
    const text = `${PORCH}# changed`
    expect(await ask('PUT', '/rules/porch', { who: 'owner', headers, body: { text } })).toMatchObject(refused)
    expect(await ask('PATCH', '/settings', { who: 'owner', headers, body: { zone: 'UTC' } })).toMatchObject(refused)
    expect(await ask('DELETE', '/devices/lamp', { who: 'owner', headers })).toMatchObject(refused)
    expect(await ask('DELETE', '/session', { who: 'owner', headers })).toMatchObject(refused)
    expect(await ask('POST', '/session', { headers, body: { name: 'eve', password: PASSWORD } })).toMatchObject(refused)
    expect((await ask('GET', '/rules/porch', { who: 'owner' })).json).toMatchObject({ text: PORCH })
  })

  it.each(foreign)('(%s) cannot open the stream with it', async (_what, headersAt) => {
    const stream = connect('owner', headersAt(house.url))
    expect(await stream.closed).toMatchObject({ code: 1006 })
  })

  it('may look like the own one in capitals', async () => {
    const headers = { origin: house.url.toUpperCase(), 'sec-fetch-site': 'same-origin' }
    const answer = await ask('PATCH', '/settings', { who: 'owner', headers, body: { zone: 'UTC' } })
    expect(answer.status).toBe(200)
  })

  it('is no matter for a token, which no browser sends by itself', async () => {
    const { authorization } = house.headersOf('admin')
    const headers = { authorization: authorization!, 'content-type': 'application/json' }
    for (const origin of [{}, { origin: 'https://dashboard.example' }]) {
      const response = await fetch(`${house.url}/api/v1/settings`, {
        method: 'PATCH',
        headers: { ...headers, ...origin },
        body: '{"zone":"UTC"}',
      })
      expect(response.status).toBe(200)
    }
  })

  it('gains nothing by a token that is wrong beside the cookie', async () => {
    const headers = { ...house.headersOf('owner'), authorization: 'Bearer wrong', origin: 'http://evil.example' }
    expect((await ask('DELETE', '/devices/lamp', { headers })).status).toBe(401)
  })
})

describe('the stream', () => {
  it('greets the holder of a cookie without being asked', async () => {
    const stream = connect('guest')
    await stream.next('hello')
    stream.send({ type: 'subscribe' })
    expect((await stream.next('snapshot')).entities.length).toBeGreaterThan(0)
  })

  it('tells at once that a session is over', async () => {
    const stream = connect('lateGuest')
    expect(await stream.next('error')).toMatchObject({ code: 'api.unauthorised' })
    expect(await stream.closed).toMatchObject({ code: 1008 })
  })

  it('takes a token from anywhere, as long as there is no cookie', async () => {
    const stream = connect('read', { origin: 'https://dashboard.example' })
    expect(await stream.next('hello')).toMatchObject({ version: '0.0.0' })
  })
})
