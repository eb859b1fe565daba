import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { candidate, devicesOf, HOSTILE } from './device-house.ts'
import { problem, sessionOf, startFakeHub, type FakeHub } from './fake-hub.ts'
import { AREAS, HOUSE, lamp, sensor } from './house.ts'
import { findFaults, FORMS, heading, MATRIX, NOW, openView } from './view.ts'

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
  hub.devices = devicesOf(HOUSE)
  hub.pairing = { ...hub.pairing, candidates: [candidate('Kettle plug'), candidate('garden-node')] }
})
afterEach(() => hub.close())

const list = (page: Page) => page.getByRole('list', { name: 'Devices', exact: true }).getByRole('listitem')
const line = (page: Page, name: string) => list(page).filter({ has: page.getByRole('link', { name, exact: true }) })
const names = (page: Page) => list(page).getByRole('link').allInnerTexts()
const open = async (path = '/devices', form = FORMS[2]!) => {
  const view = await openView(browser, `${hub.url}${path}`, form)
  await heading(view.page, 'Devices')
  return view
}
const all = () => hub.devices.length

describe.each(MATRIX)('on a $size in $theme', form => {
  it('shows the devices', async () => {
    const view = await open('/devices', form)
    await view.page.getByText(`${all()} shown`).waitFor()
    await view.page.getByText('2 devices want to be added').waitFor()
    expect(await findFaults(view, `devices-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })

  it('shows names, models and rooms of strangers as text', async () => {
    hub.entities = HOSTILE.map((name, index) => ({ ...lamp({ ...AREAS[0]!, name }, name, 40), id: `hostile-${index}` }))
    hub.devices = devicesOf(hub.entities).map((each, index) => ({
      ...each,
      manufacturer: HOSTILE[index]!,
      model: HOSTILE[index]!,
      dialect: HOSTILE[index]!,
    }))
    hub.pairing = { ...hub.pairing, candidates: HOSTILE.map(name => candidate(name)) }
    const view = await open('/devices', form)
    await view.page.getByText(`${all()} shown`).waitFor()
    expect(await view.page.locator('img').count()).toBe(0)
    expect(await view.page.title()).toBe('Devices · Hob')
    expect((await view.page.locator('body').innerText()).length).toBeLessThan(4000)
    expect(await findFaults(view, `devices-hostile-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

describe('the list of devices', () => {
  it('follows what happens without being asked', async () => {
    const { page, context } = await open()
    const sofa = line(page, 'Sofa lamp')
    await sofa.getByText('35').waitFor()
    const at = new Date(NOW).toISOString()
    const cause = { id: 'c', parent: null, kind: 'device', who: 'x', depth: 0 } as const
    const id = hub.entities[0]!.id
    hub.push({
      type: 'delta',
      seq: hub.nextSeq(),
      at,
      cause,
      changes: [{ entity: id, value: 'brightness', from: 35, to: 70 }],
    })
    await sofa.getByText('70').waitFor()
    hub.push({ type: 'delta', seq: hub.nextSeq(), at, cause, changes: [{ entity: id, online: false }] })
    await sofa.getByText('Offline').waitFor()
    expect(await sofa.getByText('70').count()).toBe(0)

    hub.push({ type: 'removed', seq: hub.nextSeq(), entities: [id] })
    await sofa.waitFor({ state: 'detached' })
    await context.close()
  })

  it('tells how each device is and when it was last heard', async () => {
    const { page, context } = await open()
    expect(await line(page, 'Reading lamp').innerText()).toContain('Offline')
    expect(await line(page, 'Wake-up sensor').innerText()).toContain('Never heard')
    expect(await line(page, 'Humidity').innerText()).toMatch(/Late, usually every 5 min/)
    const time = line(page, 'Sofa lamp').locator('time')
    expect(await time.innerText()).toBe('1 min ago')
    expect(await time.getAttribute('title')).toBe('22 Jan 2026, 18:03:00')
    await context.close()
  })

  it('keeps what narrows it in the address', async () => {
    const { page, context } = await open('/devices?show=offline')
    await page.getByText(`1 of ${all()} shown`).waitFor()
    expect(await names(page)).toEqual(['Reading lamp'])
    expect(await page.getByRole('link', { name: '1 offline' }).getAttribute('aria-current')).toBe('true')

    await page.getByRole('link', { name: '1 offline' }).click()
    await page.getByRole('link', { name: /with lights? on/ }).click()
    expect(new URL(page.url()).search).toBe('?show=lights')
    expect(await names(page)).toContain('Sofa lamp')
    expect(await names(page)).not.toContain('Kettle')

    await page.getByRole('combobox', { name: 'Room' }).selectOption('Kitchen')
    expect(new URL(page.url()).search).toBe('?show=lights&area=kitchen')
    await page.getByText(`1 of ${all()} shown`).waitFor()

    await page.goto(`${hub.url}/devices?q=HALLWAY`)
    await page.getByText('No device fits').waitFor()
    await page.getByRole('link', { name: 'Show all devices' }).click()
    await page.getByText(`${all()} shown`, { exact: true }).waitFor()
    await page.getByRole('searchbox').fill('tasmota fan')
    await page.getByText(/of \d+ shown/).waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('tasmota fan')
    await context.close()
  })

  it('finds late, new and weak ones', async () => {
    const { page, context } = await open('/devices?show=stale')
    await page.getByText(/ of \d+ shown/).waitFor()
    expect(await names(page)).toContain('Humidity')
    await page.getByRole('link', { name: '2 new' }).click()
    await page.getByText(`2 of ${all()} shown`).waitFor()
    await page.getByRole('link', { name: '1 low battery' }).click()
    await page.getByText(`1 of ${all()} shown`).waitFor()
    expect(await names(page)).toEqual(['Motion'])
    expect(await list(page).innerText()).toContain('12')
    await context.close()
  })

  it('puts the worst first when asked', async () => {
    const { page, context } = await open()
    await page.getByText(`${all()} shown`).waitFor()
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Worst first')
    expect((await names(page))[0]).toBe('Reading lamp')
    expect(new URL(page.url()).search).toBe('?sort=health')
    await context.close()
  })

  it('starts pairing when there is nothing', async () => {
    hub.entities = []
    hub.devices = []
    const view = await open()
    await view.page.getByText('No devices yet').first().waitFor()
    expect(await view.page.getByRole('main').getByRole('link', { name: 'Add device' }).getAttribute('href')).toBe(
      '/add',
    )
    expect(await findFaults(view, 'devices-empty')).toEqual([])
    await view.context.close()
  })

  it('offers nothing to add to somebody who may not', async () => {
    hub.session = sessionOf('user')
    const { page, context } = await open()
    await page.getByText(`${all()} shown`).waitFor()
    expect(await page.getByRole('link', { name: 'Add device' }).count()).toBe(0)
    expect(hub.calls.some(({ what }) => what.startsWith('GET /pairing'))).toBe(false)
    await context.close()
  })

  it('stays when the models cannot be read, and asks again', async () => {
    hub.on('GET /devices', () => problem(503, 'api.failed', 'the store is busy'))
    const view = await open()
    await view.page.getByRole('alert').waitFor()
    expect(await names(view.page)).toContain('Sofa lamp')
    expect(await findFaults(view, 'devices-failed')).toEqual([])
    hub.on('GET /devices', () => ({ status: 200, body: { items: hub.devices, next: null } }))
    await view.page.getByRole('button', { name: 'Try again' }).click()
    await view.page.getByText('Dimmer 2').first().waitFor()
    await view.context.close()
  })

  it('stays in view while the hub is gone', async () => {
    const { page, context } = await open()
    await page.getByText(`${all()} shown`).waitFor()
    hub.state = 'gone'
    hub.cut()
    await page.clock.runFor(4000)
    await page.getByText(/Hob not reached for/).waitFor()
    expect(await names(page)).toContain('Sofa lamp')
    await context.close()
  })

  it('is worked with the keyboard', async () => {
    const { page, context } = await open()
    await page.getByRole('link', { name: '1 offline' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(`1 of ${all()} shown`).waitFor()
    await page.getByRole('combobox', { name: 'Order' }).focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Reading lamp')
    await context.close()
  })

  it('stays short with many devices', async () => {
    hub.entities = Array.from({ length: 400 }, (_, n) =>
      sensor(AREAS[n % 5]!, `Probe ${n}`, { is: 'temperature', to: n, unit: '°C' }),
    )
    hub.devices = devicesOf(hub.entities)
    const { page, context } = await open('/devices?q=399')
    await page.getByText('1 of 400 shown').waitFor()
    expect(await names(page)).toEqual(['Probe 399'])
    await context.close()
  })
})
