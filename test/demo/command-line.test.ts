import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, it } from 'vitest'
import { readFlags } from './flags.ts'

const program = join(import.meta.dirname, 'main.ts')
const scratch = mkdtempSync(join(tmpdir(), 'hob-test-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: scratch },
  })
  const lines: string[] = []
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (complaint += part))
  const output = createInterface({ input: child.stdout })
  const gone = new Promise<number | null>(resolve => child.once('close', resolve))
  const line = (fits: RegExp) =>
    new Promise<string>((resolve, reject) => {
      output.on('line', text => {
        lines.push(text)
        if (fits.test(text)) resolve(text)
      })
      void gone.then(code => reject(new Error(`the demo ended with ${code}: ${complaint}`)))
    })
  return { child, lines, line, gone, complaint: () => complaint }
}

it('prints its link last, and Ctrl-C ends everything', { timeout: 60_000 }, async () => {
  const demo = start('--http-port', '0', '--mqtt-port', '0', '--fast', '60', '--days', '0')
  const link = await demo.line(/\/signin#/)
  expect(readdirSync(scratch)).toEqual([expect.stringMatching(/^hob-demo-/)])
  expect(await (await fetch(new URL('/healthz', link))).text()).not.toBe('')
  demo.child.kill('SIGINT')
  expect(await demo.gone).toBe(0)
  expect(demo.lines.at(-1)).toBe(link)
  expect(readdirSync(scratch)).toEqual([])
})

it.each([
  [['--fast', 'no'], '--fast must be a whole number from 1 to 600, not "no"'],
  [['--mqtt-port', '70000'], '--mqtt-port must be a whole number from 0 to 65535, not "70000"'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('refuses %j', (args, text) => {
  expect(() => readFlags(args)).toThrow(text)
})

it('takes the usual ports unless told', () => {
  expect(readFlags([])).toEqual({ httpPort: 8080, mqttPort: 1883, seed: 'home', fast: 1, days: 2 })
})

it('ends with 2 for wrong use', { timeout: 60_000 }, async () => {
  const demo = start('--fast', '0')
  expect(await demo.gone).toBe(2)
  expect(demo.complaint()).toBe('demo: --fast must be a whole number from 1 to 600, not "0"\n')
})
