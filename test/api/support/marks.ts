import { createHash } from 'node:crypto'
import { PASSWORD, type House, type Who } from './house.ts'

/**
 * Who may know a word: who sees the lamp, the hall, the attic, the whole house, who manages it; `secret` words were
 * shown once and nobody may ever hear them again.
 */
export type Group = 'lamp' | 'hall' | 'attic' | 'house' | 'admin' | 'secret'

const MANAGES: readonly Group[] = ['lamp', 'hall', 'attic', 'house', 'admin']
const LOOKS: readonly Group[] = ['lamp', 'hall', 'attic', 'house']
const IN_HALL: readonly Group[] = ['lamp', 'hall']

/** What each person of the house may hear of. */
export const KNOWS: Readonly<Record<Who, readonly Group[]>> = {
  nobody: [],
  stranger: [],
  expired: [],
  disabled: [],
  lateGuest: [],
  disabledOwner: [],
  owner: MANAGES,
  admin: MANAGES,
  ben: MANAGES,
  rules: LOOKS,
  control: LOOKS,
  read: LOOKS,
  lowered: LOOKS,
  guest: LOOKS,
  hall: IN_HALL,
  hallAdmin: IN_HALL,
  lena: IN_HALL,
  visitor: ['lamp'],
}

/** A house full of words that stand nowhere else. */
export interface Marks {
  /** The words of a group. */
  readonly of: (group: Group) => readonly string[]
  /** Words by which routes may be asked: those of things in the hall, and those of things elsewhere. */
  readonly seen: readonly string[]
  readonly hidden: readonly string[]
  /** An entity in the hall whose device is in the attic. */
  readonly apart: string
  /** The words in a text that a person must not hear, but for those that it said itself. */
  leaks(who: Who, text: string, said?: string): string[]
  /** Makes everything happen that a stream tells of, with new words. */
  stir(): Promise<void>
}

class Words {
  readonly #groups = new Map<Group, string[]>()

  /** A word as an address, a slug or a topic may hold it. */
  make(group: Group): string {
    const hash = createHash('sha256').update(`${group} ${this.of(group).length}`)
    return this.add(group, `x${hash.digest('hex').slice(0, 12)}`)
  }

  add(group: Group, word: string): string {
    this.#groups.set(group, [...this.of(group), word])
    return word
  }

  of(group: Group): readonly string[] {
    return this.#groups.get(group) ?? []
  }

