import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import mqtt, { type IClientOptions } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { issueInProcess } from '../../server/system/index.ts'
import { hob, program, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'

// Clients of other projects against the built product, over TLS and WebSocket.

const MESSAGE = ['-t', 'a', '-m', 'b', '-q', '1']

const folder = temporaryFolder()
afterAll(() => folder.remove())
const at = (name: string) => join(folder.path, name)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Connects with MQTT.js, sends a message to itself and leaves. @returns what came. */
async function echo(url: string, options: IClientOptions): Promise<string> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options })
  const { protocol } = new URL(url)
  const came = new Promise<string>(resolve => client.once('message', (_topic, payload) => resolve(payload.toString())))
  await client.subscribeAsync(`echo/${protocol}`, { qos: 1 })
  await client.publishAsync(`echo/${protocol}`, `over ${protocol}`, { qos: 1 })
  const text = await came
  await client.endAsync()
  return text
}

/** What openssl says of a server. */
function handshake(port: number, ...options: string[]): string {
  const { stdout, stderr } = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...options], {
    input: '',
    encoding: 'utf8',
  })
  return `${stdout}\n${stderr}`
}

describe('the hub', () => {
  let hub: HubProcess
  let login: { username: string; password: string }
  let port: number

  beforeAll(async () => {
    port = await freePort()
    hub = await startHub(at('data'), { mqtts: port })
    const made = hob(['client', 'add', 'shell', '--full', '--json', '--data', at('data')])
    login = JSON.parse(made.stdout) as typeof login
    const ca = await fetch(`${hub.http}/api/v1/system/ca.pem`)
    writeFileSync(at('ca.pem'), await ca.text())
  })
  afterAll(() => hub.stop())

  it('says where MQTT over TLS is', () => expect(hub.mqtts).toEqual({ host: '127.0.0.1', port }))

  it('shows openssl a certificate for its addresses, from its own CA', () => {
    const verify = ['-CAfile', at('ca.pem'), '-verify_return_error']
    expect(handshake(port, ...verify, '-verify_ip', '127.0.0.1')).toMatch(/Verification: OK[\s\S]*TLSv1\.3/)
    expect(handshake(port, ...verify, '-verify_hostname', 'hob.local', '-tls1_2')).toMatch(/Verification: OK/)
    expect(handshake(port, ...verify, '-verify_hostname', 'other.example')).toMatch(/hostname mismatch/i)
    expect(handshake(port, '-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0')).toMatch(/alert protocol version/)
  })

  it('is trusted by mbedTLS, which devices have, for its names alone', () => {
    const source = new URL('support/mbedtls.c', import.meta.url).pathname
    const libraries = ['-lmbedtls', '-lmbedx509', '-lmbedcrypto']
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', source, '-o', at('mbedtls'), ...libraries])
    const trust = (name: string) => spawnSync(at('mbedtls'), [at('ca.pem'), String(port), name], { encoding: 'utf8' })
    expect(trust('hob.local')).toMatchObject({ status: 0, stderr: '' })
    expect(trust('other.example')).toMatchObject({ status: 1, stderr: '' })
  })

  it('is trusted by mosquitto_pub with the CA, and not without', async () => {
    const { username, password } = login
    const publish = async (...options: string[]) => {
      const words = ['-h', '127.0.0.1', '-p', String(port), '-u', username, '-P', password, ...MESSAGE]
      const [code] = (await once(spawn('mosquitto_pub', [...words, ...options], { stdio: 'ignore' }), 'exit')) as [
        number,
      ]
      return code
    }
    expect(await publish('--cafile', at('ca.pem'))).toBe(0)
    expect(await publish('--cafile', at('ca.pem'), '-V', 'mqttv5')).toBe(0)
    expect(await publish('--capath', '/nowhere')).not.toBe(0)
  })

  it.each([4, 5] as const)('serves MQTT.js level %i over TLS and WebSocket', async protocolVersion => {
    const options = { ...login, protocolVersion }
    const ca = readFileSync(at('ca.pem'))
    expect(await echo(`mqtts://127.0.0.1:${port}`, { ...options, ca })).toBe('over mqtts:')
    expect(await echo(`${hub.http.replace('http', 'ws')}/mqtt`, options)).toBe('over ws:')
  })

  it('keeps the CA and the leaf over a restart, stops in order while clients are connected, and takes other files', async () => {
    const before = statSync(at('data/certs/device-ca.pem')).mtimeMs
    const client = await mqtt.connectAsync(`${hub.http.replace('http', 'ws')}/mqtt`, { ...login, reconnectPeriod: 0 })
    const isGone = new Promise<void>(resolve => client.once('close', () => resolve()))
    expect(await hub.stop()).toBe(0)
    await isGone
    const { leaf, ca } = await issueInProcess({ ca: null, names: ['127.0.0.1'], now: Date.now() })
    writeFileSync(at('own.pem'), leaf.cert)
    writeFileSync(at('own.key'), leaf.key)
    hub = await startHub(at('data'), { mqtts: port, more: ['--cert', at('own.pem'), '--key', at('own.key')] })
    expect(await echo(`mqtts://127.0.0.1:${port}`, { ...login, ca: ca.cert })).toBe('over mqtts:')
    expect((await fetch(`${hub.http}/api/v1/system/ca.pem`)).status).toBe(404)
    expect(statSync(at('data/certs/device-ca.pem')).mtimeMs).toBe(before)
  })

  it('goes on without MQTT over TLS where the files cannot be used, and says what to do', async () => {
    await hub.stop()
    hub = await startHub(at('data'), { mqtts: port, more: ['--cert', at('own.pem'), '--key', at('nowhere.key')] })
    expect(hub.mqtts).toBeNull()
    expect(hub.log()).toContain('nowhere.key is not there; name the right file')
    expect((await fetch(`${hub.http}/healthz`)).status).toBe(200)
  })

  it('goes on without it where the port is taken, and says what to do', async () => {
    await hub.stop()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    hub = await startHub(at('data'), { mqtts: port })
    other.close()
    expect(hub.mqtts).toBeNull()
    expect(hub.log()).toMatch(/there is no MQTT over TLS: .*EADDRINUSE.*mqtts_port takes another port, 0 none/)
  })
})

