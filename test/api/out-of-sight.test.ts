import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people, startHouse, type House, type Person, type Who } from './support/house.ts'
import { fillPath, routesOf, type Route } from './support/operations.ts'
import { openStream } from './support/stream-client.ts'

// Whoever sees parts of the house learns nothing of the rest: not by any route of the document, not by any subscription,
// and not by how an answer differs from that for a name nobody has.

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

const limited = (Object.keys(people) as Who[]).filter(who => (people[who] as Person | null)?.isLimited)

/** What none of them may hear of: names, and ids by their name in the house. */
const NAMES = ['Attic', 'Fan', 'Meter', 'Newcomer', 'Stranger', 'porch', 'cleo', 'fan/set', 'meter/state', 'lab-1']
const IDS = ['attic', 'fan', 'meter', 'newcomer', 'run', 'command', 'ownerSession', 'cleo', 'adminToken', 'ban']

function leaks(text: string): string[] {
  const ids = IDS.filter(name => text.includes(house.ids.get(name)!))
  return [...ids, ...NAMES.filter(name => new RegExp(`(?<![\\w])${name}(?![\\w])`).test(text))]
}

/** Everything hidden by which a route could be asked. */
const hiddenWords = () => ['attic', 'fan', 'porch', 'meter', ...IDS.map(name => house.ids.get(name)!)]

const NOTHING = 'zzz_nothing'

async function answerTo(route: Route, who: Who, word: string, query: string) {
  const path = fillPath(route.path, name => (name === 'kind' ? 'device' : word))
  const body = route.method === 'GET' || route.method === 'DELETE' ? {} : { body: {} }
  const { status, text } = await house.ask({ method: route.method, path: `${path}${query}`, who, ...body })
  return { status, text: text.replaceAll(word, '*').replaceAll(encodeURIComponent(word), '*') }
}

/** The query parameters of a route that name something. */
const namesIn = ({ operation }: Route): string[] =>
  (operation.parameters ?? [])
    .filter(each => each.in === 'query' && each.schema['type'] === 'string')
    .map(({ name }) => name)

const asked = () =>
  routesOf(house.document).filter(
    route =>
      !route.isStream && route.scope !== null && !route.path.includes('session') && !route.path.includes('sessions'),
  )

describe('what is out of sight', () => {
  it('has people who must not see it', () => {
    expect(limited).toEqual(['hall', 'hallAdmin', 'lena', 'visitor'])
    expect(leaks(JSON.stringify({ area: 'Attic', id: house.ids.get('fan') }))).toEqual(['fan', 'Attic'])
  })

  it('is in no answer of any route', async () => {
    const found: string[] = []
    for (const who of limited) {
      for (const route of asked().filter(({ method }) => method === 'GET')) {
        for (const word of ['lamp', 'hall', house.ids.get('lamp')!, house.ids.get('hall')!]) {
          const { text } = await answerTo(route, who, word, '')
          found.push(...leaks(text).map(leak => `${who} ${route.name} (${word}): ${leak}`))
        }
      }
    }
    expect(found).toEqual([])
  })

  it('is answered as what nobody has, by every route', async () => {
    const differing: string[] = []
    for (const who of limited) {
      for (const route of asked()) {
        const queries = ['', ...namesIn(route).map(name => `?${name}=WORD`)]
        for (const query of route.path.includes('{') ? queries : queries.slice(1)) {
          const nothing = await answerTo(route, who, NOTHING, query.replace('WORD', NOTHING))
          const ask = async (word: string) => {
            const answer = await answerTo(route, who, word, query.replace('WORD', word))
            if (answer.status !== nothing.status || answer.text !== nothing.text)
              differing.push(`${who} ${route.name}${query} (${word}): ${answer.text} / ${nothing.text}`)
          }
          await Promise.all(hiddenWords().map(ask))
        }
      }
    }
    expect(differing).toEqual([])
  })
})

