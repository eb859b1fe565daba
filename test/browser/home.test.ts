import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startFakeHub, type FakeHub } from './fake-hub.ts'
import { AREAS, HOUSE, POINTS } from './house.ts'
import { findFaults, FORMS, heading, openView } from './view.ts'

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
  hub.points = [...POINTS]
})
afterEach(() => hub.close())

describe.each(FORMS)('on a $size in $theme', form => {
  it('shows the house', async () => {
    const view = await openView(browser, hub.url, form)
    await heading(view.page, 'Home')
    await view.page.getByText('Someone is there').waitFor()
    expect(await findFaults(view, `home-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})
