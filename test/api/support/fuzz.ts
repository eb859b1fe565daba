import fc from 'fast-check'
import { fitting } from './arbitrary.ts'
import { people, startHouse, type House, type Who } from './house.ts'
import { fillPath, routesOf, type Route } from './operations.ts'

interface FuzzRequest {
  readonly ids: readonly string[]
  readonly query: string
  readonly body: unknown
  readonly headers: Record<string, string>
  readonly who: Who
}

const everybody = Object.keys(people) as Who[]

/** A body that is deeper than any schema. */
const DEEP = '{"a":'.repeat(20_000)

const CONTENT_TYPES = [
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'application/xml',
  'multipart/form-data',
  'x',
]

/** Path parameters: what is there, and what nobody expects. */
function pathWords(house: House): fc.Arbitrary<string> {
  const known = ['hall', 'lamp', 'porch', 'anna', 'c-lab', ...house.ids.values()]
  return fc.oneof(
    fc.constantFrom(...known),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.constantFrom('..', '%', '__proto__', '\u0000', 'x'.repeat(400)),
  )
}

function requests(house: House, route: Route): fc.Arbitrary<FuzzRequest> {
  const parameters = route.operation.parameters ?? []
  const query = parameters
    .filter(each => each.in === 'query')
    .map(({ name, schema }) =>
      fc.option(fc.oneof(fitting(schema, house.document), fc.string())).map(value => [name, value] as const),
    )
  const body = route.body === undefined ? fc.constant(undefined) : fitting(route.body, house.document)
  return fc.record({
    ids: fc.array(pathWords(house), { minLength: 3, maxLength: 3 }),
    query: fc
      .tuple(...query)
      .map(pairs =>
        new URLSearchParams(
          pairs.filter(([, v]) => v !== null).map(([k, v]): [string, string] => [k, String(v)]),
        ).toString(),
      ),
    body: fc.oneof(
      { arbitrary: body, weight: 6 },
      { arbitrary: fc.jsonValue(), weight: 1 },
      { arbitrary: fc.constantFrom('{', '', '{"__proto__":{}}', '[]', 'null', '\u0000', DEEP, '1e999'), weight: 1 },
    ),
    headers: fc.oneof(
      fc.constant({}),
      fc.constantFrom({ 'if-match': '"1"' }, { 'if-match': '*' }, { 'if-match': 'W/"99"' }, { 'if-match': '""' }),
      fc.constantFrom(...CONTENT_TYPES.map(type => ({ 'content-type': type }))),
    ),
    who: fc.constantFrom('admin', 'admin', 'owner', 'owner', ...everybody),
  })
}

/** Asks and lets the house's clock run until the answer is there: `?wait=` waits on it. */
async function askWithTime(house: House, route: Route, request: FuzzRequest) {
  let next = 0
  const filled = fillPath(route.path, () => request.ids[next++ % request.ids.length]!)
  const { method } = route
  const path = request.query === '' ? filled : `${filled}?${request.query}`
  const { who, headers } = request
  const body = method === 'GET' || method === 'DELETE' ? undefined : request.body
  const answer = house.ask({ method, path, who, headers, body })
  let isThere = false
  void answer.finally(() => (isThere = true))
  while (!isThere) {
    await new Promise(resolve => setImmediate(resolve))
    house.clock.advance(100)
  }
  return answer
}

/** What is wrong with an answer, or null: 5xx, a problem that is none, something logged. */
function complaintAbout(answer: Awaited<ReturnType<House['ask']>>): string | null {
  if (answer.status >= 500) return `${answer.status} ${answer.text}`
  if (answer.status < 400) return null
  const problem = answer.json as { status?: unknown; code?: unknown; detail?: unknown } | undefined
  const isProblem =
    answer.headers.get('content-type')?.startsWith('application/problem+json') === true &&
    problem?.status === answer.status &&
    typeof problem.code === 'string' &&
    typeof problem.detail === 'string'
  return isProblem ? null : `no problem document: ${answer.status} ${answer.text}`
}

/** Asks every route of the document `runs` times with what its schema allows and with what it does not. */
export async function fuzzApi(seed: number, runs: number): Promise<{ asked: number; taken: number }> {
  const house = await startHouse()
  const report = { asked: 0, taken: 0 }
  try {
    for (const route of routesOf(house.document).filter(each => !each.isStream)) {
      const property = fc.asyncProperty(requests(house, route), async request => {
        const answer = await askWithTime(house, route, request)
        report.asked++
        if (answer.status < 400) report.taken++
        const complaint = complaintAbout(answer) ?? house.complaints[0] ?? null
        if (complaint !== null) throw new Error(`${route.name}: ${complaint}`)
      })
      await fc.assert(property, { seed, numRuns: runs, endOnFailure: true })
    }
  } finally {
    await house.close()
  }
  return report
}