describe('what is seen in part', () => {
  let own: House
  const ask = (who: Who, method: string, path: string, body?: unknown, headers = {}) =>
    own.ask({ who, method, path: `/api/v1${path}`, headers, ...(body === undefined ? {} : { body }) })
  beforeAll(async () => {
    own = await startHouse()
  })
  afterAll(() => own.close())

  it('was nowhere that is hidden, also for who merges', async () => {
    await ask('owner', 'PATCH', '/devices/lamp', { area: 'attic' })
    await ask('owner', 'PATCH', '/devices/lamp', { area: 'hall' })
    const late = await ask('lena', 'PATCH', '/devices/lamp', { name: 'Mine' }, { 'if-match': '"2"' })
    expect(late.json).toMatchObject({ status: 409, base: { name: 'Lamp', area: null }, yours: { area: null } })
    expect(late.json).toMatchObject({ theirs: { area: own.ids.get('hall') } })
    expect(late.text).not.toContain(own.ids.get('attic'))
  })

  it('was heard of and is there by those of its entities that are in sight', async () => {
    await ask('owner', 'PATCH', '/entities/<lamp>', { area: 'attic' })
    own.publish('lamp/state', 'ON')
    expect((await ask('lena', 'GET', '/devices/lamp')).json).toMatchObject({
      entities: [],
      online: null,
      lastSeen: null,
    })
    expect((await ask('owner', 'GET', '/devices/lamp')).json).toMatchObject({ lastSeen: expect.any(String) })
    expect(await ask('lena', 'PATCH', '/devices/lamp', { name: 'Mine' })).toMatchObject({ status: 403 })
  })
})

describe('what is out of sight is in no frame', () => {
  const filters = () => [
    {},
    { areas: ['attic', house.ids.get('attic')!] },
    { devices: ['fan', 'meter'] },
    { areas: ['hall'], devices: ['lamp', 'fan'] },
    { since: 0 },
  ]

  it('of any subscription', async () => {
    const subscribed = limited.flatMap(who => filters().map(filter => ({ who, filter })))
    const streams = subscribed.map(({ who, filter }) => {
      const stream = openStream(house, who)
      stream.send({ type: 'subscribe', ...filter })
      return { who, filter, stream }
    })
    for (const { stream } of streams) await stream.next('snapshot')
    const owner = { who: 'owner' } as const
    for (const [topic, payload] of [
      ['fan/state', 'ON'],
      ['meter/state', '7'],
      ['lamp/state', 'ON'],
      ['home/door', 'open'],
    ] as const)
      house.publish(topic, payload)
    await house.ask({ ...owner, method: 'PATCH', path: '/api/v1/areas/attic', body: { name: 'Attic' } })
    await house.ask({ ...owner, method: 'PATCH', path: '/api/v1/devices/fan', body: { name: 'Fan' } })
    await house.ask({ ...owner, method: 'POST', path: '/api/v1/pairing', body: { seconds: 60 } })
    await house.ask({ ...owner, method: 'PUT', path: '/api/v1/rules/porch', body: { text: '# x\n' } })
    const place = { latitude: 51.5, longitude: 7.25 }
    await house.ask({ ...owner, method: 'PATCH', path: '/api/v1/settings', body: { place } })
    house.clock.advance(20_000)
    for (const { stream } of streams) {
      stream.send({ type: 'subscribe' })
      await stream.next('snapshot')
    }
    const found = streams.flatMap(({ who, filter, stream }) =>
      stream.texts.flatMap(text =>
        [...leaks(text), ...(text.includes('51.5') ? ['place'] : [])].map(
          leak => `${who} ${JSON.stringify(filter)} ${leak}: ${text}`,
        ),
      ),
    )
    expect(found).toEqual([])
    // The lamp is in sight: had nothing come at all, the above would prove nothing.
    const whole = streams.filter(({ filter }) => Object.keys(filter).length === 0)
    for (const { stream } of whole) expect(stream.texts.join()).toContain(house.ids.get('lamp')!)
    for (const { stream } of streams) stream.close()
  })

  it('once rights are others, and what is lost is taken from the screen', async () => {
    const lena = openStream(house, 'lena')
    lena.send({ type: 'subscribe' })
    const before = await lena.next('snapshot')
    expect(before.entities.map(({ name }) => name)).toEqual(['Lamp'])
    const move = (area: string) =>
      house.ask({ who: 'owner', method: 'PATCH', path: '/api/v1/devices/lamp', body: { area } })
    await move('attic')
    house.clock.advance(100)
    expect((await lena.next('removed')).entities).toEqual([house.ids.get('lamp')])
    await move('hall')
    house.clock.advance(100)
    expect((await lena.next('entity')).entity.name).toBe('Lamp')
    const areas = [{ area: 'attic', may: 'see' }]
    await house.ask({ who: 'owner', method: 'PATCH', path: '/api/v1/roles/hall_only', body: { areas } })
    await lena.next('resync')
    expect((await lena.next('snapshot')).entities.map(({ name }) => name)).toEqual(['Fan'])
    const command = { command: 'turn_on', values: {} }
    const path = '/api/v1/entities/<fan>/commands'
    expect(await house.ask({ who: 'lena', method: 'POST', path, body: command })).toMatchObject({ status: 403 })
    lena.close()
  })
})
