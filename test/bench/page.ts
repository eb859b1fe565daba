import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright-core'
import type { Ask } from '../../server/cli/index.ts'
import { launchChromium } from '../browser/chromium.ts'
import { startTileHouse, TILES } from './tiles.ts'

/** How many times slower than this machine the page's computer is. */
const THROTTLE = 4
/** Changes a second while the house is watched. */
const CHANGES = 50

export interface PageFigures {
  /** Bytes of JavaScript and CSS, compressed by gzip, until Home stands. */
  readonly firstLoad: number
  /** Milliseconds from the address to a Home whose tiles can be pressed, at 4x CPU throttle; one for each round. */
  readonly interactive: readonly number[]
  /** Changes that were made while Home was watched, without throttle. */
  readonly changes: number
  /** Milliseconds of the tasks over 50 ms meanwhile. */
  readonly longTasks: readonly number[]
}

/** Notes when the last tile stands and the page has painted it, and every task over 50 ms. */
const WATCH = `
  globalThis.longTasks = []
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(task => task.duration)))
    .observe({ type: 'longtask' })
  globalThis.whenInteractive = new Promise(resolve => {
    const isWhole = () => document.querySelectorAll('main li.pane').length >= ${TILES}
    const painted = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    new MutationObserver((_, watching) => {
      if (!isWhole()) return
      watching.disconnect()
      painted()
    }).observe(document, { childList: true, subtree: true })
  })`

/** Signs the browser in by a one-time link's code. */
async function signIn(page: Page, url: string, ask: Ask): Promise<void> {
  await ask('POST', '/users', { name: 'bench', role: 'owner', password: randomBytes(18).toString('base64url') })
  const { code } = (await ask('POST', '/session/links', { user: 'bench' })) as { code: string }
  const answer = await page.request.post(`${url}/api/v1/session/link`, { headers: { origin: url }, data: { code } })
  if (!answer.ok()) throw new Error(`the hub does not sign the browser in: ${await answer.text()}`)
}

/** Bytes of the scripts and styles that a load asks for, compressed. */
async function sizeOfLoad(page: Page, url: string): Promise<number> {
  const bodies: Promise<number>[] = []
  page.on('response', response => {
    if (/\.(?:js|css)$/.test(new URL(response.url()).pathname))
      bodies.push(response.body().then(body => gzipSync(body, { level: 9 }).length))
  })
  await page.goto(url)
  await page.evaluate('whenInteractive')
  const sizes = await Promise.all(bodies)
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function timeToInteractive(page: Page, cdp: CDPSession, url: string): Promise<number> {
  await cdp.send('Network.clearBrowserCache')
  await page.goto(url)
  return page.evaluate<number>('whenInteractive')
}

/** Measures Home in a real browser, in a house of 300 tiles. */
export async function measurePage(rounds: number, seconds: number): Promise<PageFigures> {
  const house = await startTileHouse()
  const browser = await launchChromium({ whole: true })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.addInitScript(WATCH)
    const url = /http=(\S+)/.exec(house.hub.ready)![1]!
    await signIn(page, url, house.ask)
    const firstLoad = await sizeOfLoad(page, url)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
    const interactive: number[] = []
    for (let round = 0; round < rounds; round++) interactive.push(await timeToInteractive(page, cdp, url))
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await page.evaluate('longTasks.length = 0')
    const stop = house.change(CHANGES)
    await page.waitForTimeout(seconds * 1_000)
    const changes = stop()
    return { firstLoad, interactive, changes, longTasks: await page.evaluate<number[]>('longTasks') }
  } finally {
    await browser.close()
    await house.close()
  }
}
