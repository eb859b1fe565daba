import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { sessionOf, startFakeHub, type FakeHub } from './fake-hub.ts'
import { AREAS, HOUSE } from './house.ts'
import { findFaults, heading, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  hub.areas = [...AREAS]
  hub.entities = [...HOUSE]
})
afterEach(() => hub.close())

const GUEST = sessionOf('guest')
const USER = sessionOf('user')

const open = (path: string) => openView(browser, new URL(path, hub.url).href)
const navigation = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()

describe('who may only look', () => {
  beforeEach(() => {
    hub.session = GUEST
  })

  it('sees the house and presses nothing in it', async () => {
    const view = await open('/')
    const { page } = view
    await page.locator('.pane').filter({ hasText: 'Sofa lamp' }).waitFor()
    const controls = page.locator('main .pane').locator('button, input')
    expect(await controls.count()).toBeGreaterThan(5)
    for (const control of await controls.all()) expect(await control.isDisabled()).toBe(true)
    expect(await findFaults(view, 'guest-home')).toEqual([])
    await view.context.close()
  })

  it('sees which lights are on without a switch for them', async () => {
    const { page, context } = await open('/')
    await page.getByRole('link', { name: /lights on/ }).click()
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    expect(await page.locator('main').getByRole('switch').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Turn all off' }).count()).toBe(0)
    await context.close()
  })

  it('finds no page in the navigation that says no, and no form for a rule', async () => {
    const view = await open('/rules/new')
    await view.page.getByRole('heading', { name: 'Rules are for others to write' }).waitFor()
    expect(await view.page.getByRole('textbox').count()).toBe(0)
    const entries = await navigation(view.page)
    expect(entries.map(text => text.replace(/\s*\d+$/, ''))).toEqual([
      'Home',
      'Devices',
      'Rules',
      'History',
      'Settings',
    ])
    expect(await findFaults(view, 'guest-rule')).toEqual([])
    await view.context.close()
  })
})

it('who may control presses lamps, and is led past the first steps of a house', async () => {
  hub.session = USER
  hub.settings = { ...hub.settings, onboarded: false }
  const { page, context } = await open('/welcome/home')
  await page.waitForURL(url => url.pathname === '/')
  await heading(page, 'Home')
  expect(await page.getByRole('button', { name: 'Sofa lamp', exact: true }).isEnabled()).toBe(true)
  await context.close()
})
