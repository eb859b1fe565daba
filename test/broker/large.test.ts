import { expect, test } from 'vitest'
import { passWhole } from './support/large-publish.ts'

// Above the usual limit of 16 MiB; `large.long.test.ts` goes to the end of the format.
const LENGTH = 17_000_000

test.each([
  [0, []],
  [1, [4]],
  [2, [5, 7]],
] as const)('a PUBLISH of 17 MB passes whole at QoS %i where --max-packet-size lets it', async (qos, acknowledged) => {
  const { sent, came, answers, stats } = await passWhole({ length: LENGTH, qos })
  expect(came).toBe(sent)
  expect(answers).toEqual(acknowledged)
  expect(stats).toMatchObject({ received: 1, sent: 1, dropped: 0 })
})
