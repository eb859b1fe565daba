import { expect, it } from 'vitest'
import { measureSlowDisk, percentile } from './slow-disk.ts'

const WINDOW = 100

it('QoS 0 reaches its subscriber within 20 ms at p99 while every fsync takes 200 ms', async () => {
  const { latencies, fsyncs, acknowledged } = await measureSlowDisk(5 * WINDOW)
  // Half a second each: a disk that is waited for shows in all of them, another program on the machine in some.
  const windows = Array.from({ length: 5 }, (_, n) => latencies.slice(n * WINDOW, (n + 1) * WINDOW))
  expect(Math.min(...windows.map(window => percentile(window, 0.99)))).toBeLessThan(20)
  expect(fsyncs).toBeGreaterThan(5)
  expect(acknowledged).toBeGreaterThan(3)
})
