import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { AREAS, HOUSE } from './house.ts'
import { devicesOf } from './device-house.ts'
import { problem } from './fake-hub.ts'
import { SILENT, tellPast } from './past.ts'
import { openStage } from './stage.ts'
import { findFaults, heading, MATRIX, NOW } from './view.ts'

const HOUR = 3_600_000
const stage = openStage(hub => {
  hub.areas = [...AREAS]
  hub.entities = [...HOUSE]
  hub.devices = devicesOf(hub.entities)
  hub.settings = { ...hub.settings, place: { latitude: 52.52, longitude: 13.4 } }
  tellPast(hub)
})

const slider = (page: Page) => page.getByRole('slider', { name: 'Moment' })
const spoken = (page: Page) => slider(page).getAttribute('aria-valuetext')
const asked = () => stage.hub.calls.filter(({ what }) => what === 'GET /history').length

async function open(query = '', form = MATRIX.at(-1)) {
  const view = await stage.open(`/history${query}`, form)
  await heading(view.page, 'History')
  await view.page.getByRole('heading', { name: /^Temperature/ }).waitFor()
  const query_ = () => new URL(view.page.url()).searchParams
  return { ...view, query: query_ }
}

/** Where on the page a share of the time in view is. */
async function placeOf(page: Page, share: number) {
  const box = (await slider(page).boundingBox())!
  return { x: box.x + box.width * share, y: box.y + 160 }
}

/** Whether the first chart draws its first line at a share of the time in view: its ink is darker than all else. */
const isDrawn = (page: Page, share: number) =>
  page.evaluate<boolean>(`(() => {
    const canvas = document.querySelector('.uplot canvas')
    const plot = document.querySelector('.u-over')
    const scale = devicePixelRatio
    const x = Math.round((plot.offsetLeft + plot.offsetWidth * ${share}) * scale)
    const { data } = canvas.getContext('2d').getImageData(x, plot.offsetTop * scale, 3, plot.offsetHeight * scale)
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] > 250 && data[i] > 200 && data[i + 1] > 200 && data[i + 2] > 180) return true
    return false
  })()`)

