import type { Row } from '../support/row.ts'

/** Where the house's clock stands. */
const START = Date.UTC(2026, 2, 1, 20)

const reports: Row['given'] = [
  ['POST /mqtt/publish', { topic: 'meter/state', payload: '12' }],
  ['POST /mqtt/publish', { topic: 'meter/state', payload: '12' }],
]
const LATER = 'to=2026-03-01T20:00:01Z'

export const historyRows: readonly Row[] = [
  {
    why: 'a number was reported, then the same again',
    given: reports,
    who: 'read',
    ask: `GET /history?entity=<meter>&${LATER}`,
    status: 200,
    contains: {
      items: [
        {
          entity: '<meter>',
          value: 'power',
          unit: 'W',
          kind: 'number',
          counter: false,
          days: 90,
          from: '2026-02-28T20:00:01.000Z',
          to: '2026-03-01T20:00:01.000Z',
          source: 'raw',
          width: 0,
          at: [START],
          values: [12],
          compared: null,
        },
      ],
      next: null,
    },
  },
  {
    given: reports,
    who: 'read',
    ask: `GET /history?entity=<meter>&value=power&resolution=hour&compare=week&from=2026-03-01T20:00:00Z&${LATER}`,
    status: 200,
    contains: {
      items: [
        {
          source: 'hour',
          width: 3_600_000,
          at: [START],
          values: [12],
          min: [12],
          max: [12],
          count: [1],
          compared: { from: '2026-02-22T20:00:00.000Z', to: '2026-02-22T20:00:01.000Z', values: [null] },
        },
      ],
    },
  },
  { who: 'read', ask: 'GET /history?entity=<lamp>', status: 200, contains: { items: [{ value: 'on', at: [] }] } },
  { who: 'hall', ask: 'GET /history?entity=<lamp>', status: 200, contains: { items: [{ entity: '<lamp>' }] } },
  ...['history', 'history/export'].flatMap((path): Row[] => [
    { who: 'hall', ask: `GET /${path}?entity=<meter>`, status: 404, contains: { code: 'devices.unknown_entity' } },
    { who: 'read', ask: `GET /${path}?entity=nothing`, status: 404, contains: { code: 'devices.unknown_entity' } },
    {
      who: 'read',
      ask: `GET /${path}?entity=<meter>&value=energy`,
      status: 404,
      contains: { code: 'history.unknown_value', detail: '"Meter" has no value "energy"; it has power' },
    },
    {
      who: 'read',
      ask: `GET /${path}?entity=<meter>&from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z`,
      status: 422,
      contains: { code: 'history.bad_range' },
    },
    { who: 'read', ask: `GET /${path}`, status: 400, contains: { in: 'query', pointer: '/entity' } },
    { who: 'read', ask: `GET /${path}?entity=<meter>&from=yesterday`, status: 400, contains: { pointer: '/from' } },
    { who: 'nobody', ask: `GET /${path}?entity=<meter>`, status: 401 },
  ]),
  {
    who: 'read',
    ask: 'GET /history?entity=<meter>&resolution=5m&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z',
    status: 422,
    contains: { code: 'history.too_many_points' },
  },
  { who: 'read', ask: 'GET /history?entity=<meter>&points=5001', status: 400, contains: { pointer: '/points' } },
  { who: 'read', ask: 'GET /history?entity=<meter>&points=1', status: 400, contains: { pointer: '/points' } },
  {
    given: reports,
    who: 'read',
    ask: `GET /history/export?entity=<meter>&format=json&${LATER}`,
    status: 200,
    contains: {
      items: [
        { time: '2026-03-01T20:00:00.000Z', device: 'meter', entity: 'sensor', value: 'power', reading: 12, unit: 'W' },
      ],
      next: null,
    },
    gives: { 'content-disposition': 'attachment; filename="meter-sensor.json"' },
  },
  {
    given: reports,
    who: 'read',
    ask: `GET /history/export?entity=<meter>&${LATER}`,
    status: 200,
    gives: { 'content-type': 'text/csv; charset=utf-8' },
  },
  {
    given: reports,
    who: 'read',
    ask: 'GET /history/space',
    status: 200,
    contains: { disk: null, perDay: null, fullIn: null, entities: [] },
  },
  { who: 'hall', ask: 'GET /history/space', status: 403 },
  { who: 'read', ask: 'GET /system/writes', status: 200, contains: { perDay: null, cardYears: null, writers: [] } },
  { who: 'hall', ask: 'GET /system/writes', status: 403 },
]
