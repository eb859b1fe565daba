import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hob, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'

// The stock command line clients of another project against the running hub.

const folder = temporaryFolder()
let hub: HubProcess
let login: string[]

beforeAll(async () => {
  hub = await startHub(folder.path)
  const made = hob(['client', 'add', 'shell', '--full', '--json', '--data', folder.path])
  const { username, password } = JSON.parse(made.stdout) as { username: string; password: string }
  login = ['-h', hub.mqtt.host, '-p', String(hub.mqtt.port), '-u', username, '-P', password]
}, 30_000)

afterAll(async () => {
  await hub.stop()
  folder.remove()
})

async function publish(...args: string[]): Promise<number> {
  const child = spawn('mosquitto_pub', [...login, ...args], { stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number]
  return code
}

/** Subscribes, waits until the broker granted it, then collects lines until `count` came. */
async function subscriber(count: number, ...args: string[]) {
  // Line by line, also into a pipe.
  const child = spawn('stdbuf', [
    '-oL',
    'mosquitto_sub',
    ...login,
    '-d',
    '-F',
    '%t %p %q %r',
    '-C',
    String(count),
    ...args,
  ])
  const lines: string[] = []
  let granted = () => {}
  const isGranted = new Promise<void>(resolve => (granted = resolve))
  const output = createInterface({ input: child.stdout }).on('line', line => {
    if (line.startsWith('Subscribed')) granted()
    else if (!/^(Client|Subscribed)/.test(line)) lines.push(line)
  })
  // Not the exit: what was printed may still be on its way.
  const ended = once(output, 'close').then(() => lines)
  await Promise.race([isGranted, ended])
  return { ended, child }
}

describe('mosquitto_pub and mosquitto_sub', () => {
  it.each([0, 1, 2])('carry a message at QoS %i', async qos => {
    const { ended } = await subscriber(1, '-t', `qos/${qos}`, '-q', String(qos))
    expect(await publish('-t', `qos/${qos}`, '-m', 'hello', '-q', String(qos))).toBe(0)
    expect(await ended).toEqual([`qos/${qos} hello ${qos} 0`])
  })

  it('see a retained message, and not the cleared one', async () => {
    await publish('-t', 'kept/a', '-m', 'old', '-r', '-q', '1')
    await publish('-t', 'kept/a', '-m', 'new', '-r', '-q', '1')
    await publish('-t', 'kept/b', '-m', 'gone', '-r', '-q', '1')
    await publish('-t', 'kept/b', '-n', '-r', '-q', '1')
    const { ended } = await subscriber(2, '-t', 'kept/#', '-q', '1')
    await publish('-t', 'kept/end', '-m', 'end', '-q', '1')
    expect(await ended).toEqual(['kept/a new 1 1', 'kept/end end 1 0'])
  })

  it('get the will of a client that is lost', async () => {
    const { ended } = await subscriber(1, '-t', 'wills/#', '-q', '1')
    const lost = await subscriber(
      1,
      '-t',
      'nothing',
      '--will-topic',
      'wills/lost',
      '--will-payload',
      'gone',
      '--will-qos',
      '1',
    )
    lost.child.kill('SIGKILL')
    expect(await ended).toEqual(['wills/lost gone 1 0'])
  })

  it('find what came while a persistent session was away', async () => {
    const session = ['-i', 'sleeper', '-c', '-t', 'away/#', '-q', '2']
    const first = await subscriber(1, ...session)
    await publish('-t', 'away/0', '-m', 'here', '-q', '1')
    await first.ended
    await publish('-t', 'away/1', '-m', 'one', '-q', '1')
    await publish('-t', 'away/2', '-m', 'two', '-q', '2')
    await publish('-t', 'away/3', '-m', 'lost, QoS 0', '-q', '0')
    const second = await subscriber(2, ...session)
    expect(await second.ended).toEqual(['away/1 one 1 0', 'away/2 two 2 0'])
  })

  it('are refused with a wrong password, and without one', async () => {
    const wrong = spawn('mosquitto_pub', [...login.slice(0, -1), 'wrong', '-t', 'a', '-m', 'b'], { stdio: 'ignore' })
    expect((await once(wrong, 'exit'))[0]).toBe(4)
    const nobody = spawn('mosquitto_pub', [...login.slice(0, 4), '-t', 'a', '-m', 'b'], { stdio: 'ignore' })
    expect((await once(nobody, 'exit'))[0]).toBe(5)
  })
})
