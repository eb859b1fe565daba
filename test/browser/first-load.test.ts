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
  browser = await launchChromium({ whole: true })
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
  /** Notes the name of each pane in which something changes. */
  const watch = (page: Page) =>
    page.evaluate(`
      globalThis.touched = new Set()
      new MutationObserver(records => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement
          touched.add(element?.closest('.room')?.querySelector('h2')?.textContent + element?.closest('.pane')?.querySelector('b')?.textContent)
        }
      }).observe(document.querySelector('.house'), { subtree: true, childList: true, characterData: true, attributes: true })
    `)

  function change(entity: string, values: Record<string, number>): StreamFrame {
    const changes = Object.entries(values).map(([value, to]) => ({ entity, value, from: 0, to }))
    const cause = { id: 'c', parent: null, kind: 'device', who: 'd', depth: 0 } as const
    return { type: 'delta', seq: hub.nextSeq(), at: new Date().toISOString(), cause, changes }
  }

  // How long they take is measured by the bench, on a machine that does nothing else.
  it('follow what comes, and only those move that something came for', async () => {
    hub.areas = rooms
    hub.entities = house
    hub.points = points
    const { page, context } = await openView(browser, hub.url)
    await heading(page, 'Home')
    await page.locator('.pane').nth(299).waitFor({ state: 'attached' })
    await page.locator('.pane svg .now').last().waitFor({ state: 'attached' })
    await watch(page)
    const lamps = house.filter(({ values }) => values['on']?.value === true).slice(0, 40)
    for (const { id } of lamps) hub.push(change(id, { brightness: 51 }))
    await page.locator('.pane', { hasText: '51%' }).nth(39).waitFor({ state: 'attached' })
    const expected = lamps.map(({ area, name }) => `${area!.name}${name}`)
    expect(await page.evaluate<string[]>('[...touched].sort()')).toEqual(expected.toSorted())
    await context.close()
  })
})
