import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../server/config.ts'
import { isPrivateAddress, memberOf } from '../../server/peers.ts'

let data: string
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'hob-config-'))))
afterEach(() => rmSync(data, { recursive: true }))

const load = (text: string | null, env: Record<string, string> = {}, flags: Record<string, unknown> = {}) => {
  if (text !== null) writeFileSync(join(data, 'config.yaml'), text)
  return loadConfig({ data, env, flags })
}

describe('loadConfig', () => {
  it('has a default for every key', () => {
    expect(load(null)).toEqual({
      data,
      host: '',
      httpPort: 8080,
      mqttPort: 1883,
      mqttsPort: 8883,
      certificate: null,
      proxyProtocol: [],
      peers: 'private',
      hosts: [],
      trustedProxies: [],
      logLevel: 'info',
      safe: false,
    })
  })

  it('reads what an installation begins with, and every example in it', () => {
    const begin = readFileSync(new URL('../../server/system/package/config.yaml', import.meta.url), 'utf8')
    const every = begin.replaceAll(/^# (?=\w+: )/gm, '')
    expect(every).toContain('\nhost: ')
    expect(load(begin)).toEqual({ ...load(''), httpPort: 80 })
    expect(load(every)).toMatchObject({ httpPort: 80, mqttPort: 1883 })
  })

  it('lets flags win over the environment, and that over the file', () => {
    const config = load(
      'http_port: 1\nmqtt_port: 1\nlog_level: warn',
      { HOB_HTTP_PORT: '2', HOB_MQTT_PORT: '2' },
      { http_port: '3' },
    )
    expect(config).toMatchObject({ httpPort: 3, mqttPort: 2, logLevel: 'warn' })
  })

  it('reads lists and switches from the environment', () => {
    const env = { HOB_HOSTS: 'hub.example, hob.lan', HOB_SAFE: 'true', HOB_TRUSTED_PROXIES: '10.0.0.2,fd00::/8' }
    expect(load(null, env)).toMatchObject({
      hosts: ['hub.example', 'hob.lan'],
      trustedProxies: ['10.0.0.2', 'fd00::/8'],
      safe: true,
    })
  })

  it('reads the certificate of MQTT over TLS, and the proxies before MQTT', () => {
    expect(
      load('mqtts_port: 0\ncert: /a.pem', { HOB_KEY: '/a.key', HOB_PROXY_PROTOCOL: '10.0.0.2' }, { cert: '/b.pem' }),
    ).toMatchObject({ mqttsPort: 0, certificate: { cert: '/b.pem', key: '/a.key' }, proxyProtocol: ['10.0.0.2'] })
  })

  it('cannot be changed', () => expect(Object.isFrozen(load(null))).toBe(true))

  it.each([
    ['a key it does not know', 'htp_port: 1', {}, /config\.yaml: there is no key "htp_port"; keys are host, http_port/],
    ['a port out of range', 'http_port: 70000', {}, /config\.yaml: http_port: .*65535/],
    ['a port that is text', null, { HOB_HTTP_PORT: 'eighty' }, /HOB_HTTP_PORT: is not a port/],
    ['a port that is left empty', 'http_port:', {}, /http_port: is not a port, a whole number from 0 to 65535/],
    ['an empty variable', null, { HOB_MQTT_PORT: '' }, /HOB_MQTT_PORT: is not a port/],
    ['a switch that is neither', 'safe: maybe', {}, /safe: is true or false/],
    ['a proxy without an address', 'trusted_proxies: [proxy.lan]', {}, /trusted_proxies: is not an address or network/],
    ['a key without its certificate', 'key: /a.key', {}, /config\.yaml: key: .* go together: "cert" is missing/],
    ['a certificate without its key', null, { HOB_CERT: '/a.pem' }, /HOB_CERT: .* go together: "key" is missing/],
    ['YAML that does not parse', 'a: [', {}, /config\.yaml: /],
    ['a list', '- a', {}, /is not a map of keys/],
    ['a key twice', 'safe: true\nsafe: false', {}, /config\.yaml: .*unique/],
  ])('refuses %s in one sentence', (_what, text, env, message) => {
    expect(() => load(text, env)).toThrow(message)
    expect(() => load(text, env)).toThrow(/^[^\n]+$/)
  })

  it('wants the file it was told to read', () => {
    expect(() => loadConfig({ data, file: join(data, 'nowhere.yaml'), env: {}, flags: {} })).toThrow(
      /nowhere\.yaml: cannot be read/,
    )
  })
})

describe('isPrivateAddress', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.1.9',
    '172.31.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:192.168.1.9',
  ])('%s is of the home', address => expect(isPrivateAddress(address)).toBe(true))
  it.each(['8.8.8.8', '172.32.0.1', '2001:db8::1', '::ffff:8.8.8.8', '', '100.128.0.1'])('%s is not', address =>
    expect(isPrivateAddress(address)).toBe(false),
  )
})

describe('memberOf', () => {
  it('has no members without networks', () => expect(memberOf([])).toBeUndefined())
  it.each([
    ['10.0.0.2', true],
    ['::ffff:10.0.0.2', true],
    ['10.0.0.3', false],
    ['192.168.7.1', true],
    ['192.169.0.1', false],
    ['fd12::1', true],
    ['fe80::1%eth0', false],
  ])('%s: %s', (address, isMember) => {
    expect(memberOf(['10.0.0.2', '192.168.0.0/16', 'fd00::/8'])!(address)).toBe(isMember)
  })
})
