import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHouse, type House, type Who } from './support/house.ts'
import { openEvents, openStream, tokenOf } from './support/stream-client.ts'

let house: House
beforeEach(async () => {
  house = await startHouse()
})
afterEach(() => house.close())

/** The meter says another value; what gathers for 50 ms leaves. */
function measure(value: number): void {
  house.publish('meter/state', String(value))
  house.clock.advance(50)
}

const power = (from: number | null, to: number) => ({ entity: house.ids.get('meter'), value: 'power', from, to })

/** Makes a token by the API. */
async function makeToken(over: object = {}): Promise<{ id: string; token: string }> {
  const body = { scopes: ['read'], ...over }
  const { json } = await house.ask({ method: 'POST', path: '/api/v1/tokens', who: 'admin', body })
  return json as { id: string; token: string }
}

const REVOKED = { type: 'error', code: 'api.unauthorised', detail: 'this token or session is over' }

describe('the WebSocket', () => {
  it('greets, shows everything, then what changes', async () => {
    const { send, next } = openStream(house, 'read')
    expect(await next('hello')).toMatchObject({ version: '0.0.0', zone: 'UTC' })
    send({ type: 'subscribe' })
    const { entities, seq } = await next('snapshot')
    expect(entities.map(entity => entity.device.slug)).toEqual(['lamp', 'fan', 'meter'])
    measure(12)
    const delta = await next('delta')
    expect(delta.changes).toContainEqual(power(null, 12))
    expect(delta.seq).toBeGreaterThan(seq)
  })

  it('shows who is limited to areas what is in them', async () => {
    const { send, next } = openStream(house, 'hall')
    send({ type: 'subscribe' })
    expect((await next('snapshot')).entities.map(entity => entity.device.slug)).toEqual(['lamp'])
    house.publish('fan/state', 'ON')
    house.publish('lamp/state', 'ON')
    house.clock.advance(50)
    const seen = (await next('delta')).changes.map(change => change.entity)
    expect(new Set(seen)).toEqual(new Set([house.ids.get('lamp')]))
  })

  it('tells what becomes of the settings', async () => {
    const { send, next } = openStream(house, 'hall')
    send({ type: 'subscribe' })
    await next('snapshot')
    await house.ask({ method: 'PATCH', path: '/api/v1/settings', who: 'admin', body: { zone: 'Asia/Tokyo' } })
    expect((await next('settings')).settings).toMatchObject({ zone: 'Asia/Tokyo', version: 1 })
    expect(await openStream(house, 'hall').next('hello')).toMatchObject({ zone: 'Asia/Tokyo' })
  })

  it('tells an administrator what is wrong with the hub, when it comes and when it goes', async () => {
    const { send, next } = openStream(house, 'owner')
    send({ type: 'subscribe' })
    await next('snapshot')
    house.condition.disk = { free: 100e6 }
    await house.health.look()
    house.clock.advance(50)
    expect((await next('health')).health).toMatchObject({ state: 'bad', problems: [{ code: 'disk_free' }] })
    house.condition.disk = { free: 20e9 }
    for (let looks = 0; looks < 6; looks++) await house.health.look()
    house.clock.advance(50)
    expect((await next('health')).health).toMatchObject({ state: 'good', problems: [] })
  })

  it('tells which rule file was saved, switched and deleted', async () => {
    const { send, next } = openStream(house, 'read')
    send({ type: 'subscribe' })
    await next('snapshot')
    const path = '/api/v1/rules/garden'
    const body = { text: 'on: home/gate\ndo: {publish: home/garden, payload: "ON"}\n' }
    await house.ask({ method: 'PUT', path, who: 'rules', body })
    await house.ask({ method: 'PATCH', path, who: 'rules', body: { enabled: false } })
    await house.ask({ method: 'DELETE', path, who: 'rules' })
    house.clock.advance(50)
    const frames = [await next('rule'), await next('rule'), await next('rule')]
    expect(frames.map(({ slug, version, enabled }) => [slug, version, enabled])).toEqual([
      ['garden', 1, true],
      ['garden', 1, false],
      ['garden', null, false],
    ])
  })

  it('goes on where a client was, without a snapshot', async () => {
    const first = openStream(house, 'read')
    first.send({ type: 'subscribe', devices: ['meter'] })
    await first.next('snapshot')
    measure(12)
    const { seq } = await first.next('delta')
    first.close()
    await first.closed
    measure(13)
    const again = openStream(house, 'read')
    again.send({ type: 'subscribe', devices: ['meter'], since: seq })
    expect((await again.next('delta')).changes).toEqual([power(12, 13)])
  })

  it('starts anew for a client from another time', async () => {
    const { send, next } = openStream(house, 'read')
    send({ type: 'subscribe', since: 9_999_999 })
    await next('resync')
    expect((await next('snapshot')).entities).toHaveLength(3)
  })

  it('pings each half minute', async () => {
    const { send, next } = openStream(house, 'read')
    await next('hello')
    house.clock.advance(30_000)
    expect(await next('ping')).toEqual({ type: 'ping' })
    send({ type: 'pong' })
    house.clock.advance(30_000)
    expect(await next('ping')).toEqual({ type: 'ping' })
  })

  it.each<[Who, string]>([
    ['stranger', 'this token or session is not valid'],
    ['expired', 'this token or session is not valid'],
    ['disabled', 'this token or session is not valid'],
  ])('is closed to %s', async (who, detail) => {
    const { next, closed } = openStream(house, who)
    expect(await next('error')).toEqual({ type: 'error', code: 'api.unauthorised', detail })
    expect(await closed).toEqual({ code: 1008, reason: 'api.unauthorised' })
  })

  it('is closed to a client that says nothing for 10 s', async () => {
    const { opened, next, closed } = openStream(house, null)
    await opened
    house.clock.advance(10_000)
    expect(await next('error')).toMatchObject({ detail: 'no token came within 10 s' })
    expect(await closed).toMatchObject({ code: 1008 })
  })

  it.each<[string, string | Uint8Array, number]>([
    ['before it signed in', '{"type":"subscribe"}', 1008],
    ['that is no JSON', 'hello', 1008],
    ['that nobody knows', '{"type":"fly"}', 1008],
    ['with too much in it', '{"type":"auth","token":"x","admin":true}', 1008],
    ['of bytes', Uint8Array.of(1, 2, 3), 1008],
    ['of more than 64 KiB', JSON.stringify({ type: 'auth', token: 'x'.repeat(65_536) }), 1009],
  ])('is closed at a frame %s', async (_what, frame, code) => {
    const { send, closed } = openStream(house, null)
    send(frame)
    expect(await closed).toMatchObject({ code })
  })

  it('ends with its token: the moment it is removed', async () => {
    const { id, token } = await makeToken()
    const mine = openStream(house, null)
    mine.send({ type: 'auth', token })
    mine.send({ type: 'subscribe' })
    await mine.next('snapshot')
    const other = openStream(house, 'read')
    other.send({ type: 'subscribe' })
    await other.next('snapshot')
    await house.ask({ method: 'DELETE', path: `/api/v1/tokens/${id}`, who: 'admin' })
    expect(await mine.next('error')).toEqual(REVOKED)
    expect(await mine.closed).toMatchObject({ code: 1008 })
    measure(12)
    expect((await other.next('delta')).changes).toContainEqual(power(null, 12))
  })

  it('ends with its token: the moment it expires', async () => {
    const { token } = await makeToken({ expiresAt: new Date(house.clock.now() + 25_000).toISOString() })
    const { send, next, closed } = openStream(house, null)
    send({ type: 'auth', token })
    await next('hello')
    house.clock.advance(25_000)
    expect(await next('error')).toEqual(REVOKED)
    expect(await closed).toMatchObject({ code: 1008 })
  })
})

