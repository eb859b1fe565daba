// Builds dist/: the web page and the two server programs.
//   server/node.sh server/build.mjs [--missing]     --missing: only when dist/ is not there or older than a source
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { bundle, programs } from './vite.config.ts'

const root = join(import.meta.dirname, '..')
const sources = ['server', 'devices', 'rules', 'web', 'package.json', 'package-lock.json']
const outputs = ['web/index.html', ...Object.keys(programs).map(name => `server/${name}.js`)]

const changedAt = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

function newest(path) {
  if (!statSync(path).isDirectory()) return changedAt(path)
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Math.max(0, ...files.map(entry => changedAt(join(entry.parentPath, entry.name))))
}

function isUpToDate() {
  const built = Math.min(...outputs.map(output => changedAt(join(root, 'dist', output))))
  return built > 0 && built >= Math.max(...sources.map(source => newest(join(root, source))))
}

async function buildAll() {
  const started = performance.now()
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  await build({ configFile: join(root, 'web/vite.config.ts'), logLevel: 'warn' })
  for (const [name, entry] of Object.entries(programs)) await build(bundle(name, entry))
  console.error(`hob: built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

if (!(process.argv.includes('--missing') && isUpToDate())) {
  await buildAll().catch(error => {
    console.error(`hob: the build failed: ${error.message}`)
    process.exit(1)
  })
}
