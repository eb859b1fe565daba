import { describe, expect, it } from 'vitest'
import { at, CONNECTION, openDeviceStage } from './device-page.ts'
import { problem } from './fake-hub.ts'
import { findFaults, heading } from './view.ts'

const { stage, open, connects, device, sent, until } = openDeviceStage()

describe('Messages', () => {
  it('shows them live, holds them, and says what is retained', async () => {
    const { page, context } = await open('messages')
    const list = page.getByRole('list', { name: 'Newest first' }).getByRole('listitem')
    await list.first().waitFor()
    expect(await list.first().innerText()).toContain('retained')
    await expect
      .poll(() => stage.hub.frames.flatMap(each => ('topics' in each ? each.topics : [])))
      .toContain(device().topics[0])
    const before = await list.count()
    const tell = (payload: string) =>
      stage.hub.push({
        type: 'message',
        at,
        topic: device().topics[0]!,
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
    stage.hub.on('POST /mqtt/publish', () => ({ status: 204, body: undefined }))
    const { page, context } = await open('messages')
    const topic = page.getByRole('combobox', { name: 'Topic' })
    expect(await topic.inputValue()).toBe('home/hall_ceiling/set')
    await topic.fill('home/#')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('A message goes to one topic: no + and no # in it.').waitFor()
    await topic.fill('home/hall_ceiling/set')
    await page.getByRole('textbox', { name: 'Payload' }).fill('ON')
    await page.getByRole('button', { name: 'Publish' }).click()
    expect(await until('POST /mqtt/publish')).toEqual({
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
    stage.hub.on('POST /areas', () => ({
      status: 201,
      body: { id: 'area-attic', slug: 'attic', name: 'Attic', version: 1 },
    }))
    stage.hub.on('PATCH /devices/device-hall', () => ({
      status: 200,
      body: {
        ...device(),
        slug: 'attic_ceiling',
        area: { id: 'area-attic', slug: 'attic', name: 'Attic' },
        version: 4,
      },
    }))
    const { page, context } = await open('settings')
    await page.getByRole('combobox', { name: 'Room' }).selectOption('New room…')
    await page.getByRole('textbox', { name: 'Name of the new room' }).fill('Attic')
    await page.getByRole('textbox', { name: 'Name in rules' }).fill('attic_ceiling')
    await page.getByText(/Rules and links that say hall_ceiling go on working/).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    expect(await until('PATCH /devices/device-hall')).toEqual({ area: 'attic', slug: 'attic_ceiling' })
    expect(sent('POST /areas')[0]).toEqual({ name: 'Attic' })
    await context.close()
  })

  it('shows what somebody else changed and lets one choose', async () => {
    const theirs = { ...device(), name: 'Big lamp', version: 9 }
    const stale = problem(409, 'devices.stale_version', 'it was changed meanwhile')
    stage.hub.on('PATCH /devices/device-hall', () => stale)
    const view = await open('settings')
    const { page } = view
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await name.fill('Small lamp')
    stage.hub.on('GET /devices/device-hall', () => ({ status: 200, body: theirs }))
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const row = page.getByRole('row', { name: /Name/ }).filter({ hasText: 'Big lamp' })
    await row.waitFor()
    expect(await row.innerText()).toMatch(/Big lamp\s+Small lamp/)
    expect(await findFaults(view, 'device-conflict')).toEqual([])

    await page.getByRole('button', { name: 'Take theirs' }).click()
    expect(await name.inputValue()).toBe('Big lamp')

    await name.fill('Small lamp')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    stage.hub.on('PATCH /devices/device-hall', () => ({
      status: 200,
      body: { ...theirs, name: 'Small lamp', version: 10 },
    }))
    await page.getByRole('button', { name: 'Save mine' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await view.context.close()
  })

  it('says which slug cannot be', async () => {
    stage.hub.on('PATCH /devices/device-hall', () =>
      problem(409, 'devices.slug_taken', 'the device slug "hall" is taken'),
    )
    const { page, context } = await open('settings')
    await page.getByRole('textbox', { name: 'Name in rules' }).fill('hall')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The device slug "hall" is taken.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Name in rules' }).getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  it('names a part of the device', async () => {
    stage.hub.on('PATCH /entities/hall_power', () => ({ status: 200, body: stage.hub.entities[1] }))
    const { page, context } = await open('settings')
    const input = page.getByRole('textbox', { name: 'Name of Power' })
    await input.fill('Draw')
    await input.press('Enter')
    expect(await until('PATCH /entities/hall_power')).toEqual({ name: 'Draw' })
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
    stage.hub.on('GET /rules', () => ({
      status: 200,
      body: {
        items: [{ text: 'do: { turn_on: hall_ceiling }' }, { text: 'do: { turn_on: big_hall_ceiling }' }],
        next: null,
      },
    }))
    stage.hub.on('DELETE /devices/device-hall', () => ({ status: 204, body: undefined }))
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
