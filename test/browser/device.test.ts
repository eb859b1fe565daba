import { describe, expect, it } from 'vitest'
import { HOSTILE } from './device-house.ts'
import { at, cause, CONNECTION, HALL, inDevice, openDeviceStage, past, TABS } from './device-page.ts'
import { problem, sessionOf } from './fake-hub.ts'
import { sensor } from './house.ts'
import { findFaults, FORMS, heading, MATRIX } from './view.ts'

const { stage, open, give, become, device, sent, until } = openDeviceStage()

const READY: Readonly<Record<(typeof TABS)[number], string>> = {
  control: 'Energy today',
  messages: 'Following live',
  settings: 'Name and room',
  connection: 'It was silent for too long',
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
    stage.hub.on('GET /devices/hall_ceiling/connection', () => ({
      status: 200,
      body: { ...CONNECTION, username: HOSTILE[0], clientId: HOSTILE[2], lastReason: HOSTILE[0] },
    }))
    stage.hub.on('GET /mqtt/topics/detail', () => ({
      status: 200,
      body: { topic: 'x', retained: null, device: null, messages: HOSTILE.map(text => past(text)) },
    }))
    const view = await open(tab, form)
    await view.page.getByText('1 min ago').first().waitFor()
    expect(await view.page.locator('img').count()).toBe(0)
    expect((await view.page.title()).length).toBeLessThan(140)
    expect((await view.page.locator('body').innerText()).length).toBeLessThan(20_000)
    expect(await findFaults(view, `device-hostile-${tab}-${form.size}-${form.theme}`)).toEqual([])
    if (tab === 'control') {
      const value = view.page.getByRole('listitem').filter({ has: view.page.locator('.v [aria-expanded]') })
      const before = (await value.boundingBox())!.height
      expect(before).toBeLessThan(200)
      await value.getByRole('button', { name: 'Show all' }).click()
      await value.getByRole('button', { name: 'Show less' }).waitFor()
      expect((await value.innerText()).length).toBeGreaterThan(10_000)
      expect((await value.boundingBox())!.height).toBeLessThan(740)
      expect(await findFaults(view, `device-hostile-whole-${form.size}-${form.theme}`)).toEqual([])
    }
    await view.context.close()
  })
})

describe('Control', () => {
  it('sends levels and settings, and shows what the device answers', async () => {
    stage.hub.on('POST /entities/hall_light/commands', () => ({
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
    expect(await until('POST /entities/hall_light/commands')).toEqual({
      command: 'turn_on',
      values: { brightness: 30 },
    })
    await page.getByText('Setting to 30 %…').waitFor()
    stage.hub.push({
      type: 'delta',
      seq: stage.hub.nextSeq(),
      at,
      cause,
      changes: [{ entity: 'hall_light', value: 'brightness', from: 60, to: 30 }],
    })
    stage.hub.push({
      type: 'command',
      seq: stage.hub.nextSeq(),
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
    expect(sent('POST /entities/hall_light/commands')[1]).toEqual({
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
    stage.hub.session = sessionOf('guest')
    const view = await open('messages')
    await view.page.getByRole('heading', { name: 'Only for administrators' }).waitFor()
    expect(await view.page.getByRole('button', { name: 'Rename' }).count()).toBe(0)
    expect(stage.hub.calls.some(({ what }) => what.endsWith('/connection'))).toBe(false)
    expect(await findFaults(view, 'device-forbidden')).toEqual([])
    await view.context.close()
  })
})

describe('the page of a device', () => {
  it('says so when there is none', async () => {
    const unknown = problem(404, 'devices.unknown_device', 'there is no device "x"')
    stage.hub.on('GET /devices/x', () => unknown)
    const view = await stage.open(`/devices/x`)
    await heading(view.page, 'No such device')
    expect(await findFaults(view, 'device-missing')).toEqual([])
    await view.context.close()
  })

  it('says so when it is forgotten while it is open', async () => {
    const { page, context } = await open()
    await page.getByText('Energy today').waitFor()
    for (const name of ['hall_ceiling', 'device-hall'])
      stage.hub.on(`GET /devices/${name}`, () => problem(404, 'devices.unknown_device', 'there is no such device'))
    stage.hub.push({ type: 'removed', seq: stage.hub.nextSeq(), entities: stage.hub.entities.map(({ id }) => id) })
    await page.clock.runFor(400)
    await heading(page, 'No such device')
    expect(await page.getByRole('main').getByRole('link', { name: 'All devices' }).count()).toBe(2)
    await context.close()
  })

  it('stays while the hub is slow or gone, and asks for a sign-in over it', async () => {
    const { page, context } = await open()
    await page.getByText('Energy today').waitFor()
    stage.hub.on('GET /devices/device-hall', () => problem(401, 'api.unauthorised', 'sign in'))
    stage.hub.cut()
    await page.clock.runFor(4000)
    stage.hub.push({ type: 'resync' })
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await page.getByText('Energy today').count()).toBe(1)
    await context.close()
  })

  it('is renamed in its place with the keyboard', async () => {
    stage.hub.on('PATCH /devices/device-hall', body => {
      become({ ...device(), ...(body as { name: string }), version: 4 })
      return { status: 200, body: device() }
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
    expect(await until('PATCH /devices/device-hall')).toEqual({ name: 'Ceiling in the hall' })
    await view.page.getByText('It is called Ceiling in the hall now').waitFor()
    await view.context.close()
  })
})
