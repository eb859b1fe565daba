import { beforeEach, describe, expect, it } from 'vitest'
import { createCauses } from '#kernel'
import { RecentMessages } from '../../../devices/registry/recent.ts'
import { createHouse, type House } from '../support/house.ts'
import { cause } from './announced.ts'

let house: House
beforeEach(async () => {
  house = await createHouse()
})

const sensor = (id: string, more: object = {}) =>
  JSON.stringify({ name: id, stat_t: `s/${id}`, dev: { ids: id }, ...more })
const topicOf = (id: string) => `homeassistant/sensor/${id}/config`

describe('what a house may hold', () => {
  it('names of at most 200 characters', () => {
    const dev = { ids: 'x'.repeat(10_000), name: 'n'.repeat(10_000), mf: 'm'.repeat(10_000), mdl: 'o'.repeat(10_000) }
    house.tell(topicOf('big'), sensor('big', { name: 'e'.repeat(10_000), dev }))
    const [candidate] = house.registry.candidates()
    expect(candidate!.name).toHaveLength(200)
    expect(candidate!.manufacturer).toHaveLength(200)
    expect(candidate!.entities[0]!.name).toHaveLength(200)
    expect(candidate!.identifiers[0]!.length).toBeLessThanOrEqual(203)
  })

  it('announcements of at most 256 KiB', () => {
    house.tell(topicOf('big'), sensor('big', { pad: 'x'.repeat(262_144) }))
    expect(house.registry.candidates()).toEqual([])
    expect(house.registry.faults()[0]!.message).toMatch(
      /^the announcement has 26\d{4} bytes, at most 262144 are taken$/,
    )
  })

  it('64 MiB of announcements in all', () => {
    const pad = 'x'.repeat(262_000)
    for (let i = 0; i < 257; i++) house.tell(topicOf(`p${i}`), sensor('same', { name: `p${i}`, uniq_id: `${i}`, pad }))
    expect(house.registry.candidates()[0]!.entities).toHaveLength(256)
    expect(house.registry.faults()[0]!.message).toMatch(/no room for more announcements; forget some devices first/)
  })

  it('500 entities of one device', () => {
    const part = (n: number) => [`c${n}`, { p: 'sensor', name: `C${n}`, stat_t: `c/${n}`, uniq_id: `${n}` }]
    const cmps = Object.fromEntries(Array.from({ length: 501 }, (_, n) => part(n)))
    house.tell('homeassistant/device/d/config', JSON.stringify({ dev: { ids: 'd', name: 'D' }, cmps }))
    expect(house.registry.candidates()[0]!.entities).toHaveLength(500)
    expect(house.registry.faults()[0]!.message).toBe('D has 500 entities; the rest is left out')
  })

  it('2,000 devices', async () => {
    for (let i = 0; i < 2_001; i++) house.tell(topicOf(`d${i}`), sensor(`d${i}`))
    expect(house.registry.candidates()).toHaveLength(2_000)
    expect(house.registry.faults()).toEqual([
      { topic: topicOf('d2000'), message: 'the hub holds 2000 devices; forget some first' },
    ])
    await house.registry.forget(house.registry.candidates()[0]!.id, cause)
    house.tell(topicOf('d2000'), sensor('d2000', { name: 'again' }))
    expect(house.registry.candidates()).toHaveLength(2_000)
    expect(house.registry.faults()).toEqual([])
  })

  it('the faults of the last 1,000 topics', () => {
    for (let i = 0; i < 1_001; i++) house.tell(topicOf(`f${i}`), 'x')
    const topics = house.registry.faults().map(({ topic }) => topic)
    expect(topics).toHaveLength(1_000)
    expect(topics[0]).toBe(topicOf('f1'))
  })

  it('32 identifiers of one device', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `i${i}`)
    house.tell(topicOf('ids'), sensor('ids', { dev: { ids } }))
    expect(house.registry.candidates()[0]!.identifiers).toHaveLength(32)
  })
})

describe('the memory for messages that nobody claims', () => {
  let now = 0
  const memory = () => {
    let n = 0
    return new RecentMessages({ now: () => now, causes: createCauses(() => String(++n)) })
  }
  const message = (topic: string, text: string) => {
    const payload = new TextEncoder().encode(text)
    return { topic, payload, user: 'esp', clientId: 'esp-1' }
  }
  const exact = (filter: string) => ({ filter, isExact: true })
  const textsOf = (found: readonly { payload: Uint8Array }[]) =>
    found.map(each => new TextDecoder().decode(each.payload))

  beforeEach(() => {
    now = 1_000_000
  })

  it('gives the last message of a topic once, with who said it and when', () => {
    const recent = memory()
    recent.keep(message('a', 'long ago'))
    now += 1_000
    recent.keep(message('a', 'new'))
    const found = recent.take(exact('a'))
    expect(textsOf(found)).toEqual(['new'])
    expect(found[0]).toMatchObject({
      at: now,
      publisher: { user: 'esp', clientId: 'esp-1' },
      cause: { kind: 'device' },
    })
    expect(recent.take(exact('a'))).toEqual([])
  })

  it('copies what it keeps', () => {
    const recent = memory()
    const first = message('a', 'one')
    recent.keep(first)
    first.payload.fill(0x78)
    expect(textsOf(recent.take(exact('a')))).toEqual(['one'])
  })

  it('finds several by a filter, and keeps them', () => {
    const recent = memory()
    for (const topic of ['a/1', 'a/2', 'b/1']) recent.keep(message(topic, topic))
    const filter = { filter: 'a/+', isExact: false }
    expect(textsOf(recent.take(filter))).toEqual(['a/1', 'a/2'])
    expect(textsOf(recent.take(filter))).toEqual(['a/1', 'a/2'])
  })

  it('forgets after a minute, to the millisecond', () => {
    const recent = memory()
    recent.keep(message('a', 'x'))
    recent.keep(message('b', 'x'))
    now += 60_000
    expect(recent.take(exact('a'))).toHaveLength(1)
    now += 1
    expect(recent.take(exact('b'))).toEqual([])
  })

  it('keeps at least the last 1,000 topics and at most 2,000', () => {
    const recent = memory()
    for (let i = 0; i < 5_000; i++) recent.keep(message(`t/${i}`, 'x'))
    const kept = recent.take({ filter: 't/+', isExact: false }).length
    expect(kept).toBeGreaterThanOrEqual(1_000)
    expect(kept).toBeLessThanOrEqual(2_000)
    expect(recent.take(exact('t/4999'))).toHaveLength(1)
  })

  it('keeps at most 4 MiB', () => {
    const recent = memory()
    const text = 'x'.repeat(30_000)
    for (let i = 0; i < 500; i++) recent.keep(message(`t/${i}`, text))
    const bytes = recent.take({ filter: 't/+', isExact: false }).length * text.length
    expect(bytes).toBeLessThanOrEqual(4_194_304)
    expect(recent.take(exact('t/499'))).toHaveLength(1)
  })

  it('keeps nothing of a topic whose last message is longer than 64 KiB', () => {
    const recent = memory()
    recent.keep(message('a', 'small'))
    recent.keep(message('a', 'x'.repeat(65_537)))
    expect(recent.take(exact('a'))).toEqual([])
  })

  it('keeps a growing message whole', () => {
    const recent = memory()
    for (const length of [1, 50, 129, 5_000, 3]) recent.keep(message('a', 'x'.repeat(length)))
    expect(textsOf(recent.take(exact('a')))).toEqual(['xxx'])
  })
})
