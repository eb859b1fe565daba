import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHouse, type House, type Who } from './support/house.ts'
import type { ActivityJson } from '#api'

let house: House
beforeAll(async () => {
  house = await startHouse()
  house.publish('lamp/state', 'OFF')
})
afterAll(() => house.close())

async function ask(who: Who, query: string): Promise<{ items: ActivityJson[]; next: string | null }> {
  const { status, json } = await house.ask({ method: 'GET', path: `/api/v1/activity?${query}`, who })
  expect(status).toBe(200)
  return json as { items: ActivityJson[]; next: string | null }
}

/** The lamp is turned on by somebody, and says that it is; then off by a hand. */
async function turnOn(who: Who): Promise<void> {
  const body = { command: 'turn_on', values: {} }
  const { status } = await house.ask({ method: 'POST', path: '/api/v1/entities/<lamp>/commands', who, body })
  expect(status).toBe(202)
  house.publish('lamp/state', 'ON')
  house.clock.advance(20_000)
  house.publish('lamp/state', 'OFF')
}

it.each([
  { who: 'owner', cause: { kind: 'user', name: 'anna', id: null }, isSeenBy: [] },
  { who: 'control', cause: { kind: 'token', name: 'anna', id: 'controlToken' }, isSeenBy: [] },
  { who: 'lena', cause: { kind: 'user', name: 'lena', id: null }, isSeenBy: ['lena'] },
  { who: 'visitor', cause: { kind: 'pass', name: 'Visit', id: 'pass' }, isSeenBy: ['visitor'] },
] as const)('the command of $who is told as theirs, to whom may know', async ({ who, cause, isSeenBy }) => {
  await turnOn(who)
  const id = cause.id === null ? null : house.ids.get(cause.id)
  const named = { ...cause, id, run: null, value: null, to: null }
  const causesFor = async (reader: Who) => {
    const { items } = await ask(reader, `entity=${house.ids.get('lamp')}&kinds=change`)
    return items.find(({ cause: chain }) => chain[0]?.kind === cause.kind)!.cause
  }
  expect(await causesFor('read')).toEqual([named])
  for (const reader of ['hall', 'lena', 'visitor'] as const) {
    const isSeen = isSeenBy.some(each => each === reader)
    expect(await causesFor(reader)).toEqual([isSeen ? named : { ...named, name: null, id: null }])
  }
  // The next one begins bursts of its own.
  house.clock.advance(600_000)
})

it('where it was is found by those who may read it', async () => {
  const move = (area: string) =>
    house.ask({ method: 'PATCH', path: '/api/v1/devices/lamp', who: 'owner', body: { area } })
  await move('attic')
  house.publish('lamp/state', 'ON')
  await move('hall')
  const found = async (who: Who, q: string) => (await ask(who, `q=${q}&kinds=change`)).items.length
  expect(await found('read', 'attic')).toBe(1)
  for (const who of ['hall', 'lena', 'visitor'] as const) {
    expect(await found(who, 'attic')).toBe(0)
    expect(await found(who, 'lamp')).toBeGreaterThan(0)
    expect(await found(who, 'hall')).toBeGreaterThan(0)
  }
  house.publish('lamp/state', 'OFF')
  house.clock.advance(600_000)
})

it('pages through all of it once, newest first', async () => {
  const { items: all, next } = await ask('read', 'limit=200')
  expect(next).toBeNull()
  const paged: ActivityJson[] = []
  let cursor = ''
  while (true) {
    const page = await ask('read', `limit=3${cursor}`)
    paged.push(...page.items)
    if (page.next === null) break
    cursor = `&cursor=${page.next}`
  }
  expect(paged).toEqual(all)
  expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((a, b) => b - a))
})
