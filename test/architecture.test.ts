import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkCycles, checkImports } from './architecture/imports.ts'
import { checkFunctions, checkNames, checkSizes, checkWords } from './architecture/shape.ts'
import { listSources, type Finding, type Source } from './architecture/sources.ts'

const sources = listSources(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
const told = (findings: readonly Finding[]) =>
  findings.map(({ path, line, says }) => `${path}${line ? `:${line}` : ''} ${says}`)
const lines = (count: number) => 'const a = 1\n'.repeat(count)

describe('the house as it stands', () => {
  const checks = {
    imports: checkImports,
    cycles: checkCycles,
    sizes: checkSizes,
    functions: checkFunctions,
    names: checkNames,
    words: checkWords,
  }
  it.each(Object.entries(checks))('keeps its rules: %s', (_name, check) => {
    expect(sources.length).toBeGreaterThan(20)
    expect(told(check(sources))).toEqual([])
  })
})

type Case = [says: string, path: string, text: string]

describe('imports that break the matrix', () => {
  it.each<Case>([
    ['server/kernel may not import node:crypto', 'server/kernel/id.ts', `import { randomBytes } from 'node:crypto'`],
    ['zod may be used in', 'server/kernel/json.ts', `import { z } from 'zod'`],
    ['server/kernel may not import devices', 'server/kernel/json.ts', `import type { Entity } from '#devices'`],
    ['devices may not import rules', 'devices/registry.ts', `import type { Rule } from '#rules'`],
    ['devices may not import node:fs', 'devices/registry.ts', `import { readFileSync } from 'node:fs'`],
    [
      'devices may not import server/broker',
      'devices/registry.ts',
      `import type { Broker } from '../server/broker/index.ts'`,
    ],
    ['rules may import only types of devices', 'rules/engine.ts', `import { createRegistry } from '#devices'`],
    [
      'rules may import only types of devices',
      'rules/engine.ts',
      `import { type Entity, createRegistry } from '#devices'`,
    ],
    ['rules may not import server/api', 'rules/engine.ts', `export { x } from '#api'`],
    ['yaml may be used in server/config.ts, rules/format/ only', 'rules/engine.ts', `import { parse } from 'yaml'`],
    ['server/broker may not import devices', 'server/broker/broker.ts', `import type { Entity } from '#devices'`],
    ['server/broker may not import node:fs', 'server/broker/broker.ts', `const fs = await import('node:fs')`],
    [
      'ws may be used in server/broker/listeners/ only',
      'server/broker/broker.ts',
      `import { WebSocketServer } from 'ws'`,
    ],
    ['server/expression may not import rules', 'server/expression/parser.ts', `let x: import('#rules').Rule`],
    [
      'server/storage may import only types of server/broker',
      'server/storage/broker-store.ts',
      `import { createBroker } from '../broker/index.ts'`,
    ],
    ['fastify may be used in server/api/ only', 'server/storage/database.ts', `import fastify from 'fastify'`],
    [
      'better-sqlite3 may be used in server/storage/ only',
      'server/access/access.ts',
      `import Database from 'better-sqlite3'`,
    ],
    [
      'drizzle-orm may be used in server/storage/ only',
      'server/api/api.ts',
      `import { eq } from 'drizzle-orm/better-sqlite3'`,
    ],
    [
      'server/api may import only types of rules',
      'server/api/routes/rules.ts',
      `import { createEngine } from '#rules'`,
    ],
    ['through server/access/index.ts', 'server/api/auth.ts', `import type { Principal } from '../access/face.ts'`],
    ['by its name #kernel', 'server/api/auth.ts', `import { createId } from '../kernel/id.ts'`],
    ['by its name #devices', 'server/hub.ts', `import { createRegistry } from '../devices/registry.ts'`],
    ['through server/broker/index.ts', 'server/hub.ts', `import { createBroker } from './broker/broker.ts'`],
    ['import by relative path', 'rules/engine.ts', `import type { Rule } from '#rules'`],
    ['#broker is no name of this project', 'server/hub.ts', `import { x } from '#broker'`],
    ['only types of #api cross over', 'web/lib/api.ts', `import { contract } from '#api'`],
    [
      'web may not import devices',
      'web/routes/Home.svelte',
      `<script lang="ts">\nimport type { Entity } from '#devices'\n</script>`,
    ],
    ['left-pad has no home yet', 'server/api/api.ts', `import pad from 'left-pad'`],
    ['pino may be used in', 'server/broker/broker.ts', `const log = require('pino')`],
    ['server/things is no room of the house', 'server/things/x.ts', ''],
    ['only the face of devices', 'test/rules/engine.test.ts', `import { x } from '../../devices/registry.ts'`],
    ['only the face of server/broker', 'test/hub/lamp.test.ts', `import { x } from '../../server/broker/session.ts'`],
  ])('%s', (says, path, text) => {
    expect(told(checkImports([{ path, text }]))).toEqual([expect.stringContaining(says)])
  })

  it('names the file and the line', () => {
    const text = `<p>hello</p>\n<script lang="ts">\n  import fs from 'node:fs'\n</script>\n`
    expect(checkImports([{ path: 'web/routes/Home.svelte', text }])[0]).toMatchObject({
      path: 'web/routes/Home.svelte',
      line: 3,
    })
  })

  it.each<[path: string, text: string]>([
    [
      'rules/engine.ts',
      `import type { Entity } from '#devices'\nimport { parse } from '#expression'\nimport './run.ts'`,
    ],
    ['rules/engine.ts', `import { type Entity, type Device } from '#devices'`],
    ['devices/registry.ts', `import { matches } from '#kernel'`],
    ['server/storage/database.ts', `import Database from 'better-sqlite3'\nimport type { RuleStore } from '#rules'`],
    ['server/hub.ts', `import { createBroker } from './broker/index.ts'\nimport { createRegistry } from '#devices'`],
    ['server/cli/start.ts', `import { createHub } from '../hub.ts'\nimport { createLog } from '../log.ts'`],
    [
      'server/broker/listeners/websocket.ts',
      `import { WebSocketServer } from 'ws'\nimport { createServer } from 'node:http'`,
    ],
    ['test/broker/codec.test.ts', `import { decode } from '../../server/broker/codec/decode.ts'`],
    ['test/server/broker/codec.test.ts', `import { decode } from '../../../server/broker/codec/decode.ts'`],
    [
      'test/rules/engine.test.ts',
      `import { x } from '../../rules/engine.ts'\nimport { y } from '#devices'\nimport { z } from '../support/clock.ts'`,
    ],
  ])('lets pass what is allowed: %s', (path, text) => {
    expect(told(checkImports([{ path, text }]))).toEqual([])
  })
})

describe('import rings', () => {
  const ring = (kind: string): Source[] => [
    { path: 'rules/a.ts', text: `import { b } from './b.ts'` },
    { path: 'rules/b.ts', text: `${kind} { c } from './c.ts'` },
    { path: 'rules/c.ts', text: `export { a } from './a.ts'` },
  ]
  it('are found and shown whole', () => {
    expect(told(checkCycles(ring('import')))).toEqual([
      expect.stringContaining('rules/a.ts -> rules/b.ts -> rules/c.ts -> rules/a.ts'),
    ])
  })
  it('of types alone do no harm', () => {
    expect(checkCycles(ring('import type'))).toEqual([])
  })
  it('through a # name are found', () => {
    const around = [
      { path: 'devices/index.ts', text: `export { a } from './a.ts'` },
      { path: 'devices/a.ts', text: `import { b } from '#rules'` },
      { path: 'rules/index.ts', text: `export { b } from '#devices'` },
    ]
    expect(checkCycles(around)).toHaveLength(1)
  })
})

describe('size, names and words', () => {
  it.each<[limit: number, path: string]>([
    [400, 'server/broker/session.ts'],
    [200, 'web/lib/components/shared/Lamp.svelte'],
    [300, 'web/routes/Home.svelte'],
    [40, 'devices/index.ts'],
    [40, 'server/broker/index.ts'],
    [80, 'server/broker/handlers/index.ts'],
    [120, 'devices/README.md'],
    [200, 'server/hub.ts'],
    [400, 'test/broker/codec.test.ts'],
  ])('at most %i lines in %s', (limit, path) => {
    expect(checkSizes([{ path, text: lines(limit) }])).toEqual([])
    expect(told(checkSizes([{ path, text: lines(limit + 1) }]))).toEqual([expect.stringContaining(`at most ${limit}`)])
  })

  it('the kernel stays small as a whole', () => {
    const kernel = ['a', 'b'].map(name => ({ path: `server/kernel/${name}.ts`, text: lines(261) }))
    expect(told(checkSizes(kernel))).toEqual([expect.stringContaining('the kernel has 522 lines, at most 520')])
  })

  it('functions hold at most 50 lines of their own', () => {
    const long = `export function first() {\n${lines(49)}}\n`
    const factory = `export function createLamp() {\n  function on() {\n${lines(30)}  }\n  const off = () => {\n${lines(30)}  }\n  return { on, off }\n}\n`
    expect(told(checkFunctions([{ path: 'rules/a.ts', text: long }]))).toEqual([
      'rules/a.ts:1 first has 51 lines of its own, at most 50: give its parts names',
    ])
    expect(checkFunctions([{ path: 'rules/a.ts', text: factory }])).toEqual([])
  })

  it.each<Case>([
    ['"utils.ts" says nothing', 'rules/utils.ts', ''],
    ['"rule-helpers.ts" says nothing', 'rules/rule-helpers.ts', ''],
    ['"common" says nothing', 'devices/common/x.ts', ''],
    ['"session-manager.test.ts" says nothing', 'test/broker/session-manager.test.ts', ''],
    ['kebab-case', 'rules/ruleEngine.ts', ''],
    ['PascalCase', 'web/lib/components/shared/lamp.svelte', ''],
  ])('%s', (says, path, text) => {
    expect(told(checkNames([{ path, text }]))).toEqual([expect.stringContaining(says)])
  })

  it.each<Case>([
    ['{@html}', 'web/routes/Home.svelte', '<p>{@html text}</p>'],
    ['lint rules', 'rules/a.ts', '// eslint-disable-next-line'],
    ['lint rules', 'rules/a.ts', '/* oxlint-disable */'],
    ['type checks', 'rules/a.ts', '// @ts-expect-error later'],
    ['open ends', 'rules/a.ts', '// TODO later'],
    ['every test runs', 'test/rules/a.test.ts', `it.skip('x', () => {})`],
  ])('no %s', (says, path, text) => {
    expect(told(checkWords([{ path, text }]))).toEqual([expect.stringContaining(says)])
  })
})
