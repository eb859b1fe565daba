import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHouse, type Answer, type House, type Who } from './support/house.ts'
import { routesOf } from './support/operations.ts'
import type { Row } from './support/row.ts'
import { accessRows } from './tables/access.ts'
import { activityRows } from './tables/activity.ts'
import { areaRows } from './tables/areas.ts'
import { deviceRows } from './tables/devices.ts'
import { entityRows } from './tables/entities.ts'
import { historyRows } from './tables/history.ts'
import { doorRows } from './tables/doors.ts'
import { mqttRows } from './tables/mqtt.ts'
import { pairingRows } from './tables/pairing.ts'
import { rightRows } from './tables/rights.ts'
import { ruleRows } from './tables/rules.ts'
import { sessionRows } from './tables/sessions.ts'
import { settingsRows } from './tables/settings.ts'
import { systemRows } from './tables/system.ts'
import { mergeRows, versionRows } from './tables/versions.ts'

const tables: Readonly<Record<string, readonly Row[]>> = {
  devices: deviceRows,
  entities: entityRows,
  history: historyRows,
  activity: activityRows,
  areas: areaRows,
  pairing: pairingRows,
  rights: rightRows,
  doors: doorRows,
  rules: ruleRows,
  settings: settingsRows,
  access: accessRows,
  sessions: sessionRows,
  mqtt: mqttRows,
  system: systemRows,
  versions: versionRows,
  merges: mergeRows,
}

// Requests that only look share a house; each of the others has one of its own.
let shared: House
beforeAll(async () => {
  shared = await startHouse()
})
afterAll(() => shared.close())

const onlyLooks = (row: Row) => row.ask.startsWith('GET ') && row.given === undefined && row.isUnclaimed === undefined

const isRoot = (path: string) => ['/healthz', '/readyz', '/metrics'].includes(path)

async function askIn(
  house: House,
  line: string,
  request: Pick<Row, 'body' | 'headers'> & { who: Who },
): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ')
  return house.ask({ ...request, method, path: isRoot(path) ? path : `/api/v1${path}` })
}

/** Puts ids in the place of their names, in all texts of a value. */
function fill(value: unknown, ids: House['ids']): unknown {
  if (typeof value === 'string') return value.replace(/<(\w+)>/g, (whole, name: string) => ids.get(name) ?? whole)
  if (Array.isArray(value)) return value.map(each => fill(each, ids))
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, ids)])) : value
}

const newestNote = async (house: House) => (await askIn(house, 'GET /audit?limit=1', { who: 'admin' })).json

/** What the audit log does not hold: what is switched stands in the activity, and neither a draft nor a shown key changes anything. */
const UNNOTED = /^(GET |POST \/entities\/[^/]+\/commands|POST \/rules\/(check|complete)|POST \/session\/totp$)/
const isNoted = ({ ask: line, changesNothing }: Row) => !UNNOTED.test(line) && changesNothing !== true

async function check(house: House, row: Row): Promise<void> {
  const ask = askIn.bind(null, house)
  const filled = (value: unknown) => fill(value, house.ids)
  const given: unknown[] = []
  for (const [line, body] of row.given ?? []) {
    const answer = await ask(line, { who: row.givenBy ?? 'admin', body: filled(body) })
    expect(answer.status, `${line}: ${answer.text}`).toBeLessThan(300)
    given.push(answer.json)
  }
  const before = house.passed.length
  const noted = await newestNote(house)
  const body = typeof row.body === 'function' ? row.body(given, house.clock.now()) : filled(row.body)
  const answer = await ask(row.ask, { ...row, body })
  expect(answer.status, answer.text).toBe(row.status)
  if (row.status < 300 && isNoted(row)) expect(await newestNote(house), 'the audit log').not.toEqual(noted)
  if (row.status >= 400) expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  if (row.status === 204) expect(answer.text).toBe('')
  if (row.contains !== undefined) expect(answer.json).toMatchObject(filled(row.contains) as object)
  for (const [name, value] of Object.entries(row.gives ?? {})) expect(answer.headers.get(name)).toBe(filled(value))
  for (const [path, seen] of Object.entries(row.after ?? {})) {
    const found = await ask(`GET ${path}`, { who: 'admin' })
    if (typeof seen === 'number') expect(found.status, path).toBe(seen)
    else expect(found.json, path).toMatchObject(filled(seen) as object)
  }
  if (row.passes !== undefined) expect(house.passed.slice(before)).toMatchObject(row.passes)
}

const nameOf = ({ who, ask: line, body, status, why }: Row) => {
  const shown = body === undefined ? '' : ` ${JSON.stringify(body)}`
  return `${who} ${line}${shown.slice(0, 100)} -> ${status}${why === undefined ? '' : ` (${why})`}`
}

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  it.each(rows.map(row => [nameOf(row), row] as const))('%s', async (_title, row) => {
    const house = onlyLooks(row) ? shared : await startHouse({ isUnclaimed: row.isUnclaimed ?? false })
    try {
      await check(house, row)
      expect(house.complaints).toEqual([])
    } finally {
      if (house !== shared) await house.close()
    }
  })
})

describe('the tables', () => {
  /** The route that a row asks, `GET /api/v1/areas/{id}`. */
  const routeOf = (row: Row) => {
    const [method = '', path = ''] = row.ask.split('?')[0]!.split(' ')
    const asked = (isRoot(path) ? path : `/api/v1${path}`).split('/')
    const fits = (route: string) => {
      const parts = route.split('/')
      return parts.length === asked.length && parts.every((part, i) => part.startsWith('{') || part === asked[i])
    }
    const exact = (path_: string) => path_.split('{').length
    return routesOf(shared.document)
      .filter(route => route.method === method && fits(route.path))
      .toSorted((a, b) => exact(a.path) - exact(b.path))[0]?.name
  }

  it('ask every route that does not stream, once at least with success', () => {
    const asked = new Set(
      Object.values(tables)
        .flat()
        .filter(row => row.status < 300)
        .map(routeOf),
    )
    const routes = routesOf(shared.document).filter(route => !route.isStream)
    expect(routes.map(route => route.name).filter(name => !asked.has(name))).toEqual([])
  })
})
