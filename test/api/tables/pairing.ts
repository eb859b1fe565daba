import type { Row } from '../support/row.ts'

const CALLS = [
  { topic: 'homeassistant/status', payload: 'online' },
  { topic: 'shellies/command', payload: 'announce' },
  { topic: 'esphome/discover', payload: '' },
]

/** The pairing window, guests and knocks. Time begins at 20:00 and stands still. */
export const pairingRows: readonly Row[] = [
  {
    who: 'admin',
    ask: 'GET /pairing',
    status: 200,
    contains: {
      until: null,
      batch: false,
      candidates: [
        { id: '<stranger>', name: 'Stranger', guest: '<guest>', entities: [{ component: 'sensor' }] },
        { id: '<newcomer>', name: 'Newcomer', dialect: 'home-assistant', guest: null },
      ],
      guests: [
        {
          ...{ id: '<guest>', address: '192.0.2.9', clientId: 'stranger-1', username: null, hasPassword: false },
          ...{ connected: true, messages: 1, candidates: ['<stranger>'] },
          topics: [{ topic: 'homeassistant/sensor/stranger/config', encoding: 'utf8' }],
        },
      ],
      knocks: [{ id: '<knock>', address: '192.0.2.8', username: 'mqtt', reason: 'wrong_password', count: 1 }],
      faults: [],
    },
  },
  {
    who: 'admin',
    ask: 'GET /pairing/candidates/<newcomer>',
    status: 200,
    contains: { name: 'Newcomer', entities: [{ component: 'sensor' }] },
  },
  { who: 'admin', ask: 'GET /pairing/candidates/nobody', status: 404, contains: { code: 'devices.unknown_candidate' } },
  {
    who: 'admin',
    ask: 'POST /pairing/candidates/<newcomer>/adopt',
    body: { name: 'Thermometer', area: 'hall' },
    status: 201,
    contains: { slug: 'thermometer', name: 'Thermometer', area: { slug: 'hall' }, version: 1 },
    after: { '/pairing': { candidates: [{ id: '<stranger>' }] }, '/devices/thermometer': { name: 'Thermometer' } },
  },
  {
    why: 'its own name',
    who: 'admin',
    ask: 'POST /pairing/candidates/<newcomer>/adopt',
    body: {},
    status: 201,
    contains: { slug: 'newcomer', area: null },
  },
  {
    who: 'admin',
    ask: 'POST /pairing/candidates/<newcomer>/adopt',
    body: { area: 'cellar' },
    status: 404,
    contains: { code: 'devices.unknown_area' },
    after: { '/pairing': { candidates: [{}, {}] } },
  },
  {
    why: 'is adopted already',
    given: [['POST /pairing/candidates/<newcomer>/adopt', {}]],
    who: 'admin',
    ask: 'POST /pairing/candidates/<newcomer>/adopt',
    body: {},
    status: 404,
    contains: { code: 'devices.unknown_candidate' },
  },
  {
    who: 'admin',
    ask: 'GET /pairing/candidates/<stranger>',
    status: 200,
    contains: { name: 'Stranger', guest: '<guest>' },
  },
  {
    who: 'admin',
    ask: 'POST /pairing/candidates/<stranger>/adopt',
    body: {},
    status: 409,
    contains: { code: 'pairing.no_password' },
    after: { '/pairing': { candidates: [{}, {}], guests: [{}] } },
    passes: [],
  },
  {
    who: 'admin',
    ask: 'POST /pairing/candidates/<stranger>/adopt',
    body: { allowWithoutPassword: true, name: 'Weak', area: 'cellar' },
    status: 404,
    contains: { code: 'devices.unknown_area' },
    after: { '/pairing': { guests: [{}] } },
  },
  {
    who: 'admin',
    ask: 'POST /pairing/candidates/<stranger>/adopt',
    body: { allowWithoutPassword: true, name: 'Weak', area: 'hall' },
    status: 201,
    contains: { slug: 'weak', area: { slug: 'hall' }, entities: [{ component: 'sensor' }] },
    after: {
      '/pairing': { candidates: [{ id: '<newcomer>' }], guests: [] },
      '/devices/weak/connection': { login: 'none', clientId: 'stranger-1' },
      '/mqtt/credentials': {
        items: [
          { username: 'c-lab', user: 'c-lab', clientId: null, origin: 'issued', device: null },
          {
            ...{ username: '', clientId: 'stranger-1', kind: 'device', origin: 'none', full: false },
            ...{
              publish: ['homeassistant/sensor/stranger/config', 'stranger/state', 'stranger/#'],
              subscribe: ['homeassistant/status', 'stranger/#'],
            },
          },
        ],
      },
    },
    passes: [{ topic: 'homeassistant/sensor/stranger/config', retain: true }],
  },
  {
    who: 'admin',
    ask: 'POST /pairing',
    body: {},
    status: 200,
    contains: { until: '2026-03-01T20:05:00.000Z', batch: false },
    after: { '/pairing': { until: '2026-03-01T20:05:00.000Z' } },
    passes: CALLS,
  },
  {
    why: 'prolongs the open one and calls nobody again',
    given: [['POST /pairing', { seconds: 30 }]],
    who: 'admin',
    ask: 'POST /pairing',
    body: { seconds: 900, batch: true },
    status: 200,
    contains: { until: '2026-03-01T20:15:00.000Z', batch: true },
    passes: [],
  },
  ...[29, 901, 30.5, '60'].map((seconds): Row => ({
    who: 'admin',
    ask: 'POST /pairing',
    body: { seconds },
    status: 400,
    contains: { code: 'api.invalid_request', pointer: '/seconds' },
    after: { '/pairing': { until: null } },
  })),
  {
    given: [['POST /pairing', { batch: true }]],
    who: 'admin',
    ask: 'DELETE /pairing',
    status: 204,
    after: { '/pairing': { until: null, batch: false, guests: [{}] } },
  },
  { why: 'is closed already', who: 'admin', ask: 'DELETE /pairing', status: 204 },
  {
    who: 'admin',
    ask: 'POST /pairing/guests/<guest>/reject',
    status: 204,
    after: { '/pairing': { guests: [], candidates: [{}] } },
  },
  {
    who: 'admin',
    ask: 'POST /pairing/guests/nobody/reject',
    status: 404,
    contains: { code: 'pairing.unknown_guest' },
  },
  { who: 'admin', ask: 'DELETE /pairing/knocks/<knock>', status: 204, after: { '/pairing': { knocks: [] } } },
  { who: 'admin', ask: 'DELETE /pairing/knocks/nothing', status: 404, contains: { code: 'pairing.unknown_knock' } },
]
