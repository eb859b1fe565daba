import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hob, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { clients, steps, type InteropClient } from './expectation.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const here = (file: string) => join(import.meta.dirname, file)
const compiled = join(folder.path, 'paho-c')

/** How a client's script is started. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'mqtt-js': [process.execPath, here('mqtt-js.ts')],
  mosquitto: [process.execPath, here('mosquitto.ts')],
  'paho-c': [compiled],
  // Debian's own, where its packages are.
  'paho-python': ['/usr/bin/python3', '-B', here('paho-python.py')],
}

let hub: HubProcess
let logins: string[]

function addClient(...words: string[]): string[] {
  const made = hob(['client', 'add', ...words, '--json', '--data', folder.path])
  const { username, password } = JSON.parse(made.stdout) as { username: string; password: string }
  return [username, password]
}

beforeAll(async () => {
  const sources = ['steps.c', 'peer.c'].map(file => here(`paho-c/${file}`))
  await run('cc', ['-Wall', '-Wextra', '-Werror', ...sources, '-o', compiled, '-lpaho-mqtt3c', '-pthread'])
  hub = await startHub(folder.path)
  logins = [...addClient('full', '--full'), ...addClient('narrow', '--publish', '+/open')]
})

afterAll(async () => {
  await hub.stop()
  folder.remove()
})

/** Plays the steps. @returns what the client saw, step by step. */
async function play({ name }: InteropClient, level: 4 | 5): Promise<Record<string, string[]>> {
  const [program, ...words] = commands[name]!
  const { host, port } = hub.mqtt
  const told = [...words, host, String(port), String(level), `${name}-${level}`, ...logins]
  const { stdout } = await run(program!, told, { timeout: 25_000 })
  const seen: Record<string, string[]> = {}
  for (const line of stdout.trimEnd().split('\n')) {
    const [, step = '', text = ''] = /^(.*?): (.*)$/.exec(line) ?? []
    ;(seen[step] ??= []).push(text.replace(/messageExpiry=(9\d|100)$/, 'messageExpiry=90..100'))
  }
  return seen
}

describe('clients of other projects', () => {
  const runs = clients.flatMap(client => ([4, 5] as const).map(level => ({ client, level, name: client.name })))

  it.concurrent.each(runs)('$name, protocol level $level', async ({ client, level }) => {
    const wanted = steps.filter(step => step.levels.includes(level) && client.lacks[step.name] === undefined)
    expect(await play(client, level)).toEqual(Object.fromEntries(wanted.map(step => [step.name, step.seen])))
  })

  it('lack only steps that there are', () => {
    const names = new Set(steps.map(step => step.name))
    for (const { name, lacks } of clients) {
      expect(
        Object.keys(lacks).filter(step => !names.has(step)),
        name,
      ).toEqual([])
    }
  })
})
