import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hob, startHub, temporaryFolder } from '../support/hub-process.ts'

const folder = temporaryFolder()
const data = ['--data', join(folder.path, 'data')]
const write = (name: string, text: string) => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}
afterAll(folder.remove)

const VERBS = [
  'start',
  'broker',
  'claim',
  'user',
  'token',
  'client',
  'audit',
  'pair',
  'adopt',
  'forget',
  'set',
  'rules',
  'check',
  'why',
  'replay',
  'doctor',
  'backup',
  'restore',
]

describe('hob', () => {
  it('lists its verbs', () => {
    const overview = hob(['--help'])
    expect(overview.code).toBe(0)
    expect([...overview.stdout.matchAll(/^ {2}hob (\w+)/gm)].map(match => match[1])).toEqual(VERBS)
  })

  it.each(VERBS)('has help for %s', verb => {
    const help = hob([verb, '--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toMatch(new RegExp(`^hob ${verb} `))
  })

  it('shows no flag that does nothing there', () => {
    for (const verb of ['start', 'broker']) expect(hob([verb, '--help']).stdout).not.toContain('--json')
    expect(hob(['broker', '--help']).stdout).toMatch(/--data DIR +data folder; without it all is in memory\n/)
  })

  it.each([
    [['fly'], /there is no "hob fly"/],
    [['start', '--wings'], /--wings/],
    [['user', 'add', 'anna', '--role', 'king', '--password-stdin'], /--role is one of owner/],
    [['broker'], /--allow-anonymous/],
    [['pair', '--seconds', '20'], /--seconds takes a whole number from 30 to 900/],
    [['set', 'colour', 'red'], /settings are name, zone/],
    [['start', '--http-port', '70000'], /--http-port takes a whole number from 0 to 65535, not "70000"/],
    [['start', '--json'], /--json/],
    [['start', 'now'], /"now" is a word too many/],
    [['set', 'name', 'Garden', 'street'], /"street" is a word too many; a text with spaces stands between quotes/],
    [['forget', 'lamp', 'plug'], /"plug" is a word too many/],
    [['client', 'add', 'x'], /--publish, --subscribe or --full/],
    [['token', 'create', '--user', 'anna', '--scopes', 'read', '--expires', 'soon'], /12h, 30d or 4w/],
  ])('says what is wrong with %j and ends with 2', (args, message) => {
    const result = hob([...args, ...data])
    expect(result.stderr).toMatch(message)
    expect(result.code).toBe(2)
  })

  it('pairs only with a hub that runs', () => {
    const result = hob(['pair', ...data])
    expect(result.stderr).toMatch(/^hob: no hub runs on .*; start it first: hob start\n$/)
    expect(result.code).toBe(1)
  })

  it('stops the start at a bad configuration key, in one sentence', () => {
    mkdirSync(join(folder.path, 'bad'))
    write('bad/config.yaml', 'mqtt_prot: 1883\n')
    const result = hob(['start', '--data', join(folder.path, 'bad')])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(/^hob: .*config\.yaml: there is no key "mqtt_prot"; keys are [^\n]+\n$/)
  })

  it('stops the start at a database that is none, in one sentence', () => {
    mkdirSync(join(folder.path, 'damaged'))
    write('damaged/hub.db', 'shopping list\n'.repeat(100))
    const result = hob(['start', '--data', join(folder.path, 'damaged')])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(
      /^hob: .*hub\.db is damaged \(file is not a database\), and there is no good backup in .*; bring one with hob restore FILE/,
    )
  })

  it('does the same whether the hub runs or not', async () => {
    expect(
      hob(['user', 'add', 'ben', '--role', 'admin', '--password-stdin', ...data], 'a long enough one'),
    ).toMatchObject({ code: 0 })
    const hub = await startHub(join(folder.path, 'data'))
    expect(
      hob(['user', 'add', 'cleo', '--role', 'guest', '--password-stdin', ...data], 'another long one'),
    ).toMatchObject({ code: 0 })
    expect(
      hob(['user', 'add', 'cleo', '--role', 'guest', '--password-stdin', ...data], 'another long one'),
    ).toMatchObject({ code: 1 })
    expect(JSON.parse(hob(['user', 'list', '--json', ...data]).stdout)).toMatchObject([
      { name: 'ben' },
      { name: 'cleo' },
    ])
    expect(await hub.stop()).toBe(0)
    expect(JSON.parse(hob(['user', 'list', '--json', ...data]).stdout)).toMatchObject([
      { name: 'ben' },
      { name: 'cleo' },
    ])
  })

  it('refuses a second hub on the same folder', async () => {
    const hub = await startHub(join(folder.path, 'data'))
    const second = hob(['start', '--http-port', '0', '--mqtt-port', '0', '--mqtts-port', '0', ...data])
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/^hob: [^\n]+\n$/)
    await hub.stop()
  })

  it('takes rule files in and gives them out, byte for byte', () => {
    const text = '# porch\non: home/door\ndo:\n  publish: home/porch/set\n  payload: "ON"   # as the lamp wants it\n'
    mkdirSync(join(folder.path, 'in'))
    write('in/porch.yaml', text)
    expect(hob(['rules', 'import', join(folder.path, 'in'), ...data])).toMatchObject({ code: 0 })
    expect(hob(['rules', 'export', join(folder.path, 'out'), ...data])).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder.path, 'out/porch.yaml'), 'utf8')).toBe(text)
  })

  it('shows faults of a rule with line, column and caret', () => {
    const path = write('hall.yaml', 'on: {when: hall_motin.occupancy}\ndo: {turn_on: hall_lamp}\n')
    const devices = write(
      'devices.json',
      JSON.stringify({
        entities: [
          {
            slug: 'occupancy',
            component: 'binary_sensor',
            device: { slug: 'hall_motion' },
            values: { occupancy: { value: null } },
            commands: [],
          },
          {
            slug: 'light',
            component: 'light',
            device: { slug: 'hall_lamp' },
            values: { on: { value: null } },
            commands: [{ name: 'turn_on', values: {} }],
          },
        ],
        areas: [],
        people: [],
        lists: {},
        aliases: {},
      }),
    )
    const shown = hob(['check', path, '--devices', devices, ...data])
    expect(shown.code).toBe(1)
    expect(shown.stdout).toContain(`${path}:1:12: error[unknown-device]`)
    expect(shown.stdout).toContain('did you mean "hall_motion"')
    const [fault] = JSON.parse(hob(['check', path, '--devices', devices, '--json', ...data]).stdout)
    expect(fault).toMatchObject({ line: 1, column: 12, severity: 'error', id: 'unknown-device' })
  })

  it('replays captured messages', () => {
    const config = {
      name: 'Power',
      unique_id: 'p',
      state_topic: 'x/p',
      device_class: 'power',
      unit_of_measurement: 'W',
      device: { identifiers: ['x'], name: 'X' },
    }
    const path = write(
      'capture.ndjson',
      `${JSON.stringify({ topic: 'homeassistant/sensor/x/p/config', payload: JSON.stringify(config), retain: true })}\n`,
    )
    const report = JSON.parse(hob(['replay', path, '--json', ...data]).stdout)
    expect(report).toMatchObject({
      devices: [
        { name: 'X', entities: [{ component: 'sensor', unit: 'W', deviceClass: 'power', commandable: false }] },
      ],
      unrecognised: [],
      faults: [],
    })
  })
})
