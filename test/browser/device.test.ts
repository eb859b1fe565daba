import type { DeviceConnectionJson, DeviceJson, EntityJson, TopicMessageJson } from '#api'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { devicesOf, HOSTILE } from './device-house.ts'
import { problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { AREAS, lamp, pointsOf, sensor } from './house.ts'
import { findFaults, FORMS, heading, MATRIX, NOW, openView } from './view.ts'

const HALL = AREAS.find(({ slug }) => slug === 'hall')!
const at = new Date(NOW).toISOString()
const cause = { id: 'c', parent: null, kind: 'device', who: 'x', depth: 0 } as const

const inDevice = (entity: EntityJson, more: Partial<EntityJson> = {}): EntityJson => ({
  ...entity,
  ...more,
  device: { id: 'device-hall', slug: 'hall_ceiling', name: 'Hall ceiling' },
})
const dimmer = (): EntityJson[] => {
  const light = lamp(HALL, 'Light', 60)
  const temperature = { type: 'number', minimum: 2700, maximum: 6500, unit: 'K' }
  return [
    inDevice(light, {
      commands: light.commands.map(each =>
        each.name === 'turn_on' ? { ...each, values: { ...each.values, color_temp: temperature } } : each,
      ),
      values: { ...light.values, color_temp: { ...light.values['brightness']!, value: 3000, unit: 'K' } },
    }),
    inDevice(sensor(HALL, 'Power', { is: 'power', to: 9.2, unit: 'W', every: 1 })),
    inDevice(sensor(HALL, 'Energy today', { is: 'energy', to: 0.08, unit: 'kWh', every: 1 })),
    inDevice(sensor(HALL, 'Inside', { is: 'temperature', to: 41, unit: '°C', every: 5 }), { category: 'diagnostic' }),
    inDevice(sensor(HALL, 'Signal', { is: 'signal_strength', to: -58, unit: 'dBm', every: 5 })),
  ]
}
const CONNECTION: DeviceConnectionJson = {
  username: 'd-7k3m9q',
  clientId: 'shellydimmer2-3F21',
  login: 'issued',
  connected: true,
  address: '192.168.1.62',
  protocol: 4,
  since: new Date(NOW - 3 * 60 * 60_000).toISOString(),
  lastReason: 'broker.keep_alive',
}
/** Says how the device stands with the broker, by its slug and by its id. */
function connects(body: DeviceConnectionJson) {
  for (const name of ['hall_ceiling', 'device-hall'])
    hub.on(`GET /devices/${name}/connection`, () => ({ status: 200, body }))
}
const past = (payload: string, more: Partial<TopicMessageJson> = {}): TopicMessageJson => ({
  payload,
  encoding: 'utf8',
  at: new Date(NOW - 5000).toISOString(),
  qos: 0,
  retain: false,
  size: payload.length,
  client: 'shellydimmer2-3F21',
  ...more,
})

let browser: Browser
let hub: FakeHub
let device: DeviceJson
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  hub.areas = [...AREAS]
  give(dimmer())
  connects(CONNECTION)
  hub.on('GET /rules', () => ({ status: 200, body: { items: [], next: null } }))
  hub.on('GET /mqtt/topics', () => ({ status: 200, body: { items: [], next: null } }))
  const detail = { topic: 'x', retained: null, device: null }
  hub.on('GET /mqtt/topics/detail', () => ({
    status: 200,
    body: { ...detail, messages: [past('{"state":"ON","brightness":153}', { retain: true })] },
  }))
})
afterEach(() => hub.close())

function give(entities: EntityJson[], more: Partial<DeviceJson> = {}) {
  hub.entities = entities
  hub.points = pointsOf(entities)
  device = { ...devicesOf(entities)[0]!, ...more }
  hub.devices = [device]
  for (const id of [device.slug, device.id]) {
    hub.on(`GET /devices/${id}`, () => ({ status: 200, body: device }))
  }
}

const TABS = ['control', 'messages', 'settings', 'connection'] as const
const open = async (tab: (typeof TABS)[number] = 'control', form = FORMS[2]!) => {
  const view = await openView(browser, `${hub.url}/devices/hall_ceiling?tab=${tab}`, form)
  await heading(view.page, device.name.length < 60 ? device.name : /./)
  return view
}
const READY: Readonly<Record<(typeof TABS)[number], string>> = {
  control: 'Energy today',
  messages: 'Following live',
  settings: 'Name and room',
  connection: 'It was silent for too long',
}
const sent = (what: string) => hub.calls.filter(call => call.what === what)
const until = async (page: Page, what: string) => {
  await expect.poll(() => sent(what).length, { timeout: 5000 }).toBeGreaterThan(0)
  await page.evaluate('0')
  return sent(what).at(-1)!.body
}

