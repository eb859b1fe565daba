// npm test: types, lint, format, unused code, build, then all tests; npm run check: the same without build and tests.
//   server/node.sh test/run.mjs [--only-check]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const onlyCheck = process.argv.includes('--only-check')
const bin = name => `node_modules/.bin/${name}`
const vitest = [bin('vitest'), 'run', '--config', 'test/vitest.config.ts']

const checks = {
  types: ['node_modules/@typescript/native/bin/tsc'],
  'types of the page': [bin('svelte-check'), '--workspace', 'web', '--tsconfig', 'tsconfig.json', '--fail-on-warnings'],
  lint: [bin('oxlint')],
  format: [bin('oxfmt'), '--check'],
  'unused code': [bin('knip'), '-c', '.knip.json'],
  ...(onlyCheck ? { architecture: [...vitest, 'test/architecture.test.ts'] } : { build: ['server/build.mjs'] }),
}

const isOnPath = name => process.env.PATH.split(':').some(folder => existsSync(join(folder, name)))

/** What some tests need of the machine: its Debian packages, whether it is there, and the tests that do not run without it. */
const needs = [
  { package: 'chromium', isThere: () => isOnPath('chromium'), tests: 'test/browser/**' },
  {
    // The whole browser does without it, at twice the time.
    package: 'chromium-headless-shell',
    isThere: () => isOnPath('chromium-headless-shell'),
    isSpare: true,
    tests: 'test/browser/**',
  },
  {
    package: 'fonts-liberation',
    isThere: () => existsSync('/usr/share/fonts/truetype/liberation'),
    tests: 'test/browser/**',
  },
  {
    package: 'mosquitto-clients',
    isThere: () => isOnPath('mosquitto_pub'),
    tests: 'test/{hub/{readme,listeners},interop/interop}.test.ts',
  },
  {
    package: 'gcc libc6-dev libpaho-mqtt-dev',
    isThere: () => isOnPath('cc') && existsSync('/usr/include/MQTTClient.h') && existsSync('/usr/include/stdio.h'),
    tests: 'test/interop/**',
  },
  {
    package: 'gcc libc6-dev libmbedtls-dev openssl',
    isThere: () => isOnPath('cc') && isOnPath('openssl') && existsSync('/usr/include/mbedtls/ssl.h'),
    tests: 'test/hub/listeners.test.ts',
  },
  {
    package: 'python3-paho-mqtt',
    isThere: () => existsSync('/usr/lib/python3/dist-packages/paho/mqtt'),
    tests: 'test/interop/**',
  },
  {
    // For test/support/fault-fs.c.
    package: 'gcc libc6-dev',
    isThere: () => isOnPath('cc') && existsSync('/usr/include/stdio.h'),
    tests: 'test/{durability/**,kill/power-cut.test.ts}',
  },
  { package: 'shellcheck', isThere: () => isOnPath('shellcheck'), tests: 'test/install/shellcheck.test.ts' },
]
const missing = () => needs.filter(need => !need.isThere())

/** Installs what is missing where that is possible: as root on Debian and its kin. */
function provide() {
  const packages = missing().flatMap(need => need.package.split(' '))
  if (packages.length === 0 || process.getuid() !== 0 || !isOnPath('apt-get')) return
  console.log(`installing ${packages.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...words) => spawnSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  apt('-qq', 'update')
  for (const name of packages) apt('-qq', 'install', '-y', '--no-install-recommends', name)
}

/** Runs a Node program. @returns whether it succeeded, and what it printed unless it prints here. */
function run(words, stdio = 'pipe') {
  return new Promise(resolve => {
    const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', stdio, stdio] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += chunk))
    child.on('close', code => resolve({ isGood: code === 0, output }))
  })
}

/** Runs the checks two at a time. @returns the names of those that failed. */
async function check() {
  const waiting = Object.entries(checks)
  const failed = []
  async function lane() {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, words] = next
      const started = performance.now()
      const { isGood, output } = await run(words)
      console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
      if (isGood) continue
      console.log(output)
      failed.push(name)
    }
  }
  await Promise.all([lane(), lane()])
  return failed
}

if (!onlyCheck) provide()
const failed = await check()
const lacking = onlyCheck ? [] : missing().filter(need => !need.isSpare)
if (!onlyCheck && !failed.includes('build')) {
  const aside = [...new Set(lacking.map(need => need.tests))].flatMap(tests => ['--exclude', tests])
  const { isGood } = await run(
    [...vitest, '--project', 'unit', '--project', 'web', '--project', 'browser', ...aside],
    'inherit',
  )
  if (!isGood) failed.push('tests')
}
if (failed.length > 0) console.log(`FAILED: ${failed.join(', ')}`)
if (lacking.length > 0) {
  console.log(`FAILED: some tests did not run. Install: apt-get install ${lacking.map(need => need.package).join(' ')}`)
}
process.exitCode = failed.length + lacking.length > 0 ? 1 : 0
