import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StreamFrame } from '#api'
import { people, startHouse, type House, type Person, type Who } from './support/house.ts'
import { KNOWS, markHouse, type Group, type Marks } from './support/marks.ts'
import { fillPath, routesOf, type Route } from './support/operations.ts'
import { openEvents, openStream } from './support/stream-client.ts'

// Everybody × every route of the document × every subscription, in a house whose things are called by words that stand
// nowhere else: nobody's answers, refusals, headers and frames hold a word that is not for him, nor does the log hold one
// that is for nobody.

let house: House
let marks: Marks
beforeAll(async () => {
  house = await startHouse()
  marks = await markHouse(house)
})
afterAll(() => house.close())

const everybody = Object.keys(people) as Who[]
const isLimited = (who: Who) => (people[who] as Person | null)?.isLimited === true
const isAdmin = (who: Who) => KNOWS[who].includes('admin')

/** Routes that begin or end somebody's session, or do not end. */
const isAside = ({ path, isStream }: Route) => isStream || /\/(session|claim)(\/|$)/.test(path)

/** The parameters of a route that name something. */
const namesIn = ({ operation }: Route) =>
  (operation.parameters ?? []).filter(
    ({ in: place, schema }) =>
      place === 'query' && schema['type'] === 'string' && !('enum' in schema) && !('format' in schema),
  )

/** Each kind of a path that has kinds, once for each word. */
function pathsOf(route: Route, word: string): string[] {
  const kinds = route.operation.parameters?.find(({ in: place, schema }) => place === 'path' && 'enum' in schema)
  const all = (kinds?.schema['enum'] as string[] | undefined) ?? ['']
  return all.map(kind => fillPath(route.path, name => (name === kinds?.name ? kind : word)))
}

/** Properties of a body that name something elsewhere. */
const NAMING = ['area', 'areas', 'device', 'entity', 'entities', 'user']

/** Bodies that name a thing, or take one away, for routes that take such. */
function bodiesOf({ body }: Route, word: string): unknown[] {
  const properties = Object.entries((body?.['properties'] ?? {}) as Record<string, { type?: string }>)
  const named = properties
    .filter(([name]) => NAMING.includes(name))
    .flatMap(([name, { type }]) => [{ [name]: type === 'array' ? [word] : word }, { [name]: null }])
  return body === undefined ? [undefined] : [{}, ...named]
}

