import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people, startHouse, type House, type Person, type Who } from './support/house.ts'
import { fillPath, routesOf, type Route } from './support/operations.ts'

// Every operation of the OpenAPI document, asked by everybody: who gets in follows from the scope that the document
// names, whether the operation concerns the whole house, and what the token holds.

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

type Outcome = 'in' | 'sign in first' | 'not allowed'

/** What a token of each person is worth at this moment. */
function scopesOf(who: Who): readonly string[] | null {
  if (['expired', 'disabled', 'lateGuest', 'disabledOwner'].includes(who)) return null
  // Dora's token was made when she was more than a guest.
  if (who === 'lowered') return ['read']
  return people[who]?.scopes ?? null
}

function expected(route: Route, who: Who): Outcome {
  if (route.scope === null) return 'in'
  const scopes = scopesOf(who)
  if (scopes === null) return 'sign in first'
  if (!scopes.includes('admin') && !scopes.includes(route.scope) && route.scope !== 'read') return 'not allowed'
  const person: Person | null = people[who]
  if (!route.takesTokens && (person?.isSignedIn !== true || person.isPass)) return 'not allowed'
  if (!route.takesSessions && person?.isSignedIn === true) return 'not allowed'
  return person?.isLimited && route.operation['x-whole-house'] === true ? 'not allowed' : 'in'
}

async function found(route: Route, who: Who): Promise<Outcome> {
  // Names that nothing has, and no body: whoever gets in changes nothing.
  const path = fillPath(route.path, () => 'nothing')
  const response = await fetch(`${house.url}${path}`, { method: route.method, headers: house.headersOf(who) })
  const outcomes: Record<number, Outcome> = { 401: 'sign in first', 403: 'not allowed' }
  const outcome = outcomes[response.status] ?? 'in'
  if (outcome === 'in') {
    await response.body?.cancel()
    return outcome
  }
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(await response.json()).toMatchObject({
    status: response.status,
    code: outcome === 'not allowed' ? 'api.forbidden' : 'api.unauthorised',
  })
  expect(response.headers.get('www-authenticate')).toBe(response.status === 401 ? 'Bearer' : null)
  return outcome
}

it('asks at least the routes that the hub cannot be without', () => {
  expect(routesOf(house.document).length).toBeGreaterThan(40)
})

describe('rights', () => {
  it('are those that the document names, for everybody on every route', async () => {
    const asked: Record<string, Outcome> = {}
    const wanted: Record<string, Outcome> = {}
    // Signing out comes last: it works.
    const isSignOut = (route: Route) => route.name === 'DELETE /api/v1/session'
    const routes = routesOf(house.document).toSorted((a, b) => Number(isSignOut(a)) - Number(isSignOut(b)))
    for (const route of routes) {
      for (const who of Object.keys(people) as Who[]) {
        wanted[`${who}: ${route.name}`] = expected(route, who)
        asked[`${who}: ${route.name}`] = await found(route, who)
      }
    }
    expect(asked).toEqual(wanted)
  })

  it('are asked before a request is looked at: a stranger learns nothing about its schema', async () => {
    for (const route of routesOf(house.document).filter(each => each.scope !== null)) {
      const path = fillPath(route.path, () => 'x'.repeat(10))
      const answer = await house.ask({ method: route.method, path, who: 'stranger', ...(route.body && { body: '[' }) })
      expect([route.name, answer.status]).toEqual([route.name, 401])
    }
  })

  it('are asked for names that are there as for names that are not', async () => {
    for (const id of ['lamp', 'nothing']) {
      const answer = await house.ask({ method: 'DELETE', path: `/api/v1/devices/${id}`, who: 'read' })
      expect(answer.status).toBe(403)
    }
  })
})
