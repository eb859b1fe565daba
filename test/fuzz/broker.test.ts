import { describe, expect, it } from 'vitest'
import { fuzzBroker, play } from './broker-fuzz.ts'
import { parseScript, scriptText } from './script.ts'
import { scripts } from './scripts.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`broker fuzz: HOB_SEED=${seed}`)

it('takes whatever clients send, and others notice nothing', { timeout: 120_000 }, async () => {
  const { welcomed } = await fuzzBroker(seed, 30_000)
  expect(welcomed).toBeGreaterThan(3_000)
})

describe('what once made it fail', () => {
  it.each(scripts)('$name', async ({ text }) => {
    expect((await play(parseScript(text))).failures).toEqual([])
  })
})

it('a script is the same after it was printed', () => {
  const text = '0 opens 101000\n1 stalls\nwait 1500\nturn\n0 sends c000\n1 reads\n0 drops'
  expect(scriptText(parseScript(text))).toBe(text)
})
