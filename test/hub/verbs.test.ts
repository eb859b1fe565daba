import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  eventually,
  hob,
  mqttClient,
  program,
  startHub,
  temporaryFolder,
  type HubProcess,
} from '../support/hub-process.ts'

// The verbs that work on a data folder, each said once while no hub runs and once while one does: the same words, the
// same exit codes. The rows build on each other, as a person's evening does.

const folder = temporaryFolder()
afterAll(folder.remove)

const ruleFolder = join(folder.path, 'rules')
mkdirSync(ruleFolder)
const good = join(ruleFolder, 'porch.yaml')
const faulty = join(folder.path, 'faulty.yaml')
const capture = join(folder.path, 'capture.ndjson')
writeFileSync(good, 'on: home/door\ndo: {publish: home/porch, payload: "ON"}\n')
writeFileSync(faulty, 'on: home/door\ndo: {publsh: home/porch}\n')
writeFileSync(capture, '{"topic":"homeassistant/sensor/x/config","payload":"{","retain":true}\n')

interface Row {
  readonly args: readonly string[]
  readonly input?: string
  readonly code: number
  readonly stdout?: RegExp
  /** What the JSON on stdout holds, when `--json` is said. */
  readonly json?: unknown
  readonly stderr?: RegExp
}

const strong = 'correct horse battery\n'
const rows: readonly Row[] = [
  {
    args: ['user', 'add', 'anna', '--role', 'owner', '--password-stdin'],
    input: strong,
    code: 0,
    stdout: /^user anna is there, as owner\n$/,
  },
  {
    args: ['user', 'add', 'anna', '--role', 'guest', '--password-stdin'],
    input: strong,
    code: 1,
    stderr: /^hob: there is a user "anna" already\n$/,
  },
  {
    args: ['user', 'add', 'ben', '--role', 'guest', '--password-stdin'],
    input: 'short\n',
    code: 1,
    stderr: /^hob: a password has at least 10 characters\n$/,
  },
  { args: ['user', 'add', 'ben', '--role', 'guest'], code: 2, stderr: /--password-stdin/ },
  { args: ['user', 'reset', 'anna', '--password-stdin', '--json'], input: strong, code: 0, json: { name: 'anna' } },
  { args: ['user', 'reset', 'cleo', '--password-stdin'], input: strong, code: 1, stderr: /^hob: there is no user/ },
  { args: ['user', 'list'], code: 0, stdout: /^owner {2}anna\n$/ },
  { args: ['user', 'list', '--json'], code: 0, json: [{ name: 'anna', role: 'owner' }] },
  { args: ['doctor'], code: 0, stdout: /^nothing is wrong\n\n\w+ +loop_delay .*\n(\w+ +\w+ +.+\n){10}$/ },
  { args: ['doctor', '--json'], code: 0, json: { state: 'good', problems: [], readings: expect.any(Array) } },
  { args: ['why', 'cellar'], code: 1, stderr: /^hob: there is no entity "cellar"\n$/ },
  { args: ['why'], code: 2, stderr: /ENTITY is missing/ },
  { args: ['user', 'greet', 'anna'], code: 2, stderr: /there is no "hob user greet"/ },
  {
    args: ['token', 'create', '--user', 'anna', '--scopes', 'read'],
    code: 0,
    stdout: /^hob_[0-9A-HJKMNP-TV-Z]{26}\n$/,
  },
  {
    args: ['token', 'create', '--user', 'anna', '--scopes', 'read,control', '--expires', '30d', '--json'],
    code: 0,
    json: { scopes: ['read', 'control'], areas: null, expiresAt: expect.any(String) },
  },
  {
    args: ['token', 'create', '--user', 'anna', '--scopes', 'read', '--areas', 'cellar'],
    code: 1,
    stderr: /^hob: there is no area "cellar"\n$/,
  },
  { args: ['token', 'create', '--user', 'anna', '--scopes', 'fly'], code: 1, stderr: /^hob: body\.scopes\.0: / },
  { args: ['token', 'create', '--user', 'anna'], code: 2, stderr: /--user and --scopes are needed/ },
  {
    args: ['client', 'add', 'lab', '--publish', 'lab/#', '--subscribe', '#', '--json'],
    code: 0,
    json: { username: 'c-lab', password: expect.stringMatching(/^\w{26}$/) },
  },
  { args: ['client', 'add', 'lab', '--full'], code: 1, stderr: /^hob: there is a client "c-lab" already\n$/ },
  { args: ['client', 'add', 'x', '--publish', 'a/#/b'], code: 1, stderr: /"a\/#\/b" is not a topic filter/ },
  { args: ['audit', '--action', 'user', '--json'], code: 0, json: [{ action: 'user.put' }, { action: 'user.put' }] },
  { args: ['audit', '--who', 'hob', '--limit', '1'], code: 0, stdout: /^\S+Z hob credential\.put \S+\n$/ },
  { args: ['audit', '--limit', '0'], code: 2, stderr: /limit/ },
  { args: ['audit', 'read'], code: 2, stderr: /there is no "hob audit read"/ },
  { args: ['audit', 'check'], code: 0, stdout: /^whole: \d+ entries, the last is \d+:[\da-f]{64}\n$/ },
  { args: ['audit', 'check', `1:${'0'.repeat(64)}`], code: 1, stdout: /^entry 1 was changed or is missing\n$/ },
  { args: ['audit', 'check', 'x'], code: 1, stderr: /^hob: query\.known: is not an entry like 12:HASH\n$/ },
  { args: ['adopt', 'nobody'], code: 1, stderr: /^hob: there is no candidate "nobody"\n$/ },
  { args: ['adopt'], code: 2, stderr: /CANDIDATE is missing/ },
  { args: ['adopt', '--all'], code: 0, stderr: /^there is no candidate\n$/ },
  { args: ['adopt', '--all', '--json'], code: 0, json: [] },
  { args: ['forget', 'toaster'], code: 1, stderr: /^hob: there is no device "toaster"\n$/ },
  { args: ['set', 'zone', 'Europe/Berlin', '--json'], code: 0, json: { zone: 'Europe/Berlin' } },
  { args: ['set', 'place', '52.52,13.40', '--json'], code: 0, json: { place: { latitude: 52.52, longitude: 13.4 } } },
  { args: ['set', 'writeBudget', '5'], code: 1, stderr: /^hob: body\.writeBudget: is 0, 10 or 60\n$/ },
  { args: ['set', 'place', 'here'], code: 2, stderr: /LATITUDE,LONGITUDE/ },
  { args: ['rules', 'import', ruleFolder], code: 0, stderr: /^saved porch\n$/ },
  { args: ['rules', 'import', join(folder.path, 'nothing')], code: 1, stderr: /^hob: ENOENT/ },
  { args: ['rules', 'export', join(folder.path, 'out'), '--json'], code: 0, json: ['porch'] },
  {
    args: ['backup', join(folder.path, 'house.hob'), '--passphrase-stdin'],
    input: 'correct horse battery\n',
    code: 0,
    stdout: /house\.hob holds the house as it is now \(\d+ KiB\), and opens\n$/,
    stderr: /^$/,
  },
  {
    args: ['backup', join(folder.path, 'small.hob'), '--without-history', '--json'],
    code: 0,
    json: {
      file: join(folder.path, 'small.hob'),
      madeAt: expect.any(String),
      files: [expect.objectContaining({ name: 'hub.db' }), expect.objectContaining({ name: 'backup.key' })],
    },
    stderr: /the key in \S+backup\.key opens it; keep a copy of it elsewhere/,
  },
  { args: ['backup', join(folder.path, 'no', 'folder.hob')], code: 1, stderr: /^hob: ENOENT/ },
  { args: ['backup', 'x', '--passphrase-stdin'], input: 'short\n', code: 2, stderr: /at least 10 characters/ },
  { args: ['backup'], code: 2, stderr: /FILE is missing/ },
  { args: ['check', good], code: 0, stdout: /^$/ },
  { args: ['check', good, faulty, '--json'], code: 1, json: [{ file: faulty, line: 2, severity: 'error' }] },
  { args: ['check', join(folder.path, 'nothing.yaml')], code: 1, stderr: /^hob: ENOENT/ },
  { args: ['replay', capture, '--json'], code: 1, json: { devices: [], faults: [{ hint: null }] } },
  { args: ['replay', faulty], code: 1, stderr: /faulty\.yaml:1 is not a captured message/ },
]