describe('hob broker', () => {
  it('serves MQTT.js on every port it is told, and stops in order', async () => {
    const { leaf, ca } = await issueInProcess({ ca: null, names: ['127.0.0.1'], now: Date.now() })
    writeFileSync(at('broker.pem'), leaf.cert)
    writeFileSync(at('broker.key'), leaf.key)
    const ports = ['--port', '0', '--ws-port', '0', '--tls-port', '0', '--wss-port', '0']
    const files = ['--cert', at('broker.pem'), '--key', at('broker.key')]
    const words = ['broker', '--allow-anonymous', '--host', '127.0.0.1', ...ports, ...files]
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const gone = once(child, 'exit')
    const [ready] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const places = [...ready.matchAll(/ (\w+)=(\S+)/g)].map(([, scheme, place]) => `${scheme}://${place}`)
    expect(ready).toMatch(/^hob broker ready mqtt=127\.0\.0\.1:\d+ ws=\S+ mqtts=\S+ wss=\S+$/)
    const came = await Promise.all(places.map(place => echo(place, { ca: ca.cert })))
    expect(came).toEqual(['over mqtt:', 'over ws:', 'over mqtts:', 'over wss:'])
    child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  })

  it.each([
    [['--tls-port', '0'], 2, '--tls-port needs --cert FILE and --key FILE'],
    [['--wss-port', '0', '--cert', 'a'], 2, '--cert and --key go together'],
    [['--proxy-protocol', '10.0.0.0/33'], 2, '--proxy-protocol: "10.0.0.0/33" is not an address or network'],
    [['--port', '0', '--tls-port', '0', '--cert', '/nowhere', '--key', '/nowhere'], 1, '/nowhere is not there'],
  ])('refuses %j', (words, code, text) => {
    const { stderr, ...ended } = hob(['broker', '--allow-anonymous', '--host', '127.0.0.1', ...words])
    expect({ code: ended.code, stderr }).toEqual({ code, stderr: expect.stringContaining(text) })
  })
})