describe('the event stream', () => {
  it('greets, shows everything, then what changes, with numbers to come back with', async () => {
    const events = openEvents(house, 'read')
    const start = await events.until('"snapshot"')
    expect(start).toMatch(/^content-type: text\/event-stream\r$/m)
    expect(start).toMatch(/data: \{"type":"hello"/)
    measure(12)
    const text = await events.until('"delta"')
    const [, id] = /id: (\d+)\ndata: \{"type":"delta"/.exec(text)!
    events.socket.destroy()
    measure(13)
    const again = openEvents(house, 'read', { headers: `last-event-id: ${id}` })
    const rest = await again.until('"delta"')
    expect(rest).toContain('"from":12,"to":13')
    expect(rest).not.toContain('"snapshot"')
    again.socket.destroy()
  })

  it('starts anew for a number it does not have, and heeds no other text', async () => {
    const anew = openEvents(house, 'read', { headers: 'last-event-id: 9999999' })
    expect(await anew.until('"snapshot"')).toContain('"resync"')
    const odd = openEvents(house, 'read', { headers: 'last-event-id: yesterday' })
    expect(await odd.until('"snapshot"')).not.toContain('"resync"')
  })

  it('filters by area and device', async () => {
    const { until } = openEvents(house, 'read', { query: '?areas=attic,hall&devices=fan' })
    const text = await until('"snapshot"')
    expect(text).toContain('"slug":"fan"')
    expect(text).not.toContain('"slug":"lamp"')
  })

  it('says something each half minute, so that nobody on the way closes it', async () => {
    const { until } = openEvents(house, 'read')
    await until('"snapshot"')
    house.clock.advance(30_000)
    expect(await until(':\n\n')).toMatch(/\n\n[^d]*:\n\n/)
  })

  it('ends with its token', async () => {
    const { until, closed } = openEvents(house, 'read')
    await until('"snapshot"')
    const path = `/api/v1/tokens/${house.ids.get('readToken')}`
    expect((await house.ask({ method: 'DELETE', path, who: 'admin' })).status).toBe(204)
    expect(await closed).toContain(`data: ${JSON.stringify(REVOKED)}`)
  })
})

describe('a client that does not read', () => {
  it('is let go when it is a megabyte behind, and the others go on', { timeout: 30_000 }, async () => {
    const slow = openEvents(house, 'read')
    await slow.until('"snapshot"')
    slow.socket.pause()
    const other = openStream(house, 'read')
    other.send({ type: 'subscribe', devices: ['fan'] })
    await other.next('snapshot')
    // Some megabytes go into the system's buffers before the hub's own grow: a change is 300 bytes on the wire.
    for (let round = 1; round <= 200; round++) {
      for (let value = 1; value <= 500; value++) house.publish('meter/state', String(round * 1_000 + value))
      house.publish('fan/state', round % 2 === 0 ? 'ON' : 'OFF')
      house.clock.advance(50)
      await other.next('delta')
    }
    slow.socket.resume()
    const got = await slow.closed
    expect(got).toContain('"to":1500')
    expect(got).not.toContain('"to":200500')
  })
})

it('takes the token in the first message only: an address with it is no way in', async () => {
  const answer = await house.ask({
    method: 'GET',
    path: `/api/v1/devices?token=${tokenOf(house, 'admin')}`,
    who: 'nobody',
  })
  expect(answer.status).toBe(401)
})
