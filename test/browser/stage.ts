import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startFakeHub, type FakeHub } from './fake-hub.ts'
import { openView, type Form, type View } from './view.ts'

/** One browser for the tests of a file, and for each of them a hub of its own. */
export interface Stage {
  readonly browser: Browser
  readonly hub: FakeHub
  /** A page at a path of the hub. */
  open(path: string, form?: Form): Promise<View>
  /** What the pages sent in requests like `POST /session`, oldest first. */
  sent(what: string): unknown[]
  /** What the last such request sends, as soon as there is one. */
  until(what: string): Promise<unknown>
}

/** `prepare` says what each test finds in its hub. */
export function openStage(prepare: (hub: FakeHub) => void = () => {}): Stage {
  let browser: Browser
  let hub: FakeHub
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    hub = await startFakeHub()
    prepare(hub)
  })
  afterEach(() => hub.close())

  const sent = (what: string) => hub.calls.filter(call => call.what === what).map(({ body }) => body)
  return {
    get browser() {
      return browser
    },
    get hub() {
      return hub
    },
    open: (path, form) => openView(browser, hub.url + path, form),
    sent,
    async until(what) {
      await expect.poll(() => sent(what).length, { timeout: 5000 }).toBeGreaterThan(0)
      return sent(what).at(-1)
    },
  }
}
