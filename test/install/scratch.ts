import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** A folder that is removed when `close` is called. */
export function makeScratch(): { path: string; close: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'hob-install-'))
  return { path, close: () => rmSync(path, { recursive: true, force: true }) }
}

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
}

/** Runs a program to its end. */
export function run(command: string, words: readonly string[], { env = process.env, input = '' }: Surroundings = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8', env, input })
  if (error) throw error
  return { code: status, stdout, stderr } satisfies Outcome
}

/** Runs install.sh with these words. */
export const install = (...words: string[]): Outcome => run(join(projectRoot, 'install.sh'), words)

const put = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Writes SHA256SUMS over everything in a release. */
export function sealRelease(folder: string): void {
  const files = [...listTree(folder).keys()].filter(path => path !== 'SHA256SUMS')
  const sums = files.map(
    path =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex')}  ${path}\n`,
  )
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''))
}

/** A release in the shape of a real one, with a few bytes for each program. */
export function makeRelease(folder: string, version: string): void {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
  const node = join(folder, `node_modules/node-linux-${arch}/bin/node`)
  put(node, '#!/bin/sh\nexit 0\n')
  chmodSync(node, 0o755)
  put(join(folder, 'package.json'), `${JSON.stringify({ name: 'hob', version, type: 'module' }, null, 2)}\n`)
  put(join(folder, 'dist/server/main.js'), `// ${version}\n`)
  for (const path of [
    'hob',
    'server/node.sh',
    'server/system/package/config.yaml',
    'server/system/package/hob.service',
    'server/system/package/hob.sysusers',
  ]) {
    put(join(folder, path), readFileSync(join(projectRoot, path), 'utf8'))
    chmodSync(join(folder, path), statSync(join(projectRoot, path)).mode)
  }
  sealRelease(folder)
}

/** Every file and link below a folder: its mode, owner, time of change and content. */
export function listTree(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => !entry.isDirectory())
  const tree = entries.map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isSymbolicLink()) return [name, `-> ${readlinkSync(path)}`]
    const { mode, uid, gid, mtimeMs, ino } = statSync(path)
    const sum = createHash('sha256').update(readFileSync(path)).digest('hex')
    return [name, `${(mode & 0o7777).toString(8)} ${uid}:${gid} ${mtimeMs} ${ino} ${sum}`]
  })
  return new Map(tree.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
