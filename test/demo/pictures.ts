// npm run screenshots [-- --only home,rules --to DIR]: pictures of every screen of the demo house, in both themes, at the
// size of a phone and of a desk. The house's clock and the browser's stand still, so that two runs look alike.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { startDemo, type Demo } from './demo.ts'
import { screens, type Screen } from './screens.ts'

/** Thursday 22 January 2026, 18:04 in Berlin. */
const AT = Date.parse('2026-01-22T17:04:00Z')
const SIZES = { 390: { width: 390, height: 844 }, 1440: { width: 1440, height: 900 } } as const
const THEMES = ['light', 'dark'] as const

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    to: { type: 'string', default: join(import.meta.dirname, '../../dist/screenshots') },
  },
})

interface Form {
  readonly size: keyof typeof SIZES
  readonly theme: (typeof THEMES)[number]
}

async function openPage(browser: Browser, { size, theme }: Form): Promise<Page> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    hasTouch: size === 390,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  const page = await context.newPage()
  await page.clock.install({ time: AT })
  return page
}

async function signIn(page: Page, demo: Demo): Promise<void> {
  const { code } = (await demo.ask('POST', '/session/links', { user: 'demo' })) as { code: string }
  const answer = await page.request.post(`${demo.url}/api/v1/session/link`, {
    headers: { origin: demo.url },
    data: { code },
  })
  if (!answer.ok()) throw new Error(`the hub does not sign the browser in: ${await answer.text()}`)
}

async function take(page: Page, demo: Demo, { screen, to }: { screen: Screen; to: string }): Promise<void> {
  await page.goto(demo.url + (typeof screen.path === 'string' ? screen.path : await screen.path(demo)))
  await screen.ready(page)
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ animations: 'disabled', path: to })
  console.log(to)
}

const wanted = values.only === '' ? screens : screens.filter(({ name }) => values.only.split(',').includes(name))
mkdirSync(values.to, { recursive: true })
const demo = await startDemo({ at: AT })
const browser = await launchChromium()
try {
  for (const size of [390, 1440] as const)
    for (const theme of THEMES) {
      const page = await openPage(browser, { size, theme })
      await signIn(page, demo)
      for (const screen of wanted) {
        await take(page, demo, { screen, to: join(values.to, `${screen.name}-${size}-${theme}.png`) })
      }
      await page.context().close()
    }
} finally {
  await browser.close()
  await demo.stop()
}
