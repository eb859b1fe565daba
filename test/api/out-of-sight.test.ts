import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people, startHouse, type House, type Person, type Who } from './support/house.ts'
import { fillPath, routesOf, type Route } from './support/operations.ts'
import { openStream } from './support/stream-client.ts'

// Whoever sees parts of the house does not even learn whether there is a rest: not by how an answer differs from that for
// a name nobody has. What stands in answers and frames, matrix.test.ts looks for.

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

const limited = (Object.keys(people) as Who[]).filter(who => (people[who] as Person | null)?.isLimited)

/** Everything hidden by which a route could be asked. */
const hiddenWords = () => ['attic', 'fan', 'porch', ...IDS.map(name => house.ids.get(name)!)]
const IDS = ['attic', 'fan', 'newcomer', 'run', 'command', 'cleo']

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
  it('is answered as what nobody has, by every route', { timeout: 120_000 }, async () => {
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

  it('names no place that is hidden, when it is to lie where its device does', async () => {
    await ask('owner', 'PATCH', '/devices/lamp', { area: 'attic' })
    await ask('owner', 'PATCH', '/entities/<lamp>', { area: 'hall' })
    const refused = await ask('lena', 'PATCH', '/entities/<lamp>', { area: null })
    expect(refused.json).toMatchObject({ status: 403, detail: 'your rights on the house lack "edit"' })
    await ask('owner', 'PATCH', '/devices/lamp', { area: 'hall' })
    expect(await ask('lena', 'PATCH', '/entities/<lamp>', { area: null })).toMatchObject({ status: 200 })
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

describe('a stream', () => {
  it('follows when rights are others, and takes what is lost from the screen', async () => {
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
