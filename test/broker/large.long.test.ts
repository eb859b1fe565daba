import { expect, test } from 'vitest'
import { LARGEST, passWhole } from './support/large-publish.ts'

// Takes a gigabyte of memory: the packet, its frame, and what the sockets keep.
test.each([
  [0, []],
  [1, [4]],
  [2, [5, 7]],
] as const)('the largest PUBLISH of the format, 256 MB, passes whole at QoS %i', async (qos, acknowledged) => {
  // Its fixed header counts for the limit, too.
  const { sent, came, answers, stats } = await passWhole({ length: LARGEST - 5, qos })
  expect(came).toBe(sent)
  expect(answers).toEqual(acknowledged)
  expect(stats).toMatchObject({ received: 1, sent: 1, dropped: 0 })
})