function run({ args, input, json }: Row, data: string) {
  const result = hob([...args, '--data', data], input)
  return { ...result, ...(json === undefined ? {} : { json: JSON.parse(result.stdout) as unknown }) }
}

/** Whoever reads standard output gets facts or, after wrong use, nothing. */
function expected({ code, stdout, stderr, json }: Row): object {
  return {
    code,
    ...(code === 2 ? { stdout: '' } : {}),
    ...(stdout === undefined ? {} : { stdout: expect.stringMatching(stdout) as unknown }),
    ...(stderr === undefined ? {} : { stderr: expect.stringMatching(stderr) as unknown }),
    ...(json === undefined ? {} : { json }),
  }
}

const nameOf = ({ args, code }: Row) => `hob ${args.join(' ').replaceAll(folder.path, '.')} -> ${code}`

describe('while no hub runs', () => {
  it.each(rows.map(row => [nameOf(row), row] as const))('%s', (_name, row) => {
    expect(run(row, join(folder.path, 'alone'))).toMatchObject(expected(row))
  })

  it('restores a house with the passphrase or the key that it was sealed with, and says what does not open it', () => {
    const [house, small, alone] = ['house.hob', 'small.hob', 'alone'].map(name => join(folder.path, name))
    const fresh = join(folder.path, 'fresh')
    const restore = (file: string, ...more: string[]) => ['restore', file, '--data', fresh, ...more]
    expect(hob(restore(house!))).toMatchObject({ code: 1, stderr: expect.stringMatching(/holds no backup\.key/) })
    expect(hob(restore(house!, '--passphrase-stdin'), 'correct horse batterx\n')).toMatchObject({
      code: 1,
      stderr: `hob: the passphrase does not open ${house}; give the one it was made with\n`,
    })
    expect(existsSync(join(fresh, 'hub.db'))).toBe(false)
    expect(hob(restore(house!, '--passphrase-stdin'), 'correct horse battery\n')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is the house of \S+Z again\n$/),
      stderr: '',
    })
    expect(hob(['user', 'list', '--data', fresh]).stdout).toBe('owner  anna\n')
    // Once more over it, with the key of the hub that made it; the house before is kept.
    const key = readFileSync(join(alone!, 'backup.key'), 'utf8')
    const again = hob(restore(small!, '--passphrase-stdin', '--json'), key)
    expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/^what was there is in \S+; remove it/) })
    const { aside } = JSON.parse(again.stdout) as { aside: string }
    expect(readdirSync(aside)).toContain('hub.db')
    expect(readFileSync(join(fresh, 'backup.key'), 'utf8')).toBe(key)
    expect(hob(restore(small!)).code).toBe(0)
    expect(hob(restore(good))).toMatchObject({ code: 1, stderr: `hob: ${good} is not a backup of hob\n` })
    for (const name of readdirSync(fresh, { recursive: true }).map(String)) {
      expect([name, statSync(join(fresh, name)).mode & 0o077]).toEqual([name, 0])
    }
  })
})

