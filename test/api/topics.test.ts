import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TopicBranchJson, TopicDetailJson } from '#api'
import { startHouse, type House } from './support/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

const get = async (path: string) => (await house.ask({ method: 'GET', path: `/api/v1${path}`, who: 'admin' })).json
const branches = async (query: string) =>
  (await get(`/mqtt/topics?${query}`)) as { items: TopicBranchJson[]; next: string | null }
const detail = async (topic: string) =>
  (await get(`/mqtt/topics/detail?topic=${encodeURIComponent(topic)}`)) as TopicDetailJson
const publish = (body: object) => house.ask({ method: 'POST', path: '/api/v1/mqtt/publish', who: 'admin', body })

describe('the tree of topics', () => {
  it('begins with what is retained, and knows whose topics they are', async () => {
    const { items } = await branches('prefix=homeassistant/light/lamp')
    expect(items).toEqual([
      {
        level: 'config',
        topic: 'homeassistant/light/lamp/config',
        topics: 1,
        messages: 1,
        lastAt: expect.any(String),
        message: expect.objectContaining({ retain: true, encoding: 'utf8', client: null }),
        device: { id: expect.any(String), name: 'Lamp' },
      },
    ])
  })

  it('shows what comes while somebody looks, page by page, the broker’s own topics too', async () => {
    await branches('')
    house.publish('yard/gate', 'open')
    house.publish('yard/bin/paper', 'full')
    const first = await branches('prefix=yard/&limit=1')
    expect(first).toMatchObject({ items: [{ level: 'bin', topics: 1, message: null, device: null }], next: 'bin' })
    const second = await branches('prefix=yard/&limit=1&after=bin')
    expect(second).toMatchObject({ items: [{ level: 'gate', message: { payload: 'open' } }], next: null })
    expect((await branches('')).items.map(({ level }) => level)).toContain('$SYS')
  })

  it('cuts a long payload between characters', async () => {
    await branches('')
    house.publish('long', '😀'.repeat(300))
    const long = (await branches('')).items.find(({ level }) => level === 'long')!
    expect(long.message).toMatchObject({ payload: '😀'.repeat(100), encoding: 'utf8', size: 1_200 })
  })
})

describe('the search for topics', () => {
  const search = async (match: string, more = '') => {
    const query = new URLSearchParams({ match }).toString()
    return (await get(`/mqtt/topics/search?${query}${more}`)) as { items: TopicBranchJson[]; next: string | null }
  }
  const topics = async (match: string) => (await search(match)).items.map(({ topic }) => topic)

  it('finds a part of a topic in any case of letters, and what a filter matches', async () => {
    await branches('')
    house.publish('cellar/Pump/state', 'on')
    house.publish('cellar/pump/power', '40')
    expect(await topics('PUMP')).toEqual(['cellar/Pump/state', 'cellar/pump/power'])
    expect(await topics('cellar/+/state')).toEqual(['cellar/Pump/state'])
    expect(await topics('cellar/#')).toEqual(['cellar/Pump/state', 'cellar/pump/power'])
    expect(await topics('nowhere')).toEqual([])
  })

  it('goes page by page', async () => {
    const first = await search('pump', '&limit=1')
    expect(first).toMatchObject({ items: [{ topic: 'cellar/Pump/state' }], next: 'cellar/Pump/state' })
    expect(await search('pump', `&limit=1&after=${first.next}`)).toMatchObject({
      items: [{ topic: 'cellar/pump/power', message: { payload: '40' } }],
      next: null,
    })
  })
})

describe('one topic', () => {
  it('has its messages, newest first, and what is retained', async () => {
    await detail('attic/hatch')
    await publish({ topic: 'attic/hatch', payload: 'kept', retain: true })
    await publish({ topic: 'attic/hatch', payload: '/w==', encoding: 'base64' })
    expect(await detail('attic/hatch')).toMatchObject({
      topic: 'attic/hatch',
      retained: { payload: 'kept', retain: true },
      messages: [
        { payload: '/w==', encoding: 'base64', size: 1 },
        { payload: 'kept', encoding: 'utf8' },
      ],
      device: null,
    })
  })
})
