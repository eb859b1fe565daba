import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EntityJson, StreamFrame } from '#api'
import { launchChromium } from './chromium.ts'
import { problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { area, AREAS, contact, DOUBTS, HOUSE, lamp, plug, POINTS, sensor } from './house.ts'
import { findFaults, type Form, heading, MATRIX, NOW, openView } from './view.ts'

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

async function openHome(form?: Form, path = '/') {
  const view = await openView(browser, new URL(path, hub.url).href, form)
  await heading(view.page, 'Home')
  return view
}

const pane = (page: Page, name: string) => page.locator('.pane').filter({ has: page.getByText(name, { exact: true }) })
const ring = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

const CAUSE = { id: 'c', parent: null, kind: 'user', who: 'Anna', depth: 0 } as const

/** What the hub says when a device reports. */
function report(entity: string, values: Record<string, unknown>): StreamFrame {
  const changes = Object.entries(values).map(([value, to]) => ({ entity, value, from: null, to }))
  return { type: 'delta', seq: hub.nextSeq(), at: new Date(NOW).toISOString(), cause: CAUSE, changes }
}

/** The device says nothing, or could not be asked: every page learns it, in the order the hub tells. */
function failCommand(entity: string, state: 'expired' | 'failed', reason: string) {
  const trouble = { command: 'turn_on', values: {}, state, reason, at: new Date(NOW).toISOString() }
  const seq = hub.nextSeq()
  hub.push({ type: 'delta', seq, at: trouble.at, cause: CAUSE, changes: [{ entity, trouble }] })
  hub.push({ type: 'command', seq, id: 'c1', entity, state, reason })
}
const confirm = (id: string, entity: string) =>
  hub.push({ type: 'command', seq: hub.nextSeq(), id, entity, state: 'confirmed', reason: null })

/** The hub takes commands for an entity and gives them the ids c1, c2, … */
function takeCommands(entity: string) {
  let count = 0
  hub.on(`POST /entities/${entity}/commands`, body => ({
    status: 202,
    body: { ...(body as object), id: `c${++count}`, entity, at: '', state: 'pending', reason: null },
  }))
}

const commands = () => hub.calls.filter(({ what }) => what.endsWith('/commands')).map(({ body }) => body)
const until = async (fits: () => boolean) => {
  while (!fits()) await new Promise(resolve => setImmediate(resolve))
}

it('tells times in the zone of the house, and says where it differs', async () => {
  hub.settings = { ...hub.settings, zone: 'America/New_York' }
  const { page, context } = await openHome()
  await page.getByText('New York time. Here it is 18:04.').waitFor()
  await page.getByText('12:04', { exact: true }).waitFor()
  await page.getByText('Times are the house’s, New York').waitFor()
  // The balcony door closed 153 minutes ago.
  await pane(page, 'Balcony door').getByText('Closed since 09:31').waitFor()
  const settings = { ...hub.settings, zone: 'Europe/Berlin' }
  hub.push({ type: 'settings', seq: hub.nextSeq(), settings })
  await pane(page, 'Balcony door').getByText('Closed since 15:31').waitFor()
  expect(await page.getByText('Here it is').count()).toBe(0)
  await context.close()
})

describe.each(MATRIX)('on a $size in $theme', form => {
  const shot = (name: string) => `home-${name}-${form.size}-${form.theme}`

  it('shows the house', async () => {
    const view = await openHome(form)
    await view.page.locator('.pane svg .now').first().waitFor({ state: 'attached' })
    expect(await findFaults(view, shot('house'))).toEqual([])
    await view.context.close()
  })

  it('shows every doubt', async () => {
    hub.entities = [...DOUBTS]
    for (const slug of ['fan', 'heater']) takeCommands(`bathroom_${slug}`)
    const view = await openHome(form)
    await ring(view.page, 'Fan').click()
    await until(() => commands().length === 1)
    failCommand('bathroom_fan', 'expired', 'no answer')
    await view.page.getByRole('button', { name: 'Try again: Fan' }).waitFor()
    // What others asked is shown, and not told aloud.
    await view.page.getByRole('button', { name: 'Try again: Towel rail' }).waitFor()
    expect(await view.page.getByRole('alert').allInnerTexts()).toEqual(['Fan: No answer, still off'])
    expect(await findFaults(view, shot('doubts'))).toEqual([])
    await view.context.close()
  })

  it('shows what stands out', async () => {
    const view = await openHome(form)
    await view.page.getByRole('link', { name: '5 lights on' }).click()
    await view.page.getByRole('heading', { name: 'Lights that are on' }).waitFor()
    expect(await findFaults(view, shot('list'))).toEqual([])
    await view.context.close()
  })

  it('shows an empty house', async () => {
    hub.entities = []
    const view = await openHome(form)
    await view.page.getByRole('heading', { name: 'No devices yet' }).waitFor()
    expect(await findFaults(view, shot('empty'))).toEqual([])
    await view.context.close()
  })

  it('keeps the house in view when the hub is gone', async () => {
    const view = await openHome(form)
    await view.page.locator('.pane svg .now').first().waitFor({ state: 'attached' })
    hub.state = 'gone'
    hub.cut()
    await view.page.clock.runFor(150_000)
    await view.page.getByText('Hob not reached for 2 min. Showing 18:04.').waitFor()
    expect(await pane(view.page, 'Sofa lamp').innerText()).toContain('35')
    expect(await findFaults(view, shot('old'))).toEqual([])
    await view.context.close()
  })

  it('shows names of any kind', async () => {
    const evil = `<img src=x onerror=alert(1)> ${String.fromCodePoint(0x202e)}gnp.exe`
    const long = 'Very long name of a lamp '.repeat(400)
    const where = area('long', long)
    hub.areas = [where]
    hub.entities = [
      lamp(where, long, 50),
      plug(where, evil, true),
      sensor(where, `${evil} ${long}`, { is: 'enum', to: long, device: long }),
      contact(where, 'نافذة المطبخ', { is: 'window', value: 'open', to: true, device: evil }),
    ]
    const view = await openHome(form)
    await view.page.locator('.pane').nth(3).waitFor()
    expect(await view.page.locator('img').count()).toBe(0)
    expect((await view.page.locator('body').innerText()).length).toBeLessThan(1500)
    expect(await findFaults(view, shot('names'))).toEqual([])
    await view.context.close()
  })
})

describe('a lamp', () => {
  it('shows what was asked, then what the device confirms', async () => {
    takeCommands('living_room_window_lamp')
    const { page, context } = await openHome()
    await ring(page, 'Window lamp').click()
    await pane(page, 'Window lamp').getByText('Turning on…').waitFor()
    expect(await ring(page, 'Window lamp').getAttribute('aria-pressed')).toBe('false')
    expect(commands()).toEqual([{ command: 'turn_on', values: {} }])

    hub.push(report('living_room_window_lamp', { on: true, brightness: 70 }))
    confirm('c1', 'living_room_window_lamp')
    await pane(page, 'Window lamp').getByText('On', { exact: true }).waitFor()
    expect(await ring(page, 'Window lamp').getAttribute('aria-pressed')).toBe('true')
    expect(await pane(page, 'Window lamp').innerText()).toContain('70')
    await context.close()
  })

  it('is confirmed even when the end overtakes the answer', async () => {
    hub.on('POST /entities/living_room_window_lamp/commands', async body => {
      hub.push(report('living_room_window_lamp', { on: true }))
      confirm('early', 'living_room_window_lamp')
      await new Promise(resolve => setTimeout(resolve, 50))
      return { status: 202, body: { ...(body as object), id: 'early', state: 'pending', reason: null } }
    })
    const { page, context } = await openHome()
    await ring(page, 'Window lamp').click()
    await pane(page, 'Window lamp').getByText('On', { exact: true }).waitFor()
    expect(await ring(page, 'Window lamp').getAttribute('aria-busy')).toBeNull()
    await context.close()
  })

  it('that does not answer says so, and can be asked again', async () => {
    takeCommands('living_room_window_lamp')
    const { page, context } = await openHome()
    await ring(page, 'Window lamp').click()
    await pane(page, 'Window lamp').getByText('Turning on…').waitFor()
    await until(() => commands().length === 1)
    failCommand('living_room_window_lamp', 'expired', 'no answer')
    await pane(page, 'Window lamp').getByText('No answer, still off', { exact: true }).waitFor()
    await page.getByRole('link', { name: '1 did not answer' }).waitFor()

    await page.getByRole('button', { name: 'Try again: Window lamp' }).click()
    await pane(page, 'Window lamp').getByText('Turning on…').waitFor()
    expect(commands()).toHaveLength(2)
    await context.close()
  })

  it('that cannot be asked says why', async () => {
    hub.on('POST /entities/living_room_window_lamp/commands', () => ({
      status: 202,
      body: { id: 'x', state: 'failed', reason: 'Window lamp is offline' },
    }))
    hub.on('POST /entities/living_room_shelf/commands', () => problem(403, 'api.forbidden', 'this needs "control"'))
    const { page, context } = await openHome()
    await ring(page, 'Window lamp').click()
    await pane(page, 'Window lamp').getByText('Not done: Window lamp is offline', { exact: true }).waitFor()
    await ring(page, 'Shelf').click()
    await pane(page, 'Shelf').getByText('Not done: Your account may not do this.', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: '2 did not answer' }).isVisible()).toBe(true)
    await context.close()
  })

  it('is dimmed by dragging; a tremble is still a press', async () => {
    takeCommands('living_room_sofa_lamp')
    const { page, context } = await openHome()
    const box = (await pane(page, 'Sofa lamp').boundingBox())!
    const y = box.y + 80
    await page.mouse.move(box.x + 60, y)
    await page.mouse.down()
    await page.mouse.move(box.x + 60 + box.width / 4, y, { steps: 4 })
    await pane(page, 'Sofa lamp')
      .filter({ hasText: /^\s*(59|60|61)/ })
      .waitFor()
    await page.mouse.up()
    await until(() => commands().length === 1)
    const [asked] = commands() as { command: string; values: { brightness: number } }[]
    expect(asked!.command).toBe('turn_on')
    expect(Math.abs(asked!.values.brightness - 60)).toBeLessThanOrEqual(1)
    expect(new URL(page.url()).pathname).toBe('/')

    await page.mouse.down()
    await page.mouse.move(box.x + 63 + box.width / 4, y)
    await page.mouse.up()
    await page.waitForURL('**/devices/*')
    expect(commands()).toHaveLength(1)
    await context.close()
  })

  it('is dimmed with arrow keys: what is asked is where they stop', async () => {
    takeCommands('living_room_sofa_lamp')
    const { page, context } = await openHome()
    const slider = page.getByRole('slider', { name: 'Sofa lamp brightness' })
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.clock.runFor(400)
    await until(() => commands().length === 1)
    expect(commands()).toEqual([{ command: 'turn_on', values: { brightness: 45 } }])
    await context.close()
  })
})

