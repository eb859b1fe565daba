import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Slowness } from '../../web/lib/slowness.svelte.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('is told after five seconds, until the last late answer came', async () => {
  const slowness = new Slowness()
  const ends: (() => void)[] = []
  const ask = () => slowness.watch(new Promise<void>(resolve => ends.push(resolve)))
  const first = ask()
  await vi.advanceTimersByTimeAsync(4_999)
  const second = ask()
  expect(slowness.isSlow).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(slowness.isSlow).toBe(true)
  await vi.advanceTimersByTimeAsync(5_000)
  ends[0]!()
  await first
  expect(slowness.isSlow).toBe(true)
  ends[1]!()
  await second
  expect(slowness.isSlow).toBe(false)
})

it('ends with an answer that fails, which fails all the same', async () => {
  const slowness = new Slowness()
  let fail = (_error: Error) => {}
  const answer = slowness.watch(new Promise((_resolve, reject) => (fail = reject)))
  await vi.advanceTimersByTimeAsync(5_500)
  expect(slowness.isSlow).toBe(true)
  fail(new Error('gone'))
  await expect(answer).rejects.toThrow('gone')
  expect(slowness.isSlow).toBe(false)
})
