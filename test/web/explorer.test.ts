import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TopicDetailJson } from '#api'
import type { Api } from '../../web/lib/api.ts'
import { Explorer } from '../../web/lib/components/messages/explorer.svelte.ts'

// How the page of messages goes with time; what it shows is test/browser/messages.test.ts.

const TOPIC = 'weather/forecast'
const DETAIL: TopicDetailJson = { topic: TOPIC, device: null, retained: null, messages: [] }
let say: (payload: string, at: string) => void
let explorer: Explorer
const payloads = () => explorer.detail?.messages.map(message => message.payload)

beforeEach(() => {
  vi.useFakeTimers()
  explorer = new Explorer({
    api: (async () => DETAIL) as unknown as Api,
    live: {
      on: () => () => undefined,
      onMessages(_, hear) {
        say = (payload, at) =>
          hear({
            type: 'message',
            topic: TOPIC,
            payload,
            encoding: 'utf8',
            qos: 0,
            retain: false,
            client: null,
            size: 1,
            at,
          })
        return () => undefined
      },
    },
    explain: String,
    now: () => 0,
  })
  explorer.choose(TOPIC)
})
afterEach(() => void vi.useRealTimers())

describe('a pause', () => {
  it('begins with all that has come, and counts what comes in it', async () => {
    await vi.runOnlyPendingTimersAsync()
    say('rain', '2026-03-01T12:00:00Z')
    expect(payloads()).toEqual([])
    explorer.pause()
    expect(payloads()).toEqual(['rain'])
    say('storm', '2026-03-01T12:00:01Z')
    await vi.advanceTimersByTimeAsync(1000)
    expect(payloads()).toEqual(['rain'])
    expect(explorer.missed).toBe(1)
  })
})
