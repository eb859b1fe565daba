import { expect } from 'vitest'
import type { Row } from '../support/row.ts'

const strong = 'correct horse battery'
const secret = expect.stringMatching(/^hob_[0-9A-HJKMNP-TV-Z]{26}$/) as unknown

export const accessRows: readonly Row[] = [
  {
    who: 'admin',
    ask: 'GET /users',
    status: 200,
    contains: {
      items: [
        { name: 'anna', role: 'owner', disabled: false },
        { name: 'ben', role: 'admin' },
        { name: 'cleo', role: 'user' },
        { name: 'dora', role: 'guest' },
        { name: 'otto', disabled: true },
        { name: 'lena', role: 'user', areaRole: 'hall_only' },
      ],
    },
  },
  {
    who: 'ben',
    ask: 'POST /users',
    body: { name: 'emil', role: 'user', password: strong },
    status: 201,
    contains: { name: 'emil', role: 'user', disabled: false },
    after: { '/users': { items: [{}, {}, {}, {}, {}, {}, { name: 'emil' }] } },
  },
  {
    why: 'only an owner makes another owner',
    who: 'ben',
    ask: 'POST /users',
    body: { name: 'emil', role: 'owner', password: strong },
    status: 403,
    contains: { code: 'api.forbidden' },
  },
  { who: 'admin', ask: 'POST /users', body: { name: 'emil', role: 'owner', password: strong }, status: 201 },
  {
    who: 'admin',
    ask: 'POST /users',
    body: { name: 'ben', role: 'user', password: strong },
    status: 409,
    contains: { code: 'access.name_taken' },
  },
  {
    who: 'admin',
    ask: 'POST /users',
    body: { name: '#', role: 'user', password: strong },
    status: 422,
    contains: { code: 'access.bad_name' },
  },
  {
    who: 'admin',
    ask: 'POST /users',
    body: { name: 'emil', role: 'user', password: 'short' },
    status: 422,
    contains: { code: 'access.weak_password', detail: 'a password has at least 10 characters' },
  },
  { who: 'admin', ask: 'PUT /users/cleo/password', body: { password: strong }, status: 204 },
  { who: 'ben', ask: 'PUT /users/cleo/password', body: { password: strong }, status: 204 },
  { who: 'ben', ask: 'PUT /users/anna/password', body: { password: strong }, status: 403 },
  { who: 'admin', ask: 'PUT /users/nobody/password', body: { password: strong }, status: 404 },
  { who: 'admin', ask: 'PUT /users/cleo/password', body: { password: '1234567890' }, status: 422 },
  { who: 'admin', ask: 'GET /tokens', status: 200, contains: { next: null } },
  {
    who: 'admin',
    ask: 'POST /tokens',
    body: { scopes: ['read', 'control'], areas: ['hall'], expiresAt: '2026-04-01T00:00:00Z' },
    status: 201,
    contains: { token: secret, scopes: ['read', 'control'], areas: ['<hall>'], expiresAt: '2026-04-01T00:00:00.000Z' },
  },
  {
    who: 'admin',
    ask: 'POST /tokens',
    body: { user: 'cleo', scopes: ['control'] },
    status: 201,
    contains: { areas: null },
  },
  {
    who: 'admin',
    ask: 'POST /tokens',
    body: { user: 'cleo', scopes: ['admin'] },
    status: 403,
    contains: { code: 'access.role_too_low', detail: 'the role "user" does not include the scope "admin"' },
  },
  { who: 'ben', ask: 'POST /tokens', body: { user: 'anna', scopes: ['read'] }, status: 403 },
  { who: 'admin', ask: 'POST /tokens', body: { user: 'nobody', scopes: ['read'] }, status: 404 },
  { who: 'admin', ask: 'POST /tokens', body: { scopes: ['read'], areas: ['cellar'] }, status: 404 },
  { who: 'admin', ask: 'DELETE /tokens/<readToken>', status: 204 },
  { who: 'admin', ask: 'DELETE /tokens/nothing', status: 404, contains: { code: 'access.unknown_token' } },
  {
    who: 'admin',
    ask: 'GET /mqtt/credentials',
    status: 200,
    contains: {
      items: [{ username: 'c-lab', kind: 'software', publish: ['lab/#'], subscribe: ['lab/#'], full: false }],
    },
  },
  {
    who: 'admin',
    ask: 'POST /mqtt/credentials',
    body: { name: 'Node RED', publish: ['home/+/set'], subscribe: ['home/#'] },
    status: 201,
    contains: { username: 'c-node_red', password: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/) },
    after: { '/mqtt/credentials': { items: [{}, { username: 'c-node_red', subscribe: ['home/#'] }] } },
  },
  { who: 'admin', ask: 'POST /mqtt/credentials', body: { name: 'Lab', full: true }, status: 409 },
  {
    who: 'admin',
    ask: 'POST /mqtt/credentials',
    body: { name: 'x', publish: ['a/#/b'] },
    status: 422,
    contains: { code: 'access.bad_filter' },
  },
  {
    who: 'admin',
    ask: 'DELETE /mqtt/credentials/c-lab',
    status: 204,
    after: { '/mqtt/credentials': { items: [] } },
  },
  { who: 'admin', ask: 'DELETE /mqtt/credentials/c-other', status: 404, contains: { code: 'access.unknown_client' } },
]
