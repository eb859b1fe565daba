import { expect } from 'vitest'
import { authenticator } from '../../support/authenticator.ts'
import { PASSWORD } from '../support/house.ts'
import type { Row } from '../support/row.ts'

/** The audit log, looking through somebody's eyes, sessions of others, and the second factor. */
export const doorRows: readonly Row[] = [
  {
    given: [['POST /roles', { name: 'Kids', areas: [] }]],
    who: 'admin',
    ask: 'GET /audit?limit=1',
    status: 200,
    contains: { items: [{ action: 'role.put', object: 'kids', cause: { kind: 'token' }, detail: { version: 1 } }] },
  },
  {
    given: [['POST /mqtt/publish', { topic: 'a/b', payload: 'x' }]],
    who: 'admin',
    ask: 'GET /audit?action=mqtt',
    status: 200,
    contains: { items: [{ action: 'mqtt.publish', object: 'a/b' }], next: null },
  },
  { who: 'admin', ask: 'GET /audit?who=nobody', status: 200, contains: { items: [], next: null } },
  { who: 'admin', ask: 'GET /audit?limit=0', status: 400, contains: { in: 'query', pointer: '/limit' } },
  { who: 'admin', ask: 'GET /audit/check', status: 200, contains: { brokenAt: null } },
  {
    why: 'written down before it was rewritten',
    who: 'admin',
    ask: `GET /audit/check?known=1:${'0'.repeat(64)}`,
    status: 200,
    contains: { brokenAt: 1 },
  },
  { who: 'admin', ask: 'GET /audit/check?known=1', status: 400, contains: { pointer: '/known' } },
  { who: 'lena', ask: 'GET /audit', status: 403 },
  {
    who: 'owner',
    ask: 'PUT /session/view',
    body: { user: 'lena' },
    status: 204,
    after: { '/audit?limit=1': { items: [{ action: 'view.begin', cause: { who: 'anna' } }] } },
  },
  { who: 'owner', ask: 'PUT /session/view', body: { user: 'nobody' }, status: 404 },
  { who: 'guest', ask: 'PUT /session/view', body: { user: 'lena' }, status: 403 },
  { who: 'owner', ask: 'DELETE /session/view', status: 204, changesNothing: true },
  {
    who: 'admin',
    ask: 'GET /users/dora/sessions',
    status: 200,
    contains: { items: [{ id: '<guestSession>', current: false }] },
  },
  { who: 'admin', ask: 'GET /users/none/sessions', status: 404, contains: { code: 'access.unknown_user' } },
  { who: 'admin', ask: 'DELETE /users/dora/sessions', status: 204, after: { '/users/dora/sessions': { items: [] } } },
  { who: 'ben', ask: 'DELETE /users/anna/sessions', status: 403 },
  { who: 'guest', ask: 'GET /session/totp', status: 200, contains: { enabled: false, recoveryCodes: 0 } },
  {
    who: 'guest',
    ask: 'POST /session/totp',
    body: { password: 'wrong horse' },
    status: 403,
    contains: { code: 'access.wrong_password' },
  },
  { who: 'guest', ask: 'POST /session/totp', body: { password: PASSWORD }, status: 201 },
  {
    given: [['POST /session/totp', { password: PASSWORD }]],
    givenBy: 'guest',
    who: 'guest',
    ask: 'PUT /session/totp',
    body: ([shown]: readonly { readonly key: string }[], now: number) => ({ code: authenticator(shown!.key)(now) }),
    status: 200,
    contains: { recoveryCodes: expect.objectContaining({ length: 10 }) },
  },
  {
    who: 'guest',
    ask: 'PUT /session/totp',
    body: { code: '000000' },
    status: 403,
    contains: { code: 'access.wrong_code' },
  },
  { who: 'guest', ask: 'POST /session/totp/remove', body: { password: PASSWORD }, status: 204, changesNothing: true },
  { who: 'admin', ask: 'DELETE /users/dora/totp', status: 204, changesNothing: true },
  { who: 'admin', ask: 'DELETE /users/none/totp', status: 404 },
  { who: 'ben', ask: 'DELETE /users/anna/totp', status: 403 },
]
