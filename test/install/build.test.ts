import { cpSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeScratch, projectRoot, run } from './scratch.ts'

// A project of the same shape with two tiny programs, so that what is built is known.
const scratch = makeScratch()
const at = (path: string) => join(scratch.path, path)
const build = (...words: string[]) => run(process.execPath, [at('server/build.mjs'), ...words])

function put(path: string, text: string) {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}

beforeAll(() => {
  for (const path of [
    'server/build.mjs',
    'server/vite.config.ts',
    'web',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]) {
    cpSync(join(projectRoot, path), at(path), { recursive: true })
  }
  symlinkSync(join(projectRoot, 'node_modules'), at('node_modules'))
  for (const folder of ['devices', 'rules']) mkdirSync(at(folder))
  put(
    'server/main.ts',
    `import { word } from './word.ts'\nimport mqtt from 'mqtt'\nconsole.log(word as string, typeof mqtt.connect)\n`,
  )
  put('server/word.ts', `export const word: string = 'from the bundle'\n`)
  put(
    'server/storage/worker-main.ts',
    `import Database from 'better-sqlite3'\nconsole.log('worker', typeof Database)\n`,
  )
  put('server/system/issue-main.ts', `console.log('certificates')\n`)
})
afterAll(() => scratch.close())

it('makes the page and programs that need no sources and no packages but the native one', { timeout: 60_000 }, () => {
  expect(build('--missing')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^hob: built dist\/ in \S+ s\n$/),
  })
  expect(readFileSync(at('dist/web/index.html'), 'utf8')).toContain('<title>Hob</title>')
  expect(run(process.execPath, [at('dist/server/main.js')]).stdout).toBe('from the bundle function\n')
  expect(run(process.execPath, [at('dist/server/storage-worker.js')]).stdout).toBe('worker function\n')
  expect(run(process.execPath, [at('dist/server/certificates.js')]).stdout).toBe('certificates\n')
  expect(readFileSync(at('dist/server/main.js'), 'utf8')).not.toContain('better-sqlite3')
  expect(statSync(at('dist/server/main.js.map')).size).toBeGreaterThan(0)
})

it('does nothing when all is there and newer than every source', () => {
  const before = statSync(at('dist/server/main.js')).ino
  expect(build('--missing')).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(statSync(at('dist/server/main.js')).ino).toBe(before)
})

it('builds again after a change', { timeout: 60_000 }, () => {
  put('server/word.ts', `export const word: string = 'changed'\n`)
  utimesSync(at('server/word.ts'), new Date(), new Date(Date.now() + 1000))
  expect(build('--missing').code).toBe(0)
  expect(run(process.execPath, [at('dist/server/main.js')]).stdout).toBe('changed function\n')
})

it('says what is wrong in a line, and leaves the last build alone', { timeout: 60_000 }, () => {
  put('server/main.ts', `import { name } from './word.ts'\nconsole.log(name)\n`)
  const { code, stderr } = build()
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /hob: the build failed\n {2}.*"name" is not exported by "server\/word\.ts".* server\/main\.ts:1:10\n/,
  )
  expect(run(process.execPath, [at('dist/server/main.js')]).stdout).toBe('changed function\n')
})
