import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { install, listTree, makeScratch, projectRoot, run } from './scratch.ts'

// What runs here is the installed release alone: its own Node, its own SQLite, nothing of the clone.
const scratch = makeScratch()
const release = join(scratch.path, 'release')
const root = join(scratch.path, 'root')
const hob = join(root, 'opt/hob/current/hob')
const env = { PATH: '/usr/bin:/bin', HOME: scratch.path, HOB_DATA: join(scratch.path, 'data') }

beforeAll(() => {
  mkdirSync(root)
  const built = run(process.execPath, [join(projectRoot, 'server/system/package/release.mjs'), release])
  expect(built).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(install('--yes', '--root', root, '--from', release)).toMatchObject({ code: 0, stderr: '' })
}, 60_000)
afterAll(() => scratch.close())

it('knows its version and its verbs', () => {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
  expect(run(hob, ['--version'], { env })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  const help = run(hob, ['--help'], { env })
  expect(help.code).toBe(0)
  expect(help.stdout).toContain('hob start')
})

it('makes and opens its databases', () => {
  const make = run(hob, ['user', 'add', 'anna', '--role', 'owner', '--password-stdin'], {
    input: 'correct horse battery staple',
    env,
  })
  expect(make.code, make.stderr).toBe(0)
  expect(run(hob, ['user', 'list', '--json'], { env }).stdout).toContain('anna')
})

it('serves the page and stops in order', { timeout: 20_000 }, async () => {
  const words = ['start', '--host', '127.0.0.1', '--http-port', '0', '--mqtt-port', '0', '--mqtts-port', '0']
  const hub = spawn(hob, words, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const gone = once(hub, 'exit')
  const [ready] = (await once(createInterface({ input: hub.stdout }), 'line')) as [string]
  const http = /^hob ready http=(\S+)/.exec(ready)?.[1]
  expect(await (await fetch(`${http}/`, { headers: { accept: 'text/html' } })).text()).toContain('<title>Hob</title>')
  expect((await fetch(`${http}/readyz`)).status).toBe(200)
  hub.kill('SIGTERM')
  expect(await gone).toEqual([0, null])
})

it('is at most 50 MB beside Node', () => {
  const files = [...listTree(release).keys()].filter(path => !path.includes('/bin/node'))
  const bytes = files.reduce((sum, path) => sum + statSync(join(release, path)).size, 0)
  expect(bytes).toBeLessThan(50e6)
})

it('carries the licences of what is in it', () => {
  const text = readFileSync(join(release, 'LICENSES.txt'), 'utf8')
  for (const name of ['better-sqlite3', 'fastify', 'drizzle-orm', 'svelte', 'zod'])
    expect(text).toContain(`\n${name}\n`)
})

it('changes no file when it is installed again', { timeout: 30_000 }, () => {
  const before = listTree(root)
  expect(install('--yes', '--root', root, '--from', release).code).toBe(0)
  expect(listTree(root)).toEqual(before)
})