describe('while the hub runs', () => {
  const data = join(folder.path, 'beside')
  let hub: HubProcess
  beforeAll(async () => {
    hub = await startHub(data)
  })
  afterAll(() => hub.stop())

  // Wrong use and captures end before anybody looks for a hub.
  const asking = rows.filter(({ args, code }) => code !== 2 && args[0] !== 'replay')
  it.each(asking.map(row => [nameOf(row), row] as const))('%s', (_name, row) => {
    expect(run(row, data)).toMatchObject(expected(row))
  })

  it('is not restored over', () => {
    const house = join(folder.path, 'house.hob')
    const refused = hob(['restore', house, '--data', data, '--passphrase-stdin'], 'correct horse battery\n')
    expect(refused).toMatchObject({ code: 1, stderr: `hob: another hob is running on ${data}; stop it first\n` })
  })

  it('adopts what announced itself, by name, and forgets it', async () => {
    const { username, password } = JSON.parse(
      hob(['client', 'add', 'esp', '--full', '--json', '--data', data]).stdout,
    ) as { username: string; password: string }
    const { client } = await mqttClient(hub, { username, password })
    const config = { name: 'Heat', unique_id: 'h', state_topic: 'h/s', device: { identifiers: ['h'], name: 'Boiler' } }
    await client.publishAsync('homeassistant/sensor/h/config', JSON.stringify(config), { qos: 1, retain: true })
    const adopted = await eventually(
      () => Promise.resolve(hob(['adopt', 'Boiler', '--name', 'Hot water', '--json', '--data', data])),
      result => result.code === 0,
    )
    expect(JSON.parse(adopted.stdout)).toMatchObject({ slug: 'hot_water', name: 'Hot water' })
    expect(hob(['forget', 'hot_water', '--data', data])).toMatchObject({
      code: 0,
      stdout: 'hot_water is forgotten\n',
    })
    await client.endAsync()
  })
})

