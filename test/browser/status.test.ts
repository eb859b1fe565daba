import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collectErrors, findBarriers, launchChromium } from './chromium.ts'
import { startStubHub, type StubHub } from './stub-hub.ts'

let browser: Browser
let hub: StubHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startStubHub()
})
afterEach(() => hub.close())

const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } }

interface View {
  readonly size?: string
  readonly theme?: 'light' | 'dark'
}

async function openPage(state: StubHub['state'], { size = 'desk', theme = 'light' }: View = {}) {
  const page = await browser.newPage({
    viewport: size === 'phone' ? sizes.phone : sizes.desk,
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const errors = collectErrors(page)
  await page.clock.install({ time: new Date('2026-03-01T20:00:00') })
  await page.goto(hub.url)
  await heading(page, 'Hob is ready')
  hub.state = state
  return { page, errors }
}

const heading = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text }).waitFor()

/** Lets the page's next look at the hub come. */
async function nextLook(page: Page) {
  await page.clock.runFor(5000)
}

interface Shown {
  readonly state: StubHub['state']
  readonly title: string
  readonly texts: readonly string[]
  readonly picture: string
}

const shown: readonly Shown[] = [
  {
    state: 'ready',
    title: 'Hob is ready',
    texts: ['Version 1.2.3', 'Broker, devices, rules and API', 'hob user add NAME --role owner --password-stdin'],
    picture: 'A drawn house with all its windows lit',
  },
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

describe.each(Object.keys(sizes))('on a %s', size => {
  describe.each(['light', 'dark'] as const)('in %s', theme => {
    it.each(shown)('says that $title', async ({ state, title, texts, picture }) => {
      const { page, errors } = await openPage(state, { size, theme })
      await nextLook(page)
      await heading(page, title)

      expect(await page.title()).toBe(title)
      const body = (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ')
      for (const text of texts) expect(body).toContain(text)
      expect(await page.getByRole('img', { name: picture }).isVisible()).toBe(true)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(await findBarriers(page)).toEqual([])
      expect(errors).toEqual([])
      await page.close()
    })
  })
})

describe('live', () => {
  it('follows the hub from its start through an outage and back', async () => {
    const { page } = await openPage('starting')
    await nextLook(page)
    await heading(page, 'Hob is starting')

    hub.state = 'ready'
    await nextLook(page)
    await heading(page, 'Hob is ready')
    expect(await page.getByText(/^Last answer 20:00:\d\d$/).isVisible()).toBe(true)

    hub.state = 'gone'
    await nextLook(page)
    await heading(page, 'Hob is not reached')
    expect(await page.getByText(/^Silent for \d+ s$/).isVisible()).toBe(true)
    expect(await page.getByText(/^Last answer 20:00:\d\d$/).isVisible()).toBe(true)

    hub.state = 'ready'
    await page.getByRole('button', { name: 'Ask again' }).click()
    await heading(page, 'Hob is ready')
    await page.close()
  })

  it('asks nothing while nobody sees the page, and at once when somebody does again', async () => {
    const { page } = await openPage('ready')
    await heading(page, 'Hob is ready')
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
    await page.close()
  })

  it('can be worked with the keyboard alone', async () => {
    const { page } = await openPage('gone')
    await nextLook(page)
    await heading(page, 'Hob is not reached')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Ask again')
    hub.state = 'ready'
    await page.keyboard.press('Enter')
    await heading(page, 'Hob is ready')
    await page.close()
  })
})
