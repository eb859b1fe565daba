import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startFakeHub, type FakeHub } from './fake-hub.ts'
import { findFaults, FORMS, heading, MATRIX, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
})
afterEach(() => hub.close())

interface Shown {
  readonly state: FakeHub['state']
  readonly title: string
  readonly texts: readonly string[]
  readonly picture: string
}

const shown: readonly Shown[] = [
  {
    state: 'starting',
    title: 'Hob is starting',
    texts: ['Version 1.2.3', 'Opening data and rules…'],
    picture: 'A drawn house with only the door lit',
  },
  {
    state: 'gone',
    title: 'Hob is not reached',
    texts: ['No answer', 'journalctl -u hob -n 50', 'Ask again'],
    picture: 'A drawn house with dark windows',
  },
]

/** Opens the page of a hub that serves its files and then is in `state`. */
async function openPage(state: FakeHub['state'], form = FORMS[2]!) {
  // The page itself comes from the hub too: it is asked once, then answers no more.
  hub.on('GET /session', () => {
    hub.state = state
    return { status: 503, body: { code: 'api.not_ready', detail: 'the hub is starting' } }
  })
  return openView(browser, hub.url, form)
}

describe.each(MATRIX)('on a $size in $theme', form => {
  it.each(shown)('says that $title', async ({ state, title, texts, picture }) => {
    const view = await openPage(state, form)
    await heading(view.page, title)

    expect(await view.page.title()).toBe(`${title} · Hob`)
    const body = (await view.page.locator('body').innerText()).replaceAll(/\s+/g, ' ')
    for (const text of texts) expect(body).toContain(text)
    expect(await view.page.getByRole('img', { name: picture }).isVisible()).toBe(true)
    expect(await findFaults(view, `status-${state}-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

describe('in front of the first page', () => {
  it('follows the hub from an outage through its start into the house', async () => {
    const { page, context } = await openPage('gone')
    await heading(page, 'Hob is not reached')

    hub.state = 'starting'
    await page.clock.runFor(5000)
    await heading(page, 'Hob is starting')
    expect(await page.getByText(/^Last answer 18:04:\d\d$/).isVisible()).toBe(true)

    hub.state = 'gone'
    await page.clock.runFor(5000)
    await heading(page, 'Hob is not reached')
    expect(await page.getByText(/^Silent for \d+ s$/).isVisible()).toBe(true)

    hub.on('GET /session', () => ({ status: 200, body: hub.session }))
    hub.state = 'ready'
    await page.getByRole('button', { name: 'Ask again' }).click()
    await heading(page, 'Home')
    await context.close()
  })

  it('asks nothing while nobody sees the page, and at once when somebody does again', async () => {
    const { page, context } = await openPage('starting')
    await heading(page, 'Hob is starting')
    const show = (state: string) =>
      page.evaluate(
        `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });` +
          `document.dispatchEvent(new Event('visibilitychange'))`,
      )

    await show('hidden')
    const before = hub.asked
    await page.clock.runFor(120_000)
    expect(hub.asked).toBe(before)

    const asked = page.waitForResponse('**/healthz')
    await show('visible')
    expect((await asked).ok()).toBe(true)
    await context.close()
  })

  it('can be worked with the keyboard alone', async () => {
    const { page, context } = await openPage('gone')
    await heading(page, 'Hob is not reached')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Ask again')
    hub.on('GET /session', () => ({ status: 200, body: hub.session }))
    hub.state = 'ready'
    await page.keyboard.press('Enter')
    await heading(page, 'Home')
    await context.close()
  })
})
