import type { Row } from '../support/row.ts'

export const mqttRows: readonly Row[] = [
  { who: 'admin', ask: 'GET /mqtt/clients', status: 200, contains: { items: [], next: null } },
  {
    who: 'admin',
    ask: 'POST /mqtt/publish',
    body: { topic: 'lab/x', payload: 'grüß' },
    status: 204,
    passes: [{ topic: 'lab/x', payload: 'grüß', qos: 0, retain: false }],
  },
  {
    who: 'admin',
    ask: 'POST /mqtt/publish',
    body: { topic: 'lab/x', payload: 'AGI=', encoding: 'base64', qos: 2, retain: true },
    status: 204,
    passes: [{ topic: 'lab/x', payload: '\0b', qos: 2, retain: true }],
  },
  {
    why: 'a device speaks',
    who: 'admin',
    ask: 'POST /mqtt/publish',
    body: { topic: 'meter/state', payload: '12' },
    status: 204,
    after: { '/entities/<meter>': { values: { power: { value: 12, confirmed: true } } } },
  },
  {
    why: 'a rule hears it',
    who: 'admin',
    ask: 'POST /mqtt/publish',
    body: { topic: 'home/door', payload: 'open' },
    status: 204,
    passes: [{ topic: 'home/door' }, { topic: 'home/porch', payload: 'ON' }],
  },
  ...['lab/#', 'lab/+', '$SYS/broker/uptime', '', 'a\u0000b'].map((topic): Row => ({
    who: 'admin',
    ask: 'POST /mqtt/publish',
    body: { topic },
    status: 422,
    contains: { code: 'mqtt.bad_topic' },
    passes: [],
  })),
  { who: 'control', ask: 'POST /mqtt/publish', body: { topic: 'lab/x' }, status: 403, passes: [] },
]
