import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'

const root = join(import.meta.dirname, '../..')
const folder = temporaryFolder()
const data = join(folder.path, 'data')
let hub: HubProcess

beforeAll(async () => {
  hub = await startHub(data)
})
afterAll(async () => {
  await hub.stop()
  folder.remove()
})

/** The shell blocks under a heading of the README. */
function shellBlocks(heading: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, section = ''] = readme.split(`\n## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  return [...own.matchAll(/```sh\n(.*?)```/gs)].map(match => match[1]).join('')
}

it('leads from the first user to the first rule, word for word but for the ports', { timeout: 30_000 }, async () => {
  // In a folder that has ./hob, as a clone does.
  const clone = join(folder.path, 'clone')
  mkdirSync(clone)
  symlinkSync(join(root, 'hob'), join(clone, 'hob'))
  const script = shellBlocks('The same on the command line')
    .replaceAll('http://127.0.0.1:8080', hub.http)
    .replaceAll(/mosquitto_(pub|sub) /g, `mosquitto_$1 -p ${hub.mqtt.port} `)
  const shell = spawn('sh', ['-e'], { cwd: clone, env: { ...process.env, HOB_DATA: data } })
  shell.stdin.end(`${script}\nwait\n`)
  const [printed, complained] = await Promise.all([text(shell.stdout), text(shell.stderr)])
  expect(complained).toBe('saved frost\n')
  expect(printed).toContain('user anna is there, as owner\n')
  expect(printed).toContain('balcony  Balcony\nheater  Heater\n')
  expect(printed).toMatch(/^ON$/m)
  const list = JSON.parse(/^\{"items".*$/m.exec(printed)![0].replace(/ON$/, '')) as { items: { slug: string }[] }
  expect(list.items.map(each => each.slug)).toEqual(['balcony', 'heater'])
})