interface Asked {
  readonly who: Who
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

function* lookingAt(route: Route, who: Who, words: readonly string[]): Generator<Asked> {
  const { method } = route
  if (!route.path.includes('{')) yield { who, method, path: route.path }
  for (const word of words) {
    if (route.path.includes('{')) for (const path of pathsOf(route, word)) yield { who, method, path }
    for (const { name } of namesIn(route))
      yield { who, method, path: `${fillPath(route.path, () => word)}?${name}=${encodeURIComponent(word)}` }
  }
}

function* changing(route: Route, who: Who, words: readonly string[]): Generator<Asked> {
  const { method } = route
  for (const word of route.path.includes('{') ? words : words.slice(0, 2))
    for (const path of pathsOf(route, word)) for (const body of bodiesOf(route, word)) yield { who, method, path, body }
}

/** Asks all of a route at once, and looks into the answers and what was logged meanwhile. */
async function leaksOf(requests: readonly Asked[]): Promise<{ leaks: string[]; told: string }> {
  const logged = house.logged.length
  const answers = await Promise.all(
    requests.map(async request => {
      const { status, text, headers } = await house.ask(request)
      return { ...request, status, answer: `${JSON.stringify([...headers])} ${text}` }
    }),
  )
  const said = ({ path, body }: Asked) => `${path} ${JSON.stringify(body ?? '')}`
  const leaks = answers.flatMap(({ who, answer, status, ...request }) =>
    marks
      .leaks(who, answer, said({ who, ...request }))
      .map(leak => `${who} ${said({ who, ...request })} ${status}: ${leak}`),
  )
  const log = house.logged.slice(logged).join('\n')
  const inLog = marks.leaks('nobody', log, requests.map(said).join()).map(leak => `in the log: ${leak}`)
  const toAdmins = answers.filter(({ who }) => isAdmin(who)).map(({ answer }) => answer)
  return { leaks: [...leaks, ...inLog], told: toAdmins.join('\n') }
}

describe('what is not for somebody', () => {
  it('is in no answer of any route, whatever it is asked for', { timeout: 120_000 }, async () => {
    const leaks: string[] = []
    const heard = new Set<string>()
    let asked = 0
    const words = (who: Who) => {
      if (isLimited(who) || who === 'owner') return [...marks.seen, ...marks.hidden]
      return marks.hidden.slice(0, KNOWS[who].length > 0 ? 4 : 1)
    }
    for (const route of routesOf(house.document).filter(each => each.method === 'GET' && !isAside(each))) {
      const requests = everybody.flatMap(who => [...lookingAt(route, who, words(who))])
      const found = await leaksOf(requests)
      asked += requests.length
      leaks.push(...found.leaks)
      for (const word of [...marks.of('attic'), ...marks.of('admin')]) if (found.told.includes(word)) heard.add(word)
    }
    expect(leaks).toEqual([])
    expect(asked).toBeGreaterThan(1_000)
    // The words are told to those whom they are for: had nothing come, the above would prove nothing.
    expect([...marks.of('attic'), ...marks.of('admin')].filter(word => !heard.has(word))).toEqual([])
  })

  it('is in no refusal of a change', { timeout: 120_000 }, async () => {
    const leaks: string[] = []
    let asked = 0
    const some = everybody.filter(who => !KNOWS[who].includes('house'))
    for (const route of routesOf(house.document).filter(each => each.method !== 'GET' && !isAside(each))) {
      const words = (who: Who) =>
        isLimited(who) ? [...marks.hidden.slice(0, 9), marks.apart] : marks.hidden.slice(0, 1)
      const requests = some.flatMap(who => [...changing(route, who, words(who))])
      asked += requests.length
      leaks.push(...(await leaksOf(requests)).leaks)
    }
    expect(leaks).toEqual([])
    expect(asked).toBeGreaterThan(1_000)
  })
})

/** Which frames the house makes come, and which come from a stream's own state (test/api/stream*.test.ts). */
const FRAMES: Readonly<Record<StreamFrame['type'], 'comes' | 'own'>> = {
  hello: 'comes',
  snapshot: 'comes',
  delta: 'comes',
  seen: 'comes',
  message: 'comes',
  command: 'comes',
  pairing: 'comes',
  run: 'comes',
  rule: 'comes',
  entity: 'comes',
  removed: 'comes',
  settings: 'comes',
  health: 'comes',
  ping: 'comes',
  dropped: 'own',
  resync: 'own',
  error: 'own',
}

describe('what is not for somebody, on the stream', () => {
  const subscriptions = (who: Who) => [
    { type: 'subscribe' as const, ...(isAdmin(who) ? { topics: ['#'] } : {}) },
    ...(isLimited(who) || who === 'guest'
      ? [
          { type: 'subscribe' as const, areas: ['attic', house.ids.get('attic')!] },
          { type: 'subscribe' as const, devices: ['fan', 'meter', 'lamp'] },
          { type: 'subscribe' as const, since: 0 },
        ]
      : []),
  ]

  it('is in no frame of any subscription', async () => {
    const open = everybody
      .filter(who => KNOWS[who].length > 0)
      .flatMap(who => subscriptions(who).map(filter => ({ who, filter, stream: openStream(house, who) })))
    for (const { stream, filter } of open) stream.send(filter)
    for (const { stream } of open) await stream.next('snapshot')
    const tokens = (['hall', 'hallAdmin', 'read'] as const).map(who => ({ who, events: openEvents(house, who) }))
    for (const { events } of tokens) await events.until('"snapshot"')
    await marks.stir()
    // What comes before the next snapshot has come.
    for (const { stream } of open) {
      stream.send({ type: 'subscribe' })
      await stream.next('snapshot')
    }
    house.clock.advance(1_000)
    for (const { events } of tokens) events.socket.end()
    const texts = await Promise.all(tokens.map(({ events }) => events.closed))
    const leaks = [
      ...open.flatMap(({ who, filter, stream }) =>
        stream.texts.flatMap(text => marks.leaks(who, text).map(leak => `${who} ${JSON.stringify(filter)}: ${leak}`)),
      ),
      ...tokens.flatMap(({ who }, n) => marks.leaks(who, texts[n]!).map(leak => `${who} events: ${leak}`)),
    ]
    expect(leaks).toEqual([])
    const ofOwner = open.find(({ who }) => who === 'owner')!.stream.texts
    const came = new Set(ofOwner.map(text => (JSON.parse(text) as StreamFrame).type))
    const due = Object.entries(FRAMES).filter(([, when]) => when === 'comes')
    expect(due.map(([type]) => type).filter(type => !came.has(type as StreamFrame['type']))).toEqual([])
    for (const { stream } of open) stream.close()
  })

  it('is not in the log, when it is for nobody', () => {
    const nobodys: readonly Group[] = ['secret']
    const log = house.logged.join('\n')
    expect(house.logged.length).toBeGreaterThan(0)
    expect(nobodys.flatMap(group => marks.of(group)).filter(word => log.includes(word))).toEqual([])
  })
})
