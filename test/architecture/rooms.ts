/** How a room may use another: not at all (left out), by its types alone, or whole. */
type Use = 'type' | 'whole'

export interface Room {
  /** Which rooms this one may import, beside itself. `*` means all. */
  readonly may: Readonly<Record<string, Use>>
  /** Which `node:` modules; `*` means all. */
  readonly node: readonly string[]
  /** Where code that breaks the rule belongs. */
  readonly belongs: string
}

const ports = 'say what is needed as a port (an interface) in this room; server/hub.ts wires the two'
const domain = 'a domain holds no sockets, disk or HTTP: declare a port here and implement it in a room of server/'

const people: Room['may'] = {
  'server/kernel': 'whole',
  devices: 'type',
  rules: 'type',
  'server/broker': 'type',
  'server/storage': 'type',
  'server/access': 'type',
  'server/settings': 'type',
  'server/versions': 'type',
}

/** The import matrix: who may import whom. A folder that is not listed has no place in the house. */
export const rooms: Readonly<Record<string, Room>> = {
  'server/kernel': {
    may: {},
    node: [],
    belongs: 'the kernel imports nothing at all; what needs more lives in the room that needs it',
  },
  'server/expression': {
    may: { 'server/kernel': 'whole' },
    node: [],
    belongs: 'the expression engine is a leaf: pass values and functions in',
  },
  'server/broker': {
    may: { 'server/kernel': 'whole' },
    node: ['node:events', 'node:http', 'node:https', 'node:net', 'node:stream', 'node:tls'],
    belongs: `the broker stands alone: ${ports}`,
  },
  devices: { may: { 'server/kernel': 'whole', 'server/expression': 'whole' }, node: [], belongs: domain },
  rules: {
    may: { 'server/kernel': 'whole', 'server/expression': 'whole', devices: 'type' },
    node: [],
    belongs: domain,
  },
  'server/series': {
    may: { 'server/kernel': 'whole' },
    node: [],
    belongs: 'how recorded values are packed and summed up is a pure leaf: bytes and numbers in, bytes and numbers out',
  },
  'server/storage': {
    may: {
      ...people,
      'server/series': 'whole',
      'server/history': 'type',
      'server/notify': 'type',
      'server/virtual': 'type',
    },
    node: ['*'],
    belongs: 'storage knows the types of its owners only; behaviour lives with the owner',
  },
  'server/topics': {
    may: { 'server/kernel': 'whole' },
    node: [],
    belongs: 'the memory of topics is pure: clock and broker come in as ports',
  },
  'server/bridge': { may: { 'server/kernel': 'whole' }, node: ['node:net', 'node:tls'], belongs: ports },
  'server/access': { may: people, node: ['node:crypto', 'node:util'], belongs: ports },
  'server/settings': { may: people, node: [], belongs: ports },
  'server/versions': { may: people, node: [], belongs: ports },
  'server/history': { may: { ...people, 'server/series': 'whole' }, node: [], belongs: ports },
  'server/notify': { may: people, node: ['node:crypto', 'node:net', 'node:tls'], belongs: ports },
  'server/virtual': { may: people, node: [], belongs: ports },
  'server/system': { may: { 'server/kernel': 'whole' }, node: ['*'], belongs: ports },
  'server/api': {
    may: {
      ...people,
      'server/settings': 'whole',
      'server/history': 'type',
      'server/notify': 'type',
      'server/system': 'type',
      'server/topics': 'type',
      'server/virtual': 'type',
    },
    node: ['*'],
    belongs: `the API translates between HTTP and ports: ${ports}`,
  },
  'server/cli': { may: { '*': 'whole' }, node: ['*'], belongs: 'server/cli' },
  server: { may: { '*': 'whole' }, node: ['*'], belongs: 'server/hub.ts' },
  web: {
    may: { 'server/api': 'type' },
    node: [],
    belongs: 'the page speaks to the hub over the API: only types of #api cross over',
  },
  test: { may: { '*': 'whole' }, node: ['*'], belongs: 'test' },
}

/** The names by which top-level folders (and the leaves of server/) are imported from outside. */
export const faces: Readonly<Record<string, string>> = {
  '#kernel': 'server/kernel',
  '#expression': 'server/expression',
  '#devices': 'devices',
  '#rules': 'rules',
  '#api': 'server/api',
}

/** Where a third-party package is at home; elsewhere it is a fault. Tests may use any package that is declared. */
export const homes: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['server/storage/'],
  'drizzle-orm': ['server/storage/'],
  'drizzle-kit': ['server/storage/'],
  fastify: ['server/api/'],
  'fastify-plugin': ['server/api/'],
  'fastify-type-provider-zod': ['server/api/'],
  'openapi-types': ['server/api/'],
  '@fastify/cookie': ['server/api/'],
  '@fastify/helmet': ['server/api/'],
  '@fastify/rate-limit': ['server/api/'],
  '@fastify/static': ['server/api/'],
  '@fastify/swagger': ['server/api/'],
  '@fastify/swagger-ui': ['server/api/'],
  '@fastify/websocket': ['server/api/'],
  zod: ['server/api/', 'server/config.ts', 'server/settings/', 'rules/format/'],
  yaml: ['server/config.ts', 'rules/format/'],
  suncalc: ['rules/triggers/'],
  ws: ['server/broker/listeners/'],
  '@peculiar/x509': ['server/system/'],
  'reflect-metadata': ['server/system/'],
  mqtt: ['server/bridge/'],
  pino: ['server/log.ts', 'server/hub.ts'],
  vite: ['server/build.mjs', 'server/vite.config.ts', 'web/vite.config.ts'],
  '@sveltejs/vite-plugin-svelte': ['web/vite.config.ts'],
  svelte: ['web/'],
  '@mdi/js': ['web/'],
  '@codemirror/autocomplete': ['web/'],
  '@codemirror/commands': ['web/'],
  '@codemirror/language': ['web/'],
  '@codemirror/state': ['web/'],
  '@codemirror/view': ['web/'],
  '@lezer/highlight': ['web/'],
  uplot: ['web/'],
  uqr: ['web/'],
  '@fontsource-variable/hanken-grotesk': ['web/'],
  '@fontsource-variable/atkinson-hyperlegible-mono': ['web/'],
}

/** The room a file stands in: `server/broker`, `devices`, `web`; files directly in server/ stand in `server`. */
export function roomOf(path: string): string {
  const [top = '', second = '', third] = path.split('/')
  return top === 'server' && third !== undefined ? `server/${second}` : top
}