describe('History', () => {
  it.each(MATRIX)('begins with what tells most, on a $size by $theme', async form => {
    const view = await open('', form)
    const { page } = view
    for (const name of ['Living room', 'Balcony door', 'Dishwasher', 'Rule Hall light ran'])
      await page.getByText(name).first().waitFor()
    await page.getByRole('heading', { name: 'States' }).waitFor()
    expect(await page.locator('.uplot canvas').count()).toBe(2)
    expect(await findFaults(view, `history-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })

  it('is also a table', async () => {
    const view = await open()
    await view.page.getByText('As a table').click()
    await expect.poll(() => view.page.getByRole('row').count()).toBe(26)
    expect(await findFaults(view, 'history-table')).toEqual([])
    await view.context.close()
  })

  it('shows one moment in all charts, by mouse and by keys, and says it', async () => {
    const { page, context } = await open()
    const middle = await placeOf(page, 0.5)
    await page.mouse.move(middle.x, middle.y)
    await expect.poll(() => page.locator('[data-cursor]').count()).toBe(3)
    expect(await spoken(page)).toMatch(/^22 Jan 2026, 06:0\d:\d\d: Living room climate Temperature \d+\.\d°/)
    await page.mouse.move(middle.x, 10)
    await expect.poll(() => page.locator('[data-cursor]').count()).toBe(0)
    await slider(page).focus()
    await page.keyboard.press('Home')
    expect(await spoken(page)).toMatch(/^21 Jan 2026, 18:0\d/)
    await page.keyboard.press('Shift+ArrowRight')
    expect(await spoken(page)).toMatch(/^21 Jan 2026, 20:2\d/)
    await context.close()
  })

  it('zooms by dragging and by keys, keeps it in the address, and goes back to now', async () => {
    const { page, context, query } = await open()
    const [start, end] = [await placeOf(page, 0.25), await placeOf(page, 0.5)]
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(end.x - 20, end.y)
    await page.mouse.move(end.x, end.y)
    await page.locator('.selection').waitFor()
    await page.mouse.up()
    await expect.poll(() => query().get('from')).not.toBeNull()
    const dragged = Date.parse(query().get('to')!) - Date.parse(query().get('from')!)
    expect(Math.abs(dragged - 6 * HOUR)).toBeLessThan(HOUR / 4)
    await slider(page).focus()
    await page.keyboard.press('+')
    await expect
      .poll(() => Date.parse(query().get('to')!) - Date.parse(query().get('from')!))
      .toBe(Math.round(dragged / 2 / 1000) * 1000)
    const address = page.url()
    await page.reload()
    await slider(page).waitFor()
    expect(page.url()).toBe(address)
    await page.getByRole('button', { name: 'Up to now' }).click()
    await expect.poll(() => query().get('from')).toBeNull()
    await context.close()
  })

  it('draws a gap as a gap', async () => {
    const { page, context } = await open('?show=garden_weather_none.x,weather.garden_weather')
    const shareOf = (at: number) => 1 - (NOW - at) / (24 * HOUR)
    await expect.poll(() => isDrawn(page, shareOf(SILENT.from - HOUR))).toBe(true)
    expect(await isDrawn(page, shareOf((SILENT.from + SILENT.to) / 2))).toBe(false)
    expect(await isDrawn(page, shareOf(SILENT.to + HOUR))).toBe(true)
    await page.getByText(/nothing heard for \d h/).waitFor({ state: 'attached' })
    await context.close()
  })

  it('goes on with what the house says, without asking for all of it again', async () => {
    const { page, context } = await open('?show=weather.garden_weather')
    await expect.poll(() => spoken(page)).toContain('Weather')
    const before = asked()
    const cause = { id: 'c', parent: null, kind: 'device', who: 'd', depth: 0 } as const
    const at = new Date(NOW).toISOString()
    const changes = [{ entity: 'garden_weather', value: 'temperature', from: 3.2, to: 8.8 }]
    stage.hub.push({ type: 'delta', seq: stage.hub.nextSeq(), at, cause, changes })
    await expect.poll(() => spoken(page)).toContain('8.8°')
    expect(asked()).toBe(before)
    await context.close()
  })

  it('lets values be chosen, compared and saved as files', async () => {
    const view = await open()
    const { page, query } = view
    await page.getByRole('button', { name: /^\d+ values$/ }).click()
    const dialog = page.getByRole('dialog', { name: 'What to show' })
    await dialog.getByRole('searchbox').fill('kitchen air')
    await dialog.getByRole('checkbox').first().check()
    expect(await findFaults(view, 'history-choose')).toEqual([])
    await dialog.getByRole('button', { name: 'Show them' }).click()
    await page.getByRole('heading', { name: 'Carbon dioxide' }).waitFor()
    expect(query().get('show')).toContain('air.kitchen_air')

    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('week')
    await page.getByText('thin: a week before').first().waitFor()
    expect(query().get('compare')).toBe('week')

    await page.getByRole('button', { name: 'Export' }).click()
    const link = page.getByRole('link', { name: 'Air as CSV' })
    const address = new URL((await link.getAttribute('href'))!, page.url())
    expect([address.pathname, address.searchParams.get('entity'), address.searchParams.get('format')]).toEqual([
      '/api/v1/history/export',
      'kitchen_air',
      'csv',
    ])
    expect(await findFaults(view, 'history-export')).toEqual([])
    await view.context.close()
  })

  it('takes a stretch by its ends, and refuses one that ends before it begins', async () => {
    const view = await open()
    const { page, query } = view
    await page.getByRole('button', { name: 'Which time?' }).click()
    await page.getByLabel('From').fill('2026-01-20T06:00')
    await page.getByLabel('To', { exact: true }).fill('2026-01-19T06:00')
    await page.getByRole('button', { name: 'Show it' }).click()
    await page.getByText('The end must be after the beginning').waitFor()
    expect(await findFaults(view, 'history-own')).toEqual([])
    await page.getByLabel('To', { exact: true }).fill('2026-01-20T18:00')
    await page.getByRole('button', { name: 'Show it' }).click()
    await expect.poll(() => query().get('from')).toBe('2026-01-20T05:00:00Z')
    expect(query().get('to')).toBe('2026-01-20T17:00:00Z')
    await view.context.close()
  })

  it('lists what happened by day, with the chain of its causes, and marks the moment of each in the charts', async () => {
    const { page, context } = await open()
    const list = page.getByRole('region', { name: 'What happened' })
    await list.getByRole('heading', { name: 'Thursday 22 January' }).waitFor()
    expect(await list.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Thursday 22 January',
      'Wednesday 21 January',
    ])
    const row = list.getByRole('listitem').filter({ hasText: 'Ceiling: on' })
    expect(await row.locator('.why').innerText()).toMatch(
      /^rule Hall light\s*←\s*because of\s*Motion: someone is there\s*←\s*because of\s*Motion itself$/,
    )
    expect(await row.getByRole('link', { name: 'rule Hall light' }).getAttribute('href')).toBe(
      '/rules/hall_light/runs/run-812',
    )
    expect(await page.locator('[data-cursor]').count()).toBe(0)
    await row.hover()
    await expect.poll(() => page.locator('[data-cursor]').count()).toBe(3)
    expect(await spoken(page)).toMatch(/^22 Jan 2026, 18:01:00/)

    await list.getByText('12 times in 3 min').click()
    expect(await list.getByRole('list', { name: 'The newest 12 of them' }).getByRole('listitem').count()).toBe(12)

    // The other way round: what the charts point at is marked in the list.
    const place = await placeOf(page, 1 - 200 / (24 * 60))
    await page.mouse.move(place.x, place.y)
    await expect.poll(() => list.locator('.here').allInnerTexts()).toHaveLength(1)
    expect(await list.locator('.here').innerText()).toContain('Ceiling, brightness: 60 %')
    await context.close()
  })

  it('narrows what happened, in the address', async () => {
    const { page, context, query } = await open()
    const list = page.getByRole('region', { name: 'What happened' })
    await list.getByRole('button', { name: 'Failed' }).click()
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1)
    expect(query().get('list')).toBe('trouble')
    expect(await list.getByRole('listitem').innerText()).toContain('Ceiling: turn on, no answer')
    expect(await list.getByRole('listitem').innerText()).toContain('a person')
    await list.getByRole('searchbox').fill('nothing like it')
    await list.getByText('Nothing like that happened in this time.').waitFor()
    await list.getByRole('button', { name: 'Show everything' }).click()
    await expect.poll(() => list.locator('ol.rows > li').count()).toBe(7)
    expect([...query().keys()]).toEqual([])
    await context.close()
  })

  it('says when the past cannot be read, and tries again', async () => {
    for (const what of ['GET /history', 'GET /activity'])
      stage.hub.on(what, () => problem(503, 'storage.closed', 'history is not open'))
    const view = await stage.open('/history')
    await view.page.getByText('The past could not be read').waitFor()
    await view.page.getByText('What happened could not be read').waitFor()
    expect(await findFaults(view, 'history-failed')).toEqual([])
    tellPast(stage.hub)
    await view.page.getByRole('button', { name: 'Try again' }).first().click()
    await view.page.getByRole('heading', { name: /^Temperature/ }).waitFor()
    await view.page.getByRole('button', { name: 'Try again' }).click()
    await view.page.getByText('Ceiling: on').waitFor()
    await view.context.close()
  })

  it('says what comes next in a house without devices', async () => {
    stage.hub.entities = []
    const view = await stage.open('/history')
    await view.page.getByRole('heading', { name: 'No past yet' }).waitFor()
    expect(await findFaults(view, 'history-empty')).toEqual([])
    await view.context.close()
  })

  it('of one device stands on its page', async () => {
    stage.hub.on('GET /devices/living_room_climate', () => ({
      status: 200,
      body: stage.hub.devices.find(({ slug }) => slug === 'living_room_climate'),
    }))
    const view = await stage.open('/devices/living_room_climate?tab=history&range=7d')
    await view.page.getByRole('heading', { name: 'Humidity' }).waitFor()
    expect(await view.page.locator('.uplot canvas').count()).toBe(2)
    expect(await findFaults(view, 'device-history')).toEqual([])
    await view.context.close()
  })
})