describe('the keyboard', () => {
  const focused = (page: Page) =>
    page.evaluate<string>(
      'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim().replaceAll(/\\s+/g, " ")',
    )

  it('goes past the navigation into the rooms, and works a lamp', async () => {
    takeCommands('living_room_ceiling')
    const { page, context } = await openHome()
    await pane(page, 'Sofa lamp').waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    const way: string[] = []
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab')
      way.push(await focused(page))
    }
    expect(way.slice(0, 4)).toEqual(['5 lights on', '1 window open', '1 offline', '1 low battery'])
    expect(way[4]).toBe('Ceiling')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Space')
    await until(() => commands().length === 1)
    expect(commands()).toEqual([{ command: 'turn_on', values: {} }])
    await context.close()
  })

  it('has the title after each step, so that it is read', async () => {
    const { page, context } = await openHome()
    await page.getByRole('link', { name: /^Devices/ }).click()
    await heading(page, 'Devices')
    expect(await focused(page)).toBe('Devices')
    expect(await page.title()).toBe('Devices · Hob')
    await page.goBack()
    await heading(page, 'Home')
    expect(await focused(page)).toBe('Home')
    await context.close()
  })
})

describe('live', () => {
  it('changes one pane for one change', async () => {
    const { page, context } = await openHome()
    await page.locator('.pane svg .now').first().waitFor({ state: 'attached' })
    await page.evaluate(`
      globalThis.touched = new Set()
      new MutationObserver(records => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement
          touched.add(element?.closest('.pane')?.querySelector('b')?.textContent ?? element?.closest('section, nav, header')?.tagName)
        }
      }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true })
    `)
    hub.push(report('kitchen_air', { carbon_dioxide: 801 }))
    await pane(page, 'Air').getByText('801').waitFor()
    expect(await page.evaluate('[...touched]')).toEqual(['Air'])
    await context.close()
  })

  it('comes back by itself and asks for what it missed', async () => {
    const { page, context } = await openHome()
    await pane(page, 'Sofa lamp').waitFor()
    hub.push(report('kitchen_air', { carbon_dioxide: 801 }))
    await pane(page, 'Air').getByText('801').waitFor()
    hub.state = 'gone'
    hub.cut()
    await page.clock.runFor(5000)
    await page.getByText(/^Hob not reached for/).waitFor()

    hub.state = 'ready'
    hub.entities = hub.entities.map(each => (each.id === 'kitchen_air' ? withValue(each, 950) : each))
    const seq = hub.nextSeq()
    await page.getByRole('button', { name: 'Try now' }).click()
    await pane(page, 'Air').getByText('950').waitFor()
    expect(hub.frames.at(-1)).toEqual({ type: 'subscribe', since: seq - 1 })
    await page.getByText(/^Hob not reached for/).waitFor({ state: 'detached' })
    await context.close()
  })

  it('adds what is adopted, moves what is moved and drops what is forgotten', async () => {
    const { page, context } = await openHome()
    const fresh = lamp(AREAS[2]!, 'Umbrella stand', 20)
    hub.push({ type: 'entity', seq: hub.nextSeq(), entity: fresh })
    const rooms = (name: string) => page.getByRole('region', { name })
    await rooms('Hall').getByText('Umbrella stand').waitFor()
    hub.push({ type: 'entity', seq: hub.nextSeq(), entity: { ...fresh, area: AREAS[1]! } })
    await rooms('Kitchen').getByText('Umbrella stand').waitFor()
    hub.push({ type: 'removed', seq: hub.nextSeq(), entities: [fresh.id] })
    await page.getByText('Umbrella stand').waitFor({ state: 'detached' })
    expect(await rooms('Kitchen').locator('.pane').count()).toBe(9)
    await context.close()
  })
})

const withValue = (entity: EntityJson, value: number): EntityJson => ({
  ...entity,
  values: Object.fromEntries(Object.entries(entity.values).map(([name, old]) => [name, { ...old, value }])),
})

describe('what stands out', () => {
  it('is a list with an address, and back', async () => {
    const { page, context } = await openHome(undefined, '/?show=windows')
    await page.getByRole('heading', { name: 'Open windows' }).waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: 'Open for 25 min' }).innerText()).toContain('Bedroom')
    await page.getByRole('link', { name: '1 window open' }).click()
    await pane(page, 'Sofa lamp').waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Open windows' }).waitFor()
    await context.close()
  })

  it('turns all lights off, and takes it back', async () => {
    for (const { id, component } of HOUSE) if (component === 'light') takeCommands(id)
    const { page, context } = await openHome(undefined, '/?show=lights')
    await page.getByRole('button', { name: 'Turn all off' }).click()
    await page.getByText('5 lights turned off').waitFor()
    await until(() => commands().length === 5)
    expect(commands().every(body => (body as { command: string }).command === 'turn_off')).toBe(true)
    await page.getByRole('button', { name: 'Undo' }).click()
    await until(() => commands().length === 10)
    await context.close()
  })
})
