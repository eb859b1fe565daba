import type { AreaRoleJson, AuditEntryJson, PassJson, TokenJson, UserJson } from '#api'
import type { FakeHub } from './fake-hub.ts'
import { AREAS, HOUSE } from './house.ts'
import { sessionJson } from './settings-page.ts'
import { NOW } from './view.ts'

const HOUR = 3_600_000
export const inHours = (hours: number) => new Date(NOW + hours * HOUR).toISOString()

const ANNA = '01J0000000000000000000USER'

export function userJson(name: string, more: Partial<UserJson> = {}): UserJson {
  return {
    id: `user-${name.toLowerCase()}`,
    name,
    role: 'user',
    areaRole: null,
    createdAt: inHours(-5000),
    disabled: false,
    lastSeenAt: inHours(-3),
    secondFactor: false,
    ...more,
  }
}

export const CHILDREN: AreaRoleJson = {
  slug: 'children',
  name: 'Children',
  house: 'see',
  areas: [
    { area: 'area-living_room', may: 'control' },
    { area: 'area-hall', may: 'control' },
    { area: 'area-bedroom', may: 'edit' },
  ],
}

export function passJson(name: string, more: Partial<PassJson> = {}): PassJson {
  return {
    id: `pass-${name.toLowerCase()}`,
    name,
    entities: ['living_room_sofa_lamp', 'kitchen_counter'],
    may: 'control',
    from: inHours(-6),
    until: inHours(18),
    createdAt: inHours(-6),
    ...more,
  }
}

function tokenJson(id: string, more: Partial<TokenJson>): TokenJson {
  return {
    id,
    user: ANNA,
    scopes: ['control'],
    areas: null,
    createdAt: inHours(-2000),
    expiresAt: null,
    lastUsedAt: inHours(-2),
    ...more,
  }
}

/** What happened at the doors, newest first. */
function auditEntries(): AuditEntryJson[] {
  const entries: [action: string, who: string, more?: Partial<AuditEntryJson>][] = [
    ['pass.put', 'Anna', { object: 'pass-babysitter', detail: { version: 1 } }],
    ['user.put', 'Anna', { object: 'user-lena', detail: { version: 4 } }],
    ['view.end', 'Anna'],
    ['view.begin', 'Anna', { object: 'user-lena' }],
    ['mqtt.publish', 'Ben', { object: 'zigbee2mqtt/hall/set', detail: { retain: false } }],
    ['sign_in.failed', 'unknown', { detail: { address: '192.168.1.91', code: 'access.bad_credentials' } }],
    ['sign_in', 'Anna', { object: ANNA, detail: { way: 'password', address: '192.168.1.31' } }],
    ['area.put', 't1', { object: 'area-hall', detail: { version: 2 } }],
    ['rule_file.remove', 'Ben', { object: 'hall_light', detail: { version: 9 } }],
  ]
  return entries.map(([action, who, more], index) => ({
    seq: 1200 - index,
    at: inHours(-index * 3),
    cause: { id: `c${index}`, parent: null, kind: who === 't1' ? 'token' : 'user', who, depth: 0 },
    action,
    object: null,
    detail: {},
    hash: String(index).repeat(64),
    ...more,
  }))
}

/** What the hub holds of people; a test changes it as it likes. */
export interface Household {
  users: UserJson[]
  roles: AreaRoleJson[]
  passes: PassJson[]
  tokens: TokenJson[]
  audit: AuditEntryJson[]
}