  leaks(who: Who, text: string, said: string): string[] {
    const unknown = [...this.#groups].filter(([group]) => !KNOWS[who].includes(group))
    return unknown.flatMap(([group, words]) =>
      words.filter(word => text.includes(word) && !said.includes(word)).map(word => `${group} ${word}`),
    )
  }
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>

function asking(house: House, who: Who): Ask {
  return async (method, path, body) => {
    const answer = await house.ask({ who, method, path: `/api/v1${path}`, ...(body === undefined ? {} : { body }) })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.json
  }
}

/** A device that speaks words of its group; what only the whole house sees of it are words of the house. */
async function addDevice({ house, words, ask }: Parts, group: 'hall' | 'attic' | 'house', area: string | null) {
  const topic = words.make('house')
  const device = {
    identifiers: [words.make('house')],
    name: words.make(group),
    manufacturer: words.make(group),
    model: words.make(group),
    sw_version: words.make(group),
  }
  const config = { unique_id: topic, name: words.make(group), state_topic: `${topic}/state`, device }
  house.publish(`homeassistant/sensor/${topic}/config`, JSON.stringify(config))
  const { candidates } = (await ask('GET', '/pairing')) as { candidates: { id: string; name: string }[] }
  const { id } = candidates.find(({ name }) => name === device.name)!
  const adopted = await ask('POST', `/pairing/candidates/${id}/adopt`, area === null ? {} : { area })
  const { id: own, slug, entities } = adopted as { id: string; slug: string; entities: { id: string }[] }
  const entity = words.add(group, entities[0]!.id)
  words.add(group, own)
  const say = () => house.publish(`${topic}/state`, words.make(group))
  say()
  return { slug, entity, id: own, say }
}

interface Parts {
  readonly house: House
  readonly words: Words
  readonly ask: Ask
}

/** What an answer tells this once. */
type Made = Partial<Record<'id' | 'path' | 'token' | 'password' | 'code' | 'key', string>>

/** People and what they hold. */
async function addAccess({ house, words, ask }: Parts): Promise<{ user: string; token: string; pass: string }> {
  const user = words.make('admin')
  await ask('POST', '/users', { name: user, role: 'guest', password: words.make('secret') })
  await ask('POST', '/roles', { name: words.make('admin'), areas: [{ area: 'attic', may: 'see' }] })
  const entities = [house.ids.get('fan')]
  const until = '2026-03-08T20:00:00Z'
  const pass = (await ask('POST', '/passes', { name: words.make('admin'), entities, until })) as Made
  words.add('secret', pass.path!.split('#')[1]!)
  const token = (await ask('POST', '/tokens', { user, scopes: ['read'], areas: ['attic'] })) as Made
  words.add('secret', token.token!)
  const client = { name: words.make('admin'), publish: [`${words.make('admin')}/#`], subscribe: [], full: false }
  words.add('secret', ((await ask('POST', '/mqtt/credentials', client)) as Made).password!)
  words.add('secret', ((await ask('POST', '/session/links', { user })) as Made).code!)
  const shown = await asking(house, 'guest')('POST', '/session/totp', { password: PASSWORD })
  words.add('secret', (shown as Made).key!)
  const message = { topic: words.make('admin'), payload: words.make('admin'), retain: true }
  await ask('POST', '/mqtt/publish', message)
  return { user, token: words.add('admin', token.id!), pass: words.add('admin', pass.id!) }
}

/** A rule that ran. */
async function addRule({ house, words, ask }: Parts): Promise<{ slug: string; run: string; text: () => string }> {
  const slug = words.make('house')
  const text = () =>
    `# ${words.make('house')}\non: home/bell\ndo:\n  publish: ${words.make('house')}\n  payload: ${words.make('house')}\n`
  await ask('PUT', `/rules/${slug}`, { text: text() })
  house.publish('home/bell', words.make('house'))
  const { items } = (await ask('GET', `/rules/${slug}/runs`)) as { items: { id: string }[] }
  return { slug, run: words.add('house', items[0]!.id), text }
}

function stirring(parts: Parts, things: { rule: { slug: string; text: () => string }; say: readonly (() => void)[] }) {
  const { house, words, ask } = parts
  return async () => {
    for (const say of things.say) say()
    for (const key of ['lamp', 'fan']) house.publish(`${key}/state`, 'ON')
    house.clock.advance(20_000)
    for (const key of ['lamp', 'fan']) house.publish(`${key}/state`, 'ON')
    house.clock.advance(20_000)
    house.publish('home/bell', words.make('house'))
    await ask('PUT', `/rules/${things.rule.slug}`, { text: things.rule.text() })
    await ask('POST', '/entities/<fan>/commands', { command: 'turn_on', values: {} })
    house.publish('fan/state', 'OFF')
    await ask('PATCH', '/areas/attic', { name: words.make('attic') })
    await ask('PATCH', '/devices/fan', { name: words.make('attic') })
    await ask('PATCH', '/devices/lamp', { name: words.make('lamp') })
    await ask('PATCH', '/entities/<fan>', { name: words.make('attic') })
    const place = { latitude: Number(words.add('house', '48.51234567')), longitude: 7 }
    await ask('PATCH', '/settings', { place })
    await ask('POST', '/pairing', { seconds: 60 })
    house.condition.disk = { free: 100e6 }
    await house.health.look()
    const device = { identifiers: [words.make('admin')], name: words.make('admin') }
    const config = { unique_id: words.make('admin'), state_topic: words.make('admin'), device }
    house.publish(`homeassistant/sensor/${words.make('admin')}/config`, JSON.stringify(config))
    await ask('POST', '/mqtt/publish', { topic: words.make('admin'), payload: words.make('admin') })
    const gone = await addDevice(parts, 'attic', 'attic')
    await ask('DELETE', `/devices/${gone.slug}`)
    house.clock.advance(20_000)
  }
}

/** Fills a house with marked things of everybody. */
export async function markHouse(house: House): Promise<Marks> {
  const words = new Words()
  const ask = asking(house, 'owner')
  const parts = { house, words, ask }
  const id = (name: string) => house.ids.get(name)!
  words.add('lamp', id('hall'))
  words.add('lamp', id('lamp'))
  for (const name of ['attic', 'fan', 'command']) words.add('attic', id(name))
  for (const name of ['meter', 'run']) words.add('house', id(name))
  for (const name of ['newcomer', 'ban', 'pass', 'cleo', 'adminToken', 'benToken']) words.add('admin', id(name))
  for (const name of ['linkCode', 'passCode']) words.add('secret', id(name))
  await ask('PATCH', '/areas/hall', { name: words.make('lamp') })
  await ask('PATCH', '/areas/attic', { name: words.make('attic') })
  await ask('PATCH', '/devices/lamp', { name: words.make('lamp') })
  await ask('PATCH', '/devices/fan', { name: words.make('attic') })
  const inHall = await addDevice(parts, 'hall', 'hall')
  // It was elsewhere for a while, which its new place must not tell.
  for (const area of ['attic', 'hall']) await ask('PATCH', `/devices/${inHall.slug}`, { area })
  const inAttic = await addDevice(parts, 'attic', 'attic')
  const nowhere = await addDevice(parts, 'house', null)
  const apart = await addDevice(parts, 'hall', 'attic')
  await ask('PATCH', `/entities/${apart.entity}`, { area: 'hall' })
  const place = { latitude: Number(words.add('house', '51.98761234')), longitude: 7 }
  const retention = { days: 90, classes: {}, entities: { [inAttic.entity]: 3 } }
  await ask('PATCH', '/settings', { place, retention })
  const { user, token, pass } = await addAccess(parts)
  const rule = await addRule(parts)
  return {
    of: group => words.of(group),
    seen: ['lamp', id('lamp'), id('hall')],
    hidden: [
      ...[inAttic.entity, rule.slug, user, 'attic', 'fan', id('attic'), inAttic.slug, id('command'), nowhere.entity],
      ...[rule.run, token, pass],
    ],
    apart: apart.entity,
    leaks: (who, text, said = '') => words.leaks(who, text, said),
    stir: stirring(parts, { rule, say: [inHall.say, inAttic.say, nowhere.say, apart.say] }),
  }
}
