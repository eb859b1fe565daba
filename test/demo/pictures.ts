// npm run screenshots [-- --only home,rules --to DIR]: pictures of every screen of the demo house, in both themes, at the
// size of a phone and of a desk. The house's clock and the browser's stand still, so that two runs look alike.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
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

interface Studio {
  readonly browser: Browser
  readonly demo: Demo
  readonly unclaimed: HubProcess
}

async function take(page: Page, { screen, url, form }: { screen: Screen; url: string; form: Form }): Promise<void> {
  await page.goto(url)
  await screen.ready(page)
  await page.evaluate('document.fonts.ready')
  const path = join(values.to, `${screen.name}-${form.size}-${form.theme}.png`)
  await page.screenshot({ animations: 'disabled', path })
  console.log(path)
}

async function takeAll({ browser, demo, unclaimed }: Studio, form: Form): Promise<void> {
  const owner = await openPage(browser, form)
  await signIn(owner, demo)
  const stranger = await openPage(browser, form)
  for (const screen of wanted) {
    const hub = screen.outside === 'unclaimed' ? unclaimed.http : demo.url
    const url = hub + (typeof screen.path === 'string' ? screen.path : await screen.path(demo))
    await take(screen.outside === undefined ? owner : stranger, { screen, url, form })
  }
  await owner.context().close()
  await stranger.context().close()
}

const wanted = values.only === '' ? screens : screens.filter(({ name }) => values.only.split(',').includes(name))
mkdirSync(values.to, { recursive: true })
const folder = temporaryFolder()
const demo = await startDemo({ at: AT, days: 2 })
const unclaimed = await startHub(folder.path)
const browser = await launchChromium({ whole: true })
try {
  for (const size of [390, 1440] as const)
    for (const theme of THEMES) await takeAll({ browser, demo, unclaimed }, { size, theme })
} finally {
  await browser.close()
  await unclaimed.stop()
  folder.remove()
  await demo.stop()
}
