import type { Row } from '../support/row.ts'

const zone = 'Pacific/Auckland'

export const settingsRows: readonly Row[] = [
  {
    who: 'hall',
    ask: 'GET /settings',
    status: 200,
    contains: { name: 'Home', place: null, writeBudget: 10, onboarded: false },
    gives: { etag: '"0"' },
  },
  {
    who: 'admin',
    ask: 'PATCH /settings',
    body: { zone, place: { latitude: -36.85, longitude: 174.76 } },
    status: 200,
    contains: { zone, place: { latitude: -36.85, longitude: 174.76 }, writeBudget: 10 },
    gives: { etag: '"1"' },
    after: { '/settings': { zone } },
  },
  {
    who: 'admin',
    ask: 'PATCH /settings',
    body: { name: '  Garden street 7 ', onboarded: true },
    status: 200,
    contains: { name: 'Garden street 7', onboarded: true, writeBudget: 10 },
  },
  ...[' ', 'x'.repeat(61), 'Mill\nLane'].map((name): Row => ({
    who: 'admin',
    ask: 'PATCH /settings',
    body: { name },
    status: 400,
    contains: { pointer: '/name' },
  })),
  { who: 'admin', ask: 'PATCH /settings', body: { writeBudget: 0 }, headers: { 'if-match': '"0"' }, status: 200 },
  {
    given: [['PATCH /settings', { writeBudget: 60 }]],
    who: 'admin',
    ask: 'PATCH /settings',
    body: { writeBudget: 0 },
    headers: { 'if-match': '"0"' },
    status: 409,
    contains: { code: 'settings.stale_version', current: 1 },
    after: { '/settings': { writeBudget: 60 } },
  },
  {
    who: 'admin',
    ask: 'PATCH /settings',
    body: { zone: 'Moon/Tycho' },
    status: 400,
    contains: { pointer: '/zone', detail: 'body.zone: is not a time zone; write it like Europe/Berlin' },
  },
  {
    who: 'admin',
    ask: 'PATCH /settings',
    body: { writeBudget: 5 },
    status: 400,
    contains: { pointer: '/writeBudget' },
  },
  {
    who: 'admin',
    ask: 'PATCH /settings',
    body: { place: { latitude: 91, longitude: 0 } },
    status: 400,
    contains: { pointer: '/place/latitude' },
  },
  {
    who: 'rules',
    ask: 'PATCH /settings',
    body: { writeBudget: 0 },
    status: 403,
    after: { '/settings': { writeBudget: 10 } },
  },
]
