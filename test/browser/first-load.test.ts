import type { Browser, Page } from 'playwright-core'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StreamFrame } from '#api'
import { launchChromium } from './chromium.ts'
import { startFakeHub, type FakeHub } from './fake-hub.ts'
import { area, HOUSE, lamp, sensor } from './house.ts'
import { heading, NOW, openView } from './view.ts'

/** Bytes of scripts and styles, compressed, before the first page stands. */
const BUDGET = 90 * 1024

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

describe('the first load', () => {
  it('of Home is small', async () => {
    hub.entities = [...HOUSE]
    const context = await browser.newContext()
    const page = await context.newPage()
    const sizes = new Map<string, number>()
    page.on('response', async response => {
      const { pathname } = new URL(response.url())
      if (/\.(js|css)$/.test(pathname)) sizes.set(pathname, gzipSync(await response.body()).length)
    })
    await page.goto(hub.url)
    await page.getByText('Sofa lamp').waitFor()
    await page.waitForLoadState('networkidle')
    const whole = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    expect(sizes.size).toBeGreaterThan(2)
    expect(whole, JSON.stringify(Object.fromEntries(sizes))).toBeLessThan(BUDGET)
    await context.close()
  })
})

describe('three hundred panes', () => {
  const rooms = Array.from({ length: 12 }, (_, index) => area(`room_${index}`, `Room ${index}`))
  const house = rooms.flatMap(room =>
    Array.from({ length: 25 }, (_, index) =>
      index % 2 === 0
        ? lamp(room, `Lamp ${index}`, index * 4)
        : sensor(room, `Sensor ${index}`, { is: 'temperature', to: 20 + index, unit: '°C', every: 5 }),
    ),
  )
  const points = house
    .filter(({ component }) => component === 'sensor')
    .map(({ id }) => ({
      entity: id,
      value: 'temperature',
      points: Array.from({ length: 120 }, (_, index): [number, number] => [NOW - (120 - index) * 60_000, index % 9]),
    }))
  const watch = (page: Page) =>
    page.evaluate(`
      globalThis.long = []
      new PerformanceObserver(list => long.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask' })
    `)

  /** One of fifty changes that come in a second. */
  function change(step: number): StreamFrame {
    const { id, component } = house[(step * 37) % house.length]!
    const changes =
      component === 'light'
        ? [{ entity: id, value: 'brightness', from: 0, to: (step * 13) % 100 }]
        : [{ entity: id, value: 'temperature', from: 0, to: 15 + (step % 70) / 10 }]
    const cause = { id: 'c', parent: null, kind: 'device', who: 'd', depth: 0 } as const
    return { type: 'delta', seq: hub.nextSeq(), at: new Date().toISOString(), cause, changes }
  }

  it('follow fifty changes a second without a long task', async () => {
    hub.areas = rooms
    hub.entities = house
    hub.points = points
    const { page, context } = await openView(browser, hub.url)
    await heading(page, 'Home')
    await page.locator('.pane').nth(299).waitFor({ state: 'attached' })
    await page.locator('.pane svg .now').last().waitFor({ state: 'attached' })
    await watch(page)
    for (let step = 0; step < 150; step++) {
      hub.push(change(step))
      await page.evaluate('new Promise(done => requestAnimationFrame(done))')
    }
    const long = await page.evaluate<number[]>('long')
    expect(long.filter(duration => duration > 100)).toEqual([])
    expect(long.length).toBeLessThanOrEqual(2)
    await context.close()
  })
})