describe('a backup that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves no plain copies and no part of the file', async signal => {
    const data = join(folder.path, `stopped-${signal}`)
    const copies = join(data, 'backups/.copies-x')
    mkdirSync(copies, { recursive: true })
    for (const name of ['hub.db', 'backups/.copies-x/hub.db']) writeFileSync(join(data, name), 'plain')
    const file = join(folder.path, `${signal}.hob`)
    // Made by the hub, so that the hub can read it.
    const key = join(data, 'backup.key')
    let wasKeyThere: boolean | undefined
    // A hub that has copied when the signal is on its way.
    const hub = createServer((request, response) => {
      if (request.method === 'POST') {
        wasKeyThere = existsSync(key)
        writeFileSync(key, '0'.repeat(26))
        child.kill(signal)
      }
      response.end(JSON.stringify({ folder: copies }))
    })
    await new Promise<void>(resolve => hub.listen(join(data, 'hob.sock'), resolve))
    const child = spawn(process.execPath, [program, 'backup', file, '--data', data])
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part))
    const code = await new Promise(resolve => child.once('close', resolve))
    hub.close()
    expect({ code, said }).toEqual({ code: 1, said: 'hob: the backup was stopped\n' })
    expect(wasKeyThere).toBe(false)
    expect(readdirSync(join(data, 'backups'))).toEqual([])
    expect(readdirSync(folder.path).filter(name => name.startsWith(signal))).toEqual([])
  })
})

it('takes the data folder from the environment', () => {
  const data = join(folder.path, 'alone')
  process.env['HOB_DATA'] = data
  try {
    expect(hob(['user', 'list']).stdout).toBe('owner  anna\n')
  } finally {
    delete process.env['HOB_DATA']
  }
})

it('says that a configuration file outside of the data folder is not in a backup', () => {
  process.env['HOB_CONFIG'] = join(folder.path, 'elsewhere.yaml')
  try {
    const args = [
      'backup',
      join(folder.path, 'without.hob'),
      '--passphrase-stdin',
      '--data',
      join(folder.path, 'alone'),
    ]
    expect(hob(args, 'correct horse battery\n')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^\S+elsewhere\.yaml, and certificate files that it names, are not in the backup/),
    })
  } finally {
    delete process.env['HOB_CONFIG']
  }
})

describe('a data folder without a hub', () => {
  const mistyped = join(folder.path, 'dta')
  const readers = [
    ['user', 'list'],
    ['adopt', '--all'],
    ['forget', 'lamp'],
    ['rules', 'export', folder.path],
  ]

  it.each(readers.map(args => [args.join(' '), args] as const))('is left alone by hob %s', (_name, args) => {
    expect(hob([...args, '--data', mistyped])).toMatchObject({
      code: 1,
      stderr: `hob: there is no hub in ${mistyped}; hob start makes one\n`,
    })
    expect(existsSync(mistyped)).toBe(false)
  })

  it('ends hob start with the reason where none can be made', () => {
    expect(
      hob(['start', '--http-port', '0', '--mqtt-port', '0', '--mqtts-port', '0', '--data', '/proc/hob']),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^hob: ENOENT: .*\/proc\/hob/),
    })
  })
})
