import { expect, test } from 'vitest'
import { payloadText } from '#kernel'
import { createStage } from './support/stage.ts'

test('what no part of the hub listens to goes by with who said it; sockets, and what is listened to, do not count', async () => {
  const seen: unknown[] = []
  const stage = await createStage({
    onUnmatched: ({ topic, payload, clientId }) => void seen.push([topic, payloadText(payload), clientId]),
  })
  await stage.play(`
    hub> subscribe mine/+
    s> connect ; subscribe #1 #:0
    s< connack 0
    s< suback #1 0
    p> connect ; publish other x ; publish mine/a y ; publish last z q1 #1
    p< connack 0
    p< puback #1
    s< publish other x
    s< publish mine/a y
    s< publish last z
    hub< mine/a y from p
    hub> publish own w
    s< publish own w`)
  expect(seen).toEqual([
    ['other', 'x', 'p'],
    ['last', 'z', 'p'],
    ['own', 'w', null],
  ])
  expect(await stage.end()).toEqual([])
})
