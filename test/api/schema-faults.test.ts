import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fitting } from './support/arbitrary.ts'
import type { JsonSchema } from './support/document.ts'
import { startHouse, type House } from './support/house.ts'
import { anyWord, fillPath, routesOf, type Route } from './support/operations.ts'

// From the OpenAPI document: each property of each body left out, of a wrong type, or unknown; each parameter of the
// query or the headers that can be wrong. The answer is a problem that points at it.

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

interface Properties {
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

/** A value that no property of this schema takes. */
function wrongFor(schema: JsonSchema): unknown {
  return /"type":"object"/.test(JSON.stringify(schema)) ? 7 : { wrong: {} }
}

/** The smallest body that fits, and the same for the same route. */
function bodyFor(route: Route): Record<string, unknown> {
  const [body] = fc.sample(fitting(route.body!, house.document), { numRuns: 1, seed: 1 })
  const { required = [] } = route.body as unknown as Properties
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => required.includes(name)))
}

interface Fault {
  readonly what: string
  readonly in: 'body' | 'query' | 'headers'
  readonly pointer: string
  readonly request: { path?: string; body?: unknown; headers?: Record<string, string> }
}

function bodyFaults(route: Route): Fault[] {
  if (route.body === undefined) return []
  const { properties, required = [] } = route.body as unknown as Properties
  const body = bodyFor(route)
  const fault = (what: string, pointer: string, wrong: unknown): Fault => {
    return { what: `${route.name} ${what}`, in: 'body', pointer, request: { body: wrong } }
  }
  return [
    fault('is no object', '', 7),
    fault('with an unknown property', '/nonsense', { ...body, nonsense: 1 }),
    ...required.map(name =>
      fault(`without ${name}`, `/${name}`, Object.fromEntries(Object.entries(body).filter(([key]) => key !== name))),
    ),
    ...Object.entries(properties).map(([name, schema]) =>
      fault(`with a wrong ${name}`, `/${name}`, { ...body, [name]: wrongFor(schema) }),
    ),
  ]
}

/** Parameters that take any text cannot be wrong. */
function canBeWrong(schema: JsonSchema): boolean {
  const choices = schema['anyOf'] as readonly JsonSchema[] | undefined
  if (choices !== undefined) return choices.every(canBeWrong)
  return schema['type'] !== 'string' || ['pattern', 'format', 'enum'].some(key => key in schema)
}

function parameterFaults(route: Route): Fault[] {
  const path = fillPath(route.path, name => anyWord(route, name))
  const body = route.body === undefined ? {} : { body: bodyFor(route) }
  const parameters = route.operation.parameters ?? []
  /** The others that must be there, so that one fault is alone. */
  const beside = (name: string) =>
    parameters.filter(each => each.in === 'query' && each.required && each.name !== name).map(each => `&${each.name}=x`)
  return parameters
    .filter(parameter => parameter.in !== 'path' && canBeWrong(parameter.schema))
    .map(({ name, in: place }) => ({
      what: `${route.name} with a wrong ${name}`,
      in: place === 'header' ? 'headers' : 'query',
      pointer: `/${name}`,
      request:
        place === 'header'
          ? { ...body, headers: { [name]: '!' } }
          : { ...body, path: `${path}?${name}=${'!'.repeat(3)}${beside(name).join('')}` },
    }))
}

describe('a request that fails its schema', () => {
  it('gets a problem that points at what is wrong, on every route', async () => {
    const found: Record<string, unknown> = {}
    const wanted: Record<string, unknown> = {}
    for (const route of routesOf(house.document)) {
      for (const fault of [...bodyFaults(route), ...parameterFaults(route)]) {
        const path = fault.request.path ?? fillPath(route.path, name => anyWord(route, name))
        const answer = await house.ask({ method: route.method, who: 'owner', ...fault.request, path })
        const { code, in: place, pointer } = (answer.json ?? {}) as Record<string, unknown>
        wanted[fault.what] = [400, 'application/problem+json', 'api.invalid_request', fault.in, fault.pointer]
        found[fault.what] = [answer.status, answer.headers.get('content-type')?.split(';')[0], code, place, pointer]
      }
    }
    expect(Object.keys(wanted).length).toBeGreaterThan(80)
    expect(found).toEqual(wanted)
  })

  it('says in words where and what', async () => {
    const says = async (path: string, body: unknown) => {
      const answer = await house.ask({ method: 'POST', path: `/api/v1${path}`, who: 'admin', body })
      return (answer.json as { detail: string }).detail
    }
    expect(await says('/areas', { name: 'Hall', slug: 'Hall!' })).toBe(
      'body.slug: is not a slug: lower-case letters, digits and _, a letter first',
    )
    expect(await says('/tokens', { scopes: ['fly'] })).toMatch(/^body\.scopes\.0: .*"admin".*"read"/)
    expect(await says('/entities/x/commands?wait=1h', { command: 'turn_on' })).toBe(
      'query.wait: is not a duration like 2s or 500ms',
    )
    expect(await says('/entities/x/commands?wait=31s', { command: 'turn_on' })).toBe('query.wait: is longer than 30s')
  })
})
