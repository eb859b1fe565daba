import { afterEach, beforeEach, expect, it } from 'vitest'
import { authenticator } from '../support/authenticator.ts'
import { PASSWORD, startHouse, type House, type Request } from './support/house.ts'
import { openStream } from './support/stream-client.ts'

let house: House
beforeEach(async () => {
  house = await startHouse()
})
afterEach(() => house.close())

const as = (who: Request['who']) => (method: string, path: string, body?: unknown) =>
  house.ask({ who, method, path: `/api/v1${path}`, ...(body === undefined ? {} : { body }) })
const owner = as('owner')

it('an owner sees exactly what another sees, and changes nothing', async () => {
  const paths = ['/entities', '/devices', '/areas', '/settings', '/rules', '/users', '/mqtt/clients', '/devices/fan']
  const look = (ask: typeof owner) =>
    Promise.all(paths.map(path => ask('GET', path).then(({ status, text }) => [path, status, text])))
  expect((await owner('PUT', '/session/view', { user: 'lena' })).status).toBe(204)
  expect(await look(owner)).toEqual(await look(as('lena')))
  const { json } = await owner('GET', '/session')
  expect(json).toMatchObject({ user: { name: 'lena' }, viewer: 'anna' })
  for (const [method, path, body] of [
    ['POST', '/entities/<lamp>/commands', { command: 'turn_on' }],
    ['PATCH', '/areas/hall', { name: 'Mine' }],
    ['PUT', '/session/password', { old: PASSWORD, new: 'another horse' }],
  ] as const) {
    const answer = await owner(method, path, body)
    expect([answer.status, answer.json]).toMatchObject([403, { code: 'api.viewing' }])
  }
  expect((await owner('DELETE', '/session/view')).status).toBe(204)
  expect((await owner('GET', '/devices/fan')).status).toBe(200)
  const told = (await owner('GET', '/audit?action=view')).json
  expect(told).toMatchObject({
    items: [{ action: 'view.end' }, { action: 'view.begin', object: house.ids.get('lena') }],
  })
})

it('the audit log tells of one entry what it changed, in words', async () => {
  await owner('PATCH', '/users/lena', { areaRole: null })
  const { items } = (await owner('GET', '/audit?limit=1')).json as { items: [{ seq: number }] }
  expect((await owner('GET', `/audit/${items[0].seq}`)).json).toMatchObject({
    seq: items[0].seq,
    action: 'user.put',
    object: house.ids.get('lena'),
    changes: [{ field: 'areaRole', from: 'hall_only', to: null }],
    words: ['areaRole: "hall_only" became nothing'],
  })
  await owner('PUT', '/session/view', { user: 'lena' })
  await owner('DELETE', '/session/view')
  expect((await owner('GET', `/audit/${items[0].seq + 2}`)).json).toMatchObject({
    action: 'view.end',
    changes: [],
    words: [],
  })
})

it('an open stream follows, there and back', async () => {
  const stream = openStream(house, 'owner')
  stream.send({ type: 'subscribe' })
  const names = async () => (await stream.next('snapshot')).entities.map(({ name }) => name)
  expect(await names()).toEqual(['Lamp', 'Fan', 'Meter'])
  await owner('PUT', '/session/view', { user: 'lena' })
  await stream.next('resync')
  expect(await names()).toEqual(['Lamp'])
  await owner('DELETE', '/session/view')
  await stream.next('resync')
  expect(await names()).toEqual(['Lamp', 'Fan', 'Meter'])
  stream.close()
})

it('an owner who is made less meanwhile is left with what is his own, at once', async () => {
  const zed = { name: 'zed', role: 'owner', password: PASSWORD }
  expect((await as('admin')('POST', '/users', zed)).status).toBe(201)
  await owner('PUT', '/session/view', { user: 'ben' })
  const stream = openStream(house, 'owner')
  stream.send({ type: 'subscribe' })
  const names = async () => (await stream.next('snapshot')).entities.map(({ name }) => name)
  expect(await names()).toEqual(['Lamp', 'Fan', 'Meter'])
  expect((await as('admin')('PATCH', '/users/anna', { role: 'user', areaRole: 'hall_only' })).status).toBe(200)
  expect(await names()).toEqual(['Lamp'])
  expect((await owner('GET', '/session')).json).not.toHaveProperty('viewer')
  stream.close()
})

it.each([
  ['removed', 'DELETE', undefined],
  ['switched off', 'PATCH', { disabled: true }],
] as const)('when the other is %s there is nothing to see, until the owner looks away', async (_what, method, body) => {
  await owner('PUT', '/session/view', { user: 'cleo' })
  const stream = openStream(house, 'owner')
  stream.send({ type: 'subscribe' })
  expect((await stream.next('snapshot')).entities).toHaveLength(3)
  expect((await as('ben')(method, '/users/cleo', body)).status).toBeLessThan(300)
  expect((await stream.next('snapshot')).entities).toEqual([])
  expect((await owner('GET', '/session')).json).toMatchObject({ viewer: 'anna', rights: { house: null } })
  expect((await owner('GET', '/entities')).status).toBe(403)
  expect((await owner('PATCH', '/areas/hall', { name: 'Mine' })).status).toBe(403)
  expect((await owner('DELETE', '/session/view')).status).toBe(204)
  expect((await stream.next('snapshot')).entities).toHaveLength(3)
  expect((await owner('PATCH', '/areas/hall', { name: 'Mine' })).status).toBe(200)
  stream.close()
})

it('a second factor is asked for by the sign-in, once it is confirmed', async () => {
  const guest = as('guest')
  const { key, url } = (await guest('POST', '/session/totp', { password: PASSWORD })).json as {
    key: string
    url: string
  }
  expect(url).toBe(`otpauth://totp/Home:dora?secret=${key}&issuer=Hob`)
  const app = authenticator(key)
  const code = () => app(house.clock.now())
  const confirmed = await guest('PUT', '/session/totp', { code: code() })
  expect(confirmed.json).toMatchObject({ recoveryCodes: expect.objectContaining({ length: 10 }) })
  expect((await guest('GET', '/session/totp')).json).toEqual({ enabled: true, recoveryCodes: 10 })
  house.clock.advance(30_000)
  const signIn = (body: object) => as('nobody')('POST', '/session', { name: 'dora', password: PASSWORD, ...body })
  expect((await signIn({})).json).toMatchObject({ status: 401, code: 'access.code_needed' })
  expect((await signIn({ code: code() })).status).toBe(200)
})
