// Lays out a release: all that runs on a machine without npm. install.sh installs what stands here.
//   server/node.sh server/system/package/release.mjs FOLDER
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { unbundled } from '../../vite.config.ts'

const root = resolve(import.meta.dirname, '../../..')
const [target] = process.argv.slice(2)
if (!target || process.argv.length > 3) {
  console.error('usage: release.mjs FOLDER')
  process.exit(2)
}
const release = resolve(target)
const modules = join(root, 'node_modules')
const fonts = ['@fontsource-variable/hanken-grotesk', '@fontsource-variable/atkinson-hyperlegible-mono']
const byName = (a, b) => (a < b ? -1 : 1)
const readJson = path => JSON.parse(readFileSync(path, 'utf8'))

/** Copies one path of the project; `keep` says which files, by their path within it. */
function copy(path, keep = () => true) {
  const from = join(root, path)
  cpSync(from, join(release, path), { recursive: true, filter: file => keep(relative(from, file)) })
}

/** Where a package lies that is asked for in `from`: nearest first, as Node looks for it. */
function folderOf(name, from) {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(found)) return found
  }
  return undefined
}

/** The folders of a package and of all it needs. A native package brings its binary; its headers stay behind. */
function closureOf(name, from = root, found = new Set()) {
  const folder = folderOf(name, from)
  if (!folder || found.has(folder) || name === 'node-addon-api') return found
  found.add(folder)
  for (const needed of Object.keys(readJson(join(folder, 'package.json')).dependencies ?? {})) {
    closureOf(needed, folder, found)
  }
  return found
}

const closuresOf = names => new Set(names.flatMap(name => [...closureOf(name)]))

function copyPackages() {
  const programs = readdirSync(join(release, 'dist/server')).map(file =>
    readFileSync(join(release, 'dist/server', file), 'utf8'),
  )
  const isUsed = name => programs.some(text => text.includes(`"${name}"`) || text.includes(`'${name}'`))
  const prebuild = `prebuilds/linux-${process.arch}.node`
  for (const folder of closuresOf(unbundled.filter(isUsed))) {
    const isNeeded = file => !/^(src|deps|test|binding\.gyp)(\/|$)|\.(md|map|d\.ts|ts)$/.test(file)
    const isOurs = file => !file.startsWith('prebuilds/') || file === prebuild
    copy(relative(root, folder), file => isNeeded(file) && isOurs(file))
  }
}

/** The licences of everything that is in the release, bundled or not. */
function writeLicences() {
  const manifest = readJson(join(root, 'package.json'))
  const roots = [...Object.keys(manifest.dependencies), 'svelte', ...fonts, `node-linux-${process.arch}`]
  const folders = [...closuresOf(roots)].toSorted(byName)
  const texts = folders.flatMap(folder => {
    const file = readdirSync(folder).find(each => /^licen[cs]e/i.test(each))
    const { license, author } = readJson(join(folder, 'package.json'))
    const words = `${license ?? 'see its package'}${typeof author === 'string' ? `, ${author}` : ''}`
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `${words} (no licence file in the package)`
    return [`${relative(modules, folder)}\n\n${text}\n`]
  })
  writeFileSync(join(release, 'LICENSES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`))
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted(byName)
}

function writeSums() {
  const sums = listFiles(release).map(file => {
    const sum = createHash('sha256')
      .update(readFileSync(join(release, file)))
      .digest('hex')
    return `${sum}  ${file}\n`
  })
  writeFileSync(join(release, 'SHA256SUMS'), sums.join(''))
}

if (existsSync(release) && readdirSync(release).length > 0) {
  console.error(`release.mjs: ${release} is not empty`)
  process.exit(1)
}
mkdirSync(release, { recursive: true })
for (const file of [
  'hob',
  'install.sh',
  'LICENSE',
  'server/node.sh',
  'server/system/package/config.yaml',
  'server/system/package/hob.service',
  'server/system/package/hob.sysusers',
]) {
  mkdirSync(dirname(join(release, file)), { recursive: true })
  copy(file)
}
copy('dist', file => !file.endsWith('.map'))
copyPackages()
const node = join('node_modules', `node-linux-${process.arch}`)
copy(node, file => ['', 'bin', 'bin/node', 'LICENSE', 'package.json'].includes(file))
const { name, version, license, type } = readJson(join(root, 'package.json'))
writeFileSync(
  join(release, 'package.json'),
  `${JSON.stringify({ name, version, private: true, license, type }, null, 2)}\n`,
)
writeLicences()
writeSums()
