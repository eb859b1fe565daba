import { describe, expect, it } from 'vitest'
import { adopted, BUSY, CLOSED, guest, KETTLE, openAddDeviceStage } from './add-device-page.ts'
import { problem } from './fake-hub.ts'
import { findFaults } from './view.ts'

const { stage, open, tell, sent, until } = openAddDeviceStage()

describe('adding', () => {
  it('takes a name and the suggested room with the keyboard, then shows what it says', async () => {
    const { entities, device } = adopted()
    stage.hub.on(`POST /pairing/candidates/${KETTLE.id}/adopt`, () => ({ status: 201, body: device }))
    const view = await open()
    const { page } = view
    await expect.poll(() => page.getByRole('combobox', { name: 'Room' }).inputValue()).toBe('kitchen')
    const name = page.getByRole('textbox', { name: 'Name' })
    expect(await name.inputValue()).toBe('Kettle plug')
    await name.fill('Kettle')
    await name.press('Enter')
    expect(await until(`POST /pairing/candidates/${KETTLE.id}/adopt`)).toEqual({ name: 'Kettle', area: 'kitchen' })
    await page.getByRole('heading', { name: 'Kettle is one of the house' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('adopted')

    for (const entity of entities) stage.hub.push({ type: 'entity', seq: stage.hub.nextSeq(), entity })
    tell({ ...CLOSED, candidates: [BUSY.candidates[1]!] })
    await page.getByText('14.2').waitFor()
    expect(await findFaults(view, 'add-adopted')).toEqual([])
    expect(await page.getByRole('link', { name: 'Open', exact: true }).getAttribute('href')).toBe(
      '/devices/kettle_plug',
    )

    await page.getByRole('button', { name: 'Add another' }).click()
    expect(await until('POST /pairing')).toEqual({ seconds: 300, batch: false })
    await page.getByRole('heading', { name: 'Bed lamp' }).waitFor()
    await view.context.close()
  })

  it('makes a new room, once, also when the first try fails', async () => {
    stage.hub.on('POST /areas', () => ({
      status: 201,
      body: { id: 'a-attic', slug: 'attic', name: 'Attic', version: 1 },
    }))
    const adopt = `POST /pairing/candidates/${KETTLE.id}/adopt`
    stage.hub.on(adopt, () => problem(409, 'pairing.topics_taken', '"Kettle plug" speaks on "x", a topic of "Lamp"'))
    const { page, context } = await open()
    await page.getByRole('combobox', { name: 'Room' }).selectOption('New room…')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText('The new room needs a name.').waitFor()
    await page.getByRole('textbox', { name: 'Name of the new room' }).fill('Attic')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText('"Kettle plug" speaks on "x", a topic of "Lamp".').waitFor()
    stage.hub.on(adopt, () => ({ status: 201, body: adopted().device }))
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('heading', { name: /one of the house/ }).waitFor()
    expect(sent('POST /areas')).toHaveLength(1)
    expect(sent(adopt)).toEqual([
      { name: 'Kettle plug', area: 'attic' },
      { name: 'Kettle plug', area: 'attic' },
    ])
    await context.close()
  })

  it('adds one without a password only after somebody has read what that means', async () => {
    const weak = guest('guest-1', { hasPassword: false, username: null, candidates: [KETTLE.id] })
    stage.hub.pairing = { ...BUSY, guests: [weak] }
    const adopt = `POST /pairing/candidates/${KETTLE.id}/adopt`
    stage.hub.on(adopt, () => ({ status: 201, body: adopted().device }))
    const view = await open()
    const { page } = view
    await page.getByRole('button', { name: 'Add it' }).click()
    await page
      .getByRole('alert')
      .getByText(/Tick this first/)
      .waitFor()
    expect(sent(adopt)).toEqual([])
    expect(await findFaults(view, 'add-weak')).toEqual([])
    await page.getByRole('checkbox', { name: 'Add it without a password' }).check()
    await page.getByRole('button', { name: 'Add it' }).click()
    expect(await until(adopt)).toMatchObject({ allowWithoutPassword: true })
    await view.context.close()
  })

  it('sends a stranger away', async () => {
    stage.hub.on('POST /pairing/guests/guest-1/reject', () => ({ status: 204, body: undefined }))
    const { page, context } = await open()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('Kettle plug was sent away').waitFor()
    expect(sent('POST /pairing/guests/guest-1/reject')).toHaveLength(1)
    await context.close()
  })

  it('copies what has to be typed, without a clipboard of the page', async () => {
    const view = await open('/add?how=esphome')
    const { page } = view
    const text = await page.getByRole('textbox', { name: 'ESPHome' }).inputValue()
    expect(text).toMatch(
      /^mqtt:\n {2}broker: 192.168.1.20\n {2}port: 1884\n {2}username: d-\w{6}\n {2}password: \w{24}\n/,
    )
    await page.evaluate(`document.addEventListener('copy', ({ target }) => {
      copied = target.value.slice(target.selectionStart, target.selectionEnd)
    })`)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByText('Copied', { exact: true }).waitFor()
    expect(await page.evaluate('copied')).toBe(text)
    await view.context.close()
  })
})

describe('trouble', () => {
  it('stays in view while the hub is gone', async () => {
    const { page, context } = await open()
    await page.getByRole('heading', { name: 'Kettle plug' }).waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('My kettle')
    stage.hub.state = 'gone'
    stage.hub.cut()
    await page.clock.runFor(4000)
    await page.getByText(/Hob not reached for/).waitFor()
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('alert').getByText('Hob is not reached. Nothing was changed.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('My kettle')
    await context.close()
  })

  it('keeps what was typed when the sign-in ends', async () => {
    stage.hub.on(`POST /pairing/candidates/${KETTLE.id}/adopt`, () => problem(401, 'api.unauthorised', 'sign in'))
    const { page, context } = await open()
    await page.getByRole('textbox', { name: 'Name' }).fill('My kettle')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await page.locator('input.input').first().inputValue()).toBe('My kettle')
    await context.close()
  })

  it('says so when it cannot be read, and asks again', async () => {
    stage.hub.on('GET /pairing', () => problem(500, 'api.failed', 'the list broke'))
    const view = await open()
    await view.page.getByText('What is heard could not be read').waitFor()
    expect(await findFaults(view, 'add-failed')).toEqual([])
    stage.hub.on('GET /pairing', () => ({ status: 200, body: BUSY }))
    await view.page.getByRole('button', { name: 'Try again' }).click()
    await view.page.getByRole('heading', { name: 'Kettle plug' }).waitFor()
    await view.context.close()
  })
})