describe.each(MATRIX)('on a $size in $theme', form => {
  it.each(TABS)('shows its %s', async tab => {
    const view = await open(tab, form)
    await view.page.getByText(READY[tab], { exact: true }).first().waitFor()
    expect(await findFaults(view, `device-${tab}-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

// One of each size and theme is enough: what strangers wrote has no colours of its own.
describe.each([FORMS[0]!, FORMS[3]!])('on a $size in $theme', form => {
  it.each(TABS)('shows what strangers wrote as text in its %s', async tab => {
    give(
      HOSTILE.map((name, index) => inDevice({ ...sensor(HALL, name, { is: 'text', to: name }), id: `h-${index}` })).map(
        each => ({ ...each, device: { ...each.device, name: HOSTILE[2]! } }),
      ),
      { manufacturer: HOSTILE[0]!, model: HOSTILE[1]!, identifiers: HOSTILE, topics: HOSTILE, software: HOSTILE[3]! },
    )
    hub.on('GET /devices/hall_ceiling/connection', () => ({
      status: 200,
      body: { ...CONNECTION, username: HOSTILE[0], clientId: HOSTILE[2], lastReason: HOSTILE[0] },
    }))
    hub.on('GET /mqtt/topics/detail', () => ({
      status: 200,
      body: { topic: 'x', retained: null, device: null, messages: HOSTILE.map(text => past(text)) },
    }))
    const view = await open(tab, form)
    await view.page.getByText('1 min ago').first().waitFor()
    expect(await view.page.locator('img').count()).toBe(0)
    expect((await view.page.title()).length).toBeLessThan(140)
    expect((await view.page.locator('body').innerText()).length).toBeLessThan(20_000)
    expect(await findFaults(view, `device-hostile-${tab}-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

describe('Control', () => {
  it('sends levels and settings, and shows what the device answers', async () => {
    hub.on('POST /entities/hall_light/commands', () => ({
      status: 202,
      body: {
        id: 'command-1',
        entity: 'hall_light',
        command: 'turn_on',
        values: {},
        at,
        state: 'pending',
        reason: null,
      },
    }))
    const { page, context } = await open()
    const levels = page.getByRole('group', { name: /Levels of/ })
    expect(await levels.getByRole('button', { name: '60' }).getAttribute('aria-pressed')).toBe('true')
    await levels.getByRole('button', { name: '30' }).click()
    expect(await until(page, 'POST /entities/hall_light/commands')).toEqual({
      command: 'turn_on',
      values: { brightness: 30 },
    })
    await page.getByText('Setting to 30 %…').waitFor()
    hub.push({
      type: 'delta',
      seq: hub.nextSeq(),
      at,
      cause,
      changes: [{ entity: 'hall_light', value: 'brightness', from: 60, to: 30 }],
    })
    hub.push({
      type: 'command',
      seq: hub.nextSeq(),
      id: 'command-1',
      entity: 'hall_light',
      state: 'confirmed',
      reason: null,
    })
    await expect.poll(() => levels.getByRole('button', { name: '30' }).getAttribute('aria-pressed')).toBe('true')

    const warmth = page.getByRole('slider', { name: 'Colour temperature' })
    await warmth.press('ArrowRight')
    await page.clock.runFor(400)
    await expect.poll(() => sent('POST /entities/hall_light/commands').length).toBe(2)
    expect(sent('POST /entities/hall_light/commands')[1]!.body).toEqual({
      command: 'turn_on',
      values: { color_temp: 3050 },
    })
    await context.close()
  })

  it('keeps what is about the device itself apart', async () => {
    const { page, context } = await open()
    const apart = page.getByRole('region', { name: 'About the device itself' })
    expect(await apart.innerText()).toMatch(/Inside[\s\S]*Signal/)
    const values = await page.getByRole('region', { name: 'Values' }).innerText()
    expect(values).toMatch(/Energy today[\s\S]*0\.08/)
    expect(values).not.toContain('Signal')
    expect(await page.getByRole('region', { name: 'Values' }).locator('svg path.line').count()).toBeGreaterThan(2)
    await context.close()
  })

  it('is kept from nobody, the rest from those who may not', async () => {
    hub.session = { ...hub.session, user: { ...hub.session.user!, role: 'guest', scopes: ['read'] } }
    const view = await open('messages')
    await view.page.getByRole('heading', { name: 'Only for administrators' }).waitFor()
    expect(await view.page.getByRole('button', { name: 'Rename' }).count()).toBe(0)
    expect(hub.calls.some(({ what }) => what.endsWith('/connection'))).toBe(false)
    expect(await findFaults(view, 'device-forbidden')).toEqual([])
    await view.context.close()
  })
})

describe('the page of a device', () => {
  it('says so when there is none', async () => {
    const unknown = problem(404, 'devices.unknown_device', 'there is no device "x"')
    hub.on('GET /devices/x', () => unknown)
    const view = await openView(browser, `${hub.url}/devices/x`)
    await heading(view.page, 'No such device')
    expect(await findFaults(view, 'device-missing')).toEqual([])
    await view.context.close()
  })

  it('says so when it is forgotten while it is open', async () => {
    const { page, context } = await open()
    await page.getByText('Energy today').waitFor()
    for (const name of ['hall_ceiling', 'device-hall'])
      hub.on(`GET /devices/${name}`, () => problem(404, 'devices.unknown_device', 'there is no such device'))
    hub.push({ type: 'removed', seq: hub.nextSeq(), entities: hub.entities.map(({ id }) => id) })
    await page.clock.runFor(400)
    await heading(page, 'No such device')
    expect(await page.getByRole('main').getByRole('link', { name: 'All devices' }).count()).toBe(2)
    await context.close()
  })

  it('stays while the hub is slow or gone, and asks for a sign-in over it', async () => {
    const { page, context } = await open()
    await page.getByText('Energy today').waitFor()
    hub.on('GET /devices/device-hall', () => problem(401, 'api.unauthorised', 'sign in'))
    hub.cut()
    await page.clock.runFor(4000)
    hub.push({ type: 'resync' })
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await page.getByText('Energy today').count()).toBe(1)
    await context.close()
  })

  it('is renamed in its place with the keyboard', async () => {
    hub.on('PATCH /devices/device-hall', body => {
      device = { ...device, ...(body as { name: string }), version: 4 }
      return { status: 200, body: device }
    })
    const view = await open()
    await view.page.getByRole('button', { name: 'Rename' }).press('Enter')
    const input = view.page.getByRole('textbox', { name: 'Name' })
    await input.fill('')
    await input.press('Enter')
    await view.page.getByRole('alert').getByText('A device needs a name.').waitFor()
    expect(await findFaults(view, 'device-rename')).toEqual([])
    await input.fill('Ceiling in the hall')
    await input.press('Enter')
    expect(await until(view.page, 'PATCH /devices/device-hall')).toEqual({ name: 'Ceiling in the hall' })
    await view.page.getByText('It is called Ceiling in the hall now').waitFor()
    await view.context.close()
  })
})

describe('Messages', () => {
  it('shows them live, holds them, and says what is retained', async () => {
    const { page, context } = await open('messages')
    const list = page.getByRole('list', { name: 'Newest first' }).getByRole('listitem')
    await list.first().waitFor()
    expect(await list.first().innerText()).toContain('retained')
    await expect
      .poll(() => hub.frames.flatMap(each => ('topics' in each ? each.topics : [])))
      .toContain(device.topics[0])
    const before = await list.count()
    const tell = (payload: string) =>
      hub.push({
        type: 'message',
        at,
        topic: device.topics[0]!,
        payload,
        encoding: 'utf8',
        size: payload.length,
        qos: 1,
        retain: false,
        client: 'plug',
      })
    tell('{"power":9.2}')
    await expect.poll(() => list.count()).toBe(before + 1)
    expect(await list.first().getByLabel('Decoded').innerText()).toContain('"power": 9.2')

    await page.getByRole('button', { name: 'Pause' }).click()
    tell('one')
    tell('two')
    await page.getByText('Paused, 2 messages wait').waitFor()
    expect(await list.count()).toBe(before + 1)
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => list.count()).toBe(before + 3)
    expect(await list.first().innerText()).toContain('two')
    await context.close()
  })

  it('publishes to one of its topics', async () => {
    hub.on('POST /mqtt/publish', () => ({ status: 204, body: undefined }))
    const { page, context } = await open('messages')
    const topic = page.getByRole('combobox', { name: 'Topic' })
    expect(await topic.inputValue()).toBe('home/hall_ceiling/set')
    await topic.fill('home/#')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('A message needs a topic without + and #.').waitFor()
    await topic.fill('home/hall_ceiling/set')
    await page.getByRole('textbox', { name: 'Payload' }).fill('ON')
    await page.getByRole('button', { name: 'Publish' }).click()
    expect(await until(page, 'POST /mqtt/publish')).toEqual({
      topic: 'home/hall_ceiling/set',
      payload: 'ON',
      retain: false,
      qos: 0,
    })
    await context.close()
  })
})

describe('Settings', () => {
  it('moves it to a new room and tells what a new slug means', async () => {
    hub.on('POST /areas', () => ({ status: 201, body: { id: 'area-attic', slug: 'attic', name: 'Attic', version: 1 } }))
    hub.on('PATCH /devices/device-hall', () => ({
      status: 200,
      body: { ...device, slug: 'attic_ceiling', area: { id: 'area-attic', slug: 'attic', name: 'Attic' }, version: 4 },
    }))
    const { page, context } = await open('settings')
    await page.getByRole('combobox', { name: 'Room' }).selectOption('New room…')
    await page.getByRole('textbox', { name: 'Name of the new room' }).fill('Attic')
    await page.getByRole('textbox', { name: 'Name in rules' }).fill('attic_ceiling')
    await page.getByText(/Rules and links that say hall_ceiling go on working/).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    expect(await until(page, 'PATCH /devices/device-hall')).toEqual({ area: 'attic', slug: 'attic_ceiling' })
    expect(sent('POST /areas')[0]!.body).toEqual({ name: 'Attic' })
    await context.close()
  })

  it('shows what somebody else changed and lets one choose', async () => {
    const theirs = { ...device, name: 'Big lamp', version: 9 }
    const stale = problem(409, 'devices.stale_version', 'it was changed meanwhile')
    hub.on('PATCH /devices/device-hall', () => stale)
    const view = await open('settings')
    const { page } = view
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await name.fill('Small lamp')
    hub.on('GET /devices/device-hall', () => ({ status: 200, body: theirs }))
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const row = page.getByRole('row', { name: /Name/ }).filter({ hasText: 'Big lamp' })
    await row.waitFor()
    expect(await row.innerText()).toMatch(/Big lamp\s+Small lamp/)
    expect(await findFaults(view, 'device-conflict')).toEqual([])

    await page.getByRole('button', { name: 'Take theirs' }).click()
    expect(await name.inputValue()).toBe('Big lamp')

    await name.fill('Small lamp')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    hub.on('PATCH /devices/device-hall', () => ({ status: 200, body: { ...theirs, name: 'Small lamp', version: 10 } }))
    await page.getByRole('button', { name: 'Save mine' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await view.context.close()
  })

  it('says which slug cannot be', async () => {
    hub.on('PATCH /devices/device-hall', () => problem(409, 'devices.slug_taken', 'the device slug "hall" is taken'))
    const { page, context } = await open('settings')
    await page.getByRole('textbox', { name: 'Name in rules' }).fill('hall')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The device slug "hall" is taken.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Name in rules' }).getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  it('names a part of the device', async () => {
    hub.on('PATCH /entities/hall_power', () => ({ status: 200, body: hub.entities[1] }))
    const { page, context } = await open('settings')
    const input = page.getByRole('textbox', { name: 'Name of Power' })
    await input.fill('Draw')
    await input.press('Enter')
    expect(await until(page, 'PATCH /entities/hall_power')).toEqual({ name: 'Draw' })
    await context.close()
  })
})

describe('Connection', () => {
  it('marks a device without a password as weak', async () => {
    connects({ ...CONNECTION, login: 'none' })
    const view = await open('connection')
    await view.page.getByText('weak', { exact: true }).waitFor()
    await view.page.getByText(/who learns its client id can take its place/).waitFor()
    expect(await findFaults(view, 'device-weak')).toEqual([])
    await view.context.close()
  })

  it('forgets it after saying what goes with it', async () => {
    hub.on('GET /rules', () => ({
      status: 200,
      body: {
        items: [{ text: 'do: { turn_on: hall_ceiling }' }, { text: 'do: { turn_on: big_hall_ceiling }' }],
        next: null,
      },
    }))
    hub.on('DELETE /devices/device-hall', () => ({ status: 204, body: undefined }))
    const view = await open('connection')
    const { page } = view
    await page.getByRole('button', { name: 'Forget…' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Forget Hall ceiling?' })
    await dialog.getByText('1 rule names it and will not find it').waitFor()
    await dialog.getByText('5 parts go, with their values').waitFor()
    expect(await findFaults(view, 'device-forget')).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(sent('DELETE /devices/device-hall')).toEqual([])

    await page.getByRole('button', { name: 'Forget…' }).click()
    await page.getByRole('button', { name: 'Forget it' }).click()
    await heading(page, 'Devices')
    expect(sent('DELETE /devices/device-hall')).toHaveLength(1)
    await view.context.close()
  })
})
