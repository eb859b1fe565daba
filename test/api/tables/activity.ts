import type { Row } from '../support/row.ts'

const HIDDEN = { name: null, id: null, run: null, value: null, to: null }
const FOLLOW = 'name: Follow\non: {when: fan.on}\ndo: {turn_on: lamp}\n'

/** A rule that turns on the lamp in the hall after a fan in the attic. */
const followed: Row['given'] = [
  ['PUT /rules/follow', { text: FOLLOW }],
  ['POST /mqtt/publish', { topic: 'fan/state', payload: 'OFF' }],
  ['POST /mqtt/publish', { topic: 'lamp/state', payload: 'OFF' }],
  ['POST /mqtt/publish', { topic: 'fan/state', payload: 'ON' }],
  ['POST /mqtt/publish', { topic: 'lamp/state', payload: 'ON' }],
]
const LAMP = 'GET /activity?entity=<lamp>&kinds=change&limit=1'

export const activityRows: readonly Row[] = [
  {
    why: 'the whole chain',
    given: followed,
    who: 'read',
    ask: LAMP,
    status: 200,
    contains: {
      items: [
        {
          at: '2026-03-01T20:00:00.000Z',
          entity: { id: '<lamp>', name: 'Lamp' },
          device: { name: 'Lamp' },
          area: { id: '<hall>', name: 'Hall' },
          what: { kind: 'change', value: 'on', from: false, to: true, unit: null },
          cause: [
            { kind: 'rule', id: 'follow', name: 'Follow' },
            { kind: 'change', id: '<fan>', name: 'Fan', value: 'on', to: true, run: null },
            { kind: 'token', id: '<adminToken>', name: 'anna' },
          ],
          count: 1,
          first: '2026-03-01T20:00:00.000Z',
        },
      ],
    },
  },
  {
    why: 'the kinds alone of what one may not see',
    given: followed,
    who: 'lena',
    ask: LAMP,
    status: 200,
    contains: {
      items: [
        {
          entity: { name: 'Lamp' },
          cause: [
            { ...HIDDEN, kind: 'rule' },
            { ...HIDDEN, kind: 'change' },
            { ...HIDDEN, kind: 'token' },
          ],
          newest: [{ to: true, run: null }],
        },
      ],
    },
  },
  {
    why: 'words of the cause',
    given: followed,
    who: 'read',
    ask: 'GET /activity?q=Lamp%20follow%20fan&kinds=change',
    status: 200,
    contains: { items: [{ what: { to: true } }] },
  },
  {
    why: 'what may not be read is not found either',
    given: followed,
    who: 'hall',
    ask: 'GET /activity?q=follow',
    status: 200,
    contains: { items: [], next: null },
  },
  {
    why: 'runs are of the whole house',
    given: followed,
    who: 'read',
    ask: 'GET /activity?kinds=run&q=follow',
    status: 200,
    contains: {
      items: [{ entity: null, what: { kind: 'run', rule: 'follow', name: 'Follow', state: 'done' }, count: 1 }],
    },
  },
  { given: followed, who: 'hall', ask: 'GET /activity?kinds=run', status: 200, contains: { items: [] } },
  {
    given: followed,
    who: 'read',
    ask: 'GET /activity?area=attic&kinds=change',
    status: 200,
    contains: { items: [{ entity: { id: '<fan>' }, what: { to: true }, count: 1 }] },
  },
  {
    given: followed,
    who: 'read',
    ask: 'GET /activity?device=fan&area=hall',
    status: 200,
    contains: { items: [], next: null },
  },
  {
    given: followed,
    who: 'read',
    ask: 'GET /activity?from=2026-03-01T20:00:01Z&to=2026-03-01T21:00:00Z',
    status: 200,
    contains: { items: [], next: null },
  },
  { who: 'hall', ask: 'GET /activity?entity=<fan>', status: 404, contains: { code: 'devices.unknown_entity' } },
  { who: 'hall', ask: 'GET /activity?device=fan', status: 404, contains: { code: 'devices.unknown_device' } },
  { who: 'hall', ask: 'GET /activity?area=attic', status: 404, contains: { code: 'devices.unknown_area' } },
  { who: 'read', ask: 'GET /activity?kinds=change,dance', status: 400, contains: { in: 'query', pointer: '/kinds' } },
  { who: 'read', ask: 'GET /activity?limit=201', status: 400, contains: { pointer: '/limit' } },
  { who: 'read', ask: 'GET /activity?limit=0', status: 400, contains: { pointer: '/limit' } },
  { who: 'read', ask: 'GET /activity?cursor=x', status: 400, contains: { pointer: '/cursor' } },
  { who: 'read', ask: 'GET /activity?from=yesterday', status: 400, contains: { pointer: '/from' } },
  { who: 'read', ask: `GET /activity?q=${'x'.repeat(101)}`, status: 400, contains: { pointer: '/q' } },
  { who: 'nobody', ask: 'GET /activity', status: 401 },
]
