// Builds dist/: the web page and the server programs.
//   server/node.sh server/build.mjs [--missing]     --missing: only when dist/ is not there or older than a source
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'vite'
import { bundle, programs } from './vite.config.ts'

const root = join(import.meta.dirname, '..')
// Paths in messages are told from here.
process.chdir(root)
const dist = join(root, 'dist')
const next = join(dist, `next-${process.pid}`)
const sources = ['server', 'devices', 'rules', 'web', 'package.json', 'package-lock.json']
const outputs = ['web/index.html', ...Object.keys(programs).map(name => `server/${name}.js`)]

const changedAt = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

function newest(path) {
  if (!statSync(path).isDirectory()) return changedAt(path)
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Math.max(0, ...files.map(entry => changedAt(join(entry.parentPath, entry.name))))
}

function isUpToDate() {
  const built = Math.min(...outputs.map(output => changedAt(join(dist, output))))
  return built > 0 && built >= Math.max(...sources.map(source => newest(join(root, source))))
}

// Built beside and swapped in whole: a build that fails leaves the last one working.
async function buildAll() {
  const started = performance.now()
  rmSync(next, { recursive: true, force: true })
  await build({ configFile: join(root, 'web/vite.config.ts'), logLevel: 'warn', build: { outDir: join(next, 'web') } })
  for (const [name, entry] of Object.entries(programs))
    await build(bundle({ name, entry, outDir: join(next, 'server') }))
  for (const part of ['web', 'server']) {
    rmSync(join(dist, part), { recursive: true, force: true })
    renameSync(join(next, part), join(dist, part))
  }
  rmSync(next, { recursive: true, force: true })
  console.error(`hob: built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

// One line for each fault: what and where, without the excerpt.
function explain(error) {
  const faults = Array.isArray(error.errors) && error.errors.length > 0 ? error.errors : [error]
  return faults.map(fault => {
    const [first = '', second = ''] = stripVTControlCharacters(String(fault.message ?? fault)).split('\n')
    return `  ${first} ${/[\w./-]+:\d+:\d+/.exec(second)?.[0] ?? ''}`.trimEnd()
  })
}

if (!(process.argv.includes('--missing') && isUpToDate())) {
  try {
    await buildAll()
  } catch (error) {
    rmSync(next, { recursive: true, force: true })
    console.error(`hob: the build failed\n${explain(error).join('\n')}`)
    process.exitCode = 1
  }
}
