import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Browser, CDPSession, Page } from 'playwright-core'
import type { Ask } from '../../server/cli/index.ts'
import { launchChromium } from '../browser/chromium.ts'
import { startTileHouse, TILES, tilesOf, type TileHouse } from './tiles.ts'

/** How many times slower than this machine the page's computer is. */
const THROTTLE = 4
/** Changes a second while the house is watched. */
const CHANGES = 50
/** Devices of the usual house, which has 40 tiles. */
const USUAL = 8

export interface PageFigures {
  /** Bytes of JavaScript and CSS, compressed by gzip, until Home stands. */
  readonly firstLoad: number
  /** Milliseconds from the address to a Home whose tiles can be pressed, at 4x CPU throttle; one for each round. */
  readonly interactive: readonly { readonly tiles: number; readonly times: readonly number[] }[]
  /** Changes that were made while Home was watched, without throttle. */
  readonly changes: number
  /** Milliseconds of the tasks over 50 ms meanwhile. */
  readonly longTasks: readonly number[]
}

/** Notes when the last tile stands and the page has painted it, and every task over 50 ms. */
const watch = (tiles: number) => `
  globalThis.longTasks = []
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(task => task.duration)))
    .observe({ type: 'longtask' })
  globalThis.whenInteractive = new Promise(resolve => {
    const isWhole = () => document.querySelectorAll('main li.pane').length >= ${tiles}
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

/** Opens a page of the house, signed in. */
async function visit(browser: Browser, house: TileHouse, tiles: number): Promise<{ page: Page; url: string }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.addInitScript(watch(tiles))
  const url = /http=(\S+)/.exec(house.hub.ready)![1]!
  await signIn(page, url, house.ask)
  return { page, url }
}

async function measureInteractive(page: Page, url: string, rounds: number): Promise<number[]> {
  const cdp = await page.context().newCDPSession(page)
  await page.goto(url)
  await page.evaluate('whenInteractive')
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timeToInteractive(page, cdp, url))
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  return times
}

async function measureUsual(browser: Browser, rounds: number): Promise<PageFigures['interactive'][number]> {
  const house = await startTileHouse(USUAL)
  try {
    const tiles = tilesOf(USUAL)
    const { page, url } = await visit(browser, house, tiles)
    return { tiles, times: await measureInteractive(page, url, rounds) }
  } finally {
    await house.close()
  }
}

/** Measures Home in a real browser: in the usual house of 40 tiles, and in one of 300. */
export async function measurePage(rounds: number, seconds: number): Promise<PageFigures> {
  const browser = await launchChromium({ whole: true })
  try {
    const usual = await measureUsual(browser, rounds)
    const house = await startTileHouse()
    try {
      const { page, url } = await visit(browser, house, TILES)
      const firstLoad = await sizeOfLoad(page, url)
      const large = { tiles: TILES, times: await measureInteractive(page, url, rounds) }
      await page.evaluate('longTasks.length = 0')
      const stop = house.change(CHANGES)
      await page.waitForTimeout(seconds * 1_000)
      const changes = stop()
      const longTasks = await page.evaluate<number[]>('longTasks')
      return { firstLoad, interactive: [usual, large], changes, longTasks }
    } finally {
      await house.close()
    }
  } finally {
    await browser.close()
  }
}