/** A hub with four people, whose lists change as the real one's. */
export function servePeople(hub: FakeHub): Household {
  hub.areas = [...AREAS]
  hub.entities = [...HOUSE]
  const held: Household = {
    users: [
      userJson('Anna', {
        id: '01J0000000000000000000USER',
        role: 'owner',
        secondFactor: true,
        lastSeenAt: inHours(-1),
      }),
      userJson('Ben', { role: 'admin' }),
      userJson('Lena', { areaRole: 'children', lastSeenAt: inHours(-30) }),
      userJson('Otto', { role: 'guest', disabled: true, lastSeenAt: null }),
    ],
    roles: [CHILDREN, { slug: 'cleaner', name: 'Cleaner', house: null, areas: [] }],
    passes: [
      passJson('Babysitter'),
      passJson('Plumber', {
        may: 'see',
        from: inHours(40),
        until: inHours(45),
        entities: [HOUSE.find(({ area }) => area?.slug === 'bathroom')!.id],
      }),
      passJson('Party', {
        until: inHours(-90),
        from: inHours(-100),
        entities: HOUSE.slice(0, 9).map(({ id }) => id),
      }),
    ],
    tokens: [
      tokenJson('t1', {}),
      tokenJson('t2', {
        scopes: ['read'],
        user: 'user-ben',
        lastUsedAt: null,
        expiresAt: inHours(500),
        areas: ['area-hall', 'area-kitchen'],
      }),
      tokenJson('t3', { scopes: ['rules'], expiresAt: inHours(-5) }),
    ],
    audit: auditEntries(),
  }
  const list = (items: readonly unknown[]) => ({ status: 200, body: { items, next: null } })
  const gone = { status: 204, body: undefined }
  hub.on('GET /users', () => list(held.users))
  hub.on('GET /roles', () => list(held.roles))
  hub.on('GET /passes', () => list(held.passes))
  hub.on('GET /tokens', () => list(held.tokens))
  hub.on('GET /audit', (_, query) => {
    const [action, who] = [query.get('action') ?? '', query.get('who')]
    const before = Number(query.get('before') ?? Infinity)
    const fits = held.audit.filter(
      entry => entry.seq < before && entry.action.startsWith(action) && (who === null || entry.cause.who === who),
    )
    const page = fits.slice(0, 6)
    return { status: 200, body: { items: page, next: fits.length > 6 ? String(page.at(-1)!.seq) : null } }
  })
  hub.on('GET /audit/check', () => ({ status: 200, body: { entries: 1200, brokenAt: null } }))
  hub.on('GET /audit/1199', () => ({
    status: 200,
    body: {
      ...held.audit[1],
      changes: [
        { field: 'areaRole', from: null, to: 'children' },
        { field: 'role', from: 'admin', to: 'user' },
        { field: 'areas', from: [], to: [{ area: 'area-hall', may: 'control' }] },
      ],
      words: [],
    },
  }))
  hub.on('POST /users', body => {
    const { name, role, areaRole } = body as UserJson
    const made = userJson(name, { role, areaRole, lastSeenAt: null })
    held.users = [...held.users, made]
    return { status: 201, body: made }
  })
  const change = (name: string) => (body: unknown) => {
    held.users = held.users.map(user => (user.name === name ? { ...user, ...(body as Partial<UserJson>) } : user))
    return { status: 200, body: held.users.find(user => user.name === name) }
  }
  for (const { name } of held.users) {
    hub.on(`PATCH /users/${name}`, change(name))
    hub.on(`GET /users/${name}/sessions`, () =>
      list(
        name === 'Otto' ? [] : [sessionJson(`${name}-1`, {}), sessionJson(`${name}-2`, { address: '192.168.1.77' })],
      ),
    )
  }
  const until = inHours(0.25)
  hub.on('POST /session/links', () => ({
    status: 201,
    body: {
      code: 'K7QM',
      path: '/signin#K7QM',
      url: 'http://hob.local/signin#K7QMX2WP9TVB4HRZ8D3FJ6NCSA',
      expiresAt: until,
    },
  }))
  hub.on('PATCH /roles/children', body => {
    held.roles = held.roles.map(role => (role.slug === 'children' ? { ...role, ...(body as AreaRoleJson) } : role))
    return { status: 200, body: held.roles[0] }
  })
  hub.on('POST /roles', body => {
    const made = { slug: 'made', ...(body as Omit<AreaRoleJson, 'slug'>) }
    held.roles = [...held.roles, made]
    return { status: 201, body: made }
  })
  hub.on('POST /passes', body => {
    const made = passJson('Sitter', { from: inHours(0), ...(body as Partial<PassJson>) })
    held.passes = [...held.passes, made]
    const path = '/pass#4HRZ8D3FJ6NCSAK7QMX2WP9TVB'
    return { status: 201, body: { ...made, path, url: `http://192.168.1.20:8080${path}` } }
  })
  hub.on('DELETE /passes/pass-babysitter', () => {
    held.passes = held.passes.filter(({ id }) => id !== 'pass-babysitter')
    return gone
  })
  hub.on('POST /tokens', body => {
    const made = tokenJson('t4', { ...(body as Partial<TokenJson>), lastUsedAt: null })
    held.tokens = [...held.tokens, made]
    return { status: 201, body: { ...made, token: 'hob_t_6f1c0a9e5b7d4c2f8e3a1b0d9c7e5f42' } }
  })
  hub.on('DELETE /tokens/t1', () => {
    held.tokens = held.tokens.filter(({ id }) => id !== 't1')
    return gone
  })
  return held
}
