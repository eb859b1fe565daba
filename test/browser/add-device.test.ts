import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { bare, BUSY, CLOSED, guest, iso, KETTLE, knock, OPEN, openAddDeviceStage, WEATHER } from './add-device-page.ts'
import { candidate, HOSTILE } from './device-house.ts'
import { problem, sessionOf } from './fake-hub.ts'
import { sensor } from './house.ts'
import { findFaults, FORMS, MATRIX, NOW } from './view.ts'

const { stage, open, tell, sent, until } = openAddDeviceStage()

const item = (page: Page, name: string | RegExp) =>
  page.getByRole('list', { name: 'What is heard' }).getByRole('link', { name })

const SCREENS: readonly (readonly [string, string, string])[] = [
  ['candidate', '/add', 'What it says now'],
  ['guest', '/add?pick=guest-2', 'weather/roof/temp'],
  ['knock', '/add?pick=knock-wrong_password', 'Password refused'],
  ['tasmota', '/add?how=tasmota', 'Back to what is heard'],
]

describe.each(MATRIX)('on a $size in $theme', form => {
  it.each(SCREENS)('shows a %s', async (name, path, text) => {
    const view = await open(path, form)
    await view.page.getByText(text, { exact: true }).first().waitFor()
    expect(await findFaults(view, `add-${name}-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })

  it('listens, and says more the longer nothing is heard', async () => {
    stage.hub.pairing = OPEN
    const view = await open('/add', form)
    const steps = view.page.getByRole('list', { name: /while nothing is heard/ }).getByRole('listitem')
    await expect.poll(() => steps.count()).toBe(1)
    await view.page.clock.runFor(50_000)
    await expect.poll(() => steps.count()).toBe(3)
    expect(await steps.last().innerText()).toContain('192.168.1.20, its port 1884')
    expect(await findFaults(view, `add-listening-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

// What strangers wrote has no colours of its own.
describe.each([FORMS[0]!, FORMS[3]!])('on a $size in $theme', form => {
  it.each(['candidate', 'guest', 'knock'] as const)('shows what strangers wrote as text in a %s', async kind => {
    const [markup, bidi, long] = HOSTILE as [string, string, string, string]
    const topics = HOSTILE.map(text => ({ topic: text, payload: text, encoding: 'utf8' as const, at: iso(-1000) }))
    const entities = HOSTILE.map((name, index) => ({
      ...bare(sensor(null, name, { is: 'text', to: name })),
      id: `p${index}`,
    }))
    stage.hub.pairing = {
      ...OPEN,
      candidates: HOSTILE.map((name, index) =>
        candidate(name, { id: `c${index}`, manufacturer: bidi, model: long, suggestedArea: markup, entities }),
      ),
      guests: HOSTILE.map((text, index) => guest(`g${index}`, { clientId: text, username: text, topics })),
      knocks: HOSTILE.map((text, index) => knock('unknown_user', { id: `k${index}`, clientId: text, username: text })),
      faults: HOSTILE.map(text => ({ topic: text, message: text })),
    }
    const view = await open(`/add?pick=${kind[0]}2`, form)
    await view.page.getByText(/x{30}/).first().waitFor()
    expect(await view.page.locator('img').count()).toBe(0)
    // Direction marks and lengths of what strangers wrote touch no word of Hob's.
    const parts = view.page.getByRole('list', { name: 'What is heard' }).locator('bdi', { hasText: /^\d+ parts$/ })
    if (kind === 'candidate') expect(await parts.count()).toBe(HOSTILE.length)
    expect((await view.page.locator('body').innerText()).length).toBeLessThan(12_000)
    expect(await findFaults(view, `add-hostile-${kind}-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

describe('the door', () => {
  it('opens for whoever comes by a link, not for a reload', async () => {
    stage.hub.pairing = CLOSED
    const { page, context } = await stage.open(`/devices`)
    await page.getByRole('main').getByRole('link', { name: 'Add device' }).click()
    await page.getByRole('timer').waitFor()
    expect(sent('POST /pairing')).toEqual([{ seconds: 300, batch: false }])

    stage.hub.pairing = CLOSED
    await page.reload()
    await page.getByText('The door is closed').waitFor()
    expect(sent('POST /pairing')).toHaveLength(1)
    await page.getByRole('main').getByRole('button', { name: 'Open for 5 minutes' }).last().press('Enter')
    await page.getByRole('timer').waitFor()
    await context.close()
  })

  it('counts down, stays longer, stays for several, closes', async () => {
    const { page, context } = await open()
    const timer = page.getByRole('timer')
    await timer.waitFor()
    await page.clock.pauseAt(NOW + 100_000)
    await expect.poll(() => timer.getAttribute('aria-label')).toBe('2:02 left')
    await page.clock.runFor(2000)
    await expect.poll(() => timer.getAttribute('aria-label')).toBe('2:00 left')

    await page.getByRole('button', { name: '5 min more' }).click()
    await expect.poll(() => sent('POST /pairing').at(-1)).toEqual({ seconds: 420, batch: false })
    await page.getByRole('switch', { name: 'Stay open for several' }).click()
    await expect.poll(() => sent('POST /pairing').at(-1)).toMatchObject({ batch: true })
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Open for 5 minutes' }).waitFor()
    expect(await timer.count()).toBe(0)
    await context.close()
  })

  it('says why it does not open, in the page', async () => {
    stage.hub.pairing = CLOSED
    stage.hub.on('POST /pairing', () => problem(403, 'api.forbidden', 'no'))
    const view = await open()
    await view.page.getByRole('button', { name: 'Open for 5 minutes' }).first().click()
    await view.page.getByRole('alert').getByText('Your account may not do this.').waitFor()
    expect(await findFaults(view, 'add-closed')).toEqual([])
    await view.context.close()
  })

  it('is nobody’s but the administrators’', async () => {
    stage.hub.session = sessionOf('user')
    const { page, context } = await open()
    await page.getByRole('heading', { name: 'Only for administrators' }).waitFor()
    expect(stage.hub.calls.some(({ what }) => what.includes('/pairing'))).toBe(false)
    await context.close()
  })
})

describe('what is heard', () => {
  it('is told live and stays in view while others come', async () => {
    stage.hub.pairing = OPEN
    const { page, context } = await open()
    await page.getByText('Listening').waitFor()
    tell({ ...OPEN, guests: [WEATHER] })
    await page.getByRole('heading', { name: 'weather-roof' }).waitFor()
    expect(new URL(page.url()).search).toBe('?pick=guest-2')

    tell({ ...BUSY, knocks: [] })
    await item(page, /Kettle plug/).waitFor()
    expect(await page.getByRole('heading', { name: 'weather-roof' }).count()).toBe(1)
    expect(await item(page, /weather-roof/).getAttribute('aria-current')).toBe('true')

    await item(page, /Kettle plug/).click()
    await page.getByText('14.2').waitFor()
    const entities = KETTLE.entities.map(each =>
      each.name === 'Energy' ? { ...each, values: { energy: { ...each.values['energy']!, value: 14.9 } } } : each,
    )
    tell({ ...BUSY, candidates: [{ ...KETTLE, entities }] })
    await page.getByText('14.9').waitFor()
    await context.close()
  })

  it('says of a refused one why, and what to do', async () => {
    stage.hub.pairing = { ...BUSY, until: null }
    stage.hub.on('DELETE /pairing/knocks/knock-wrong_password', () => ({ status: 204, body: undefined }))
    const { page, context } = await open('/add?pick=knock-wrong_password')
    const sentence = '192.168.1.91 tried user mqtt with a wrong password, 4 times. Is this yours?'
    expect(await page.getByText(sentence).count()).toBe(2)
    await page.getByText(/Tried 4 times since 18:01:00, as client ESP_8266/).waitFor()
    await page.getByRole('button', { name: 'Yes, let it in' }).click()
    expect(await until('POST /pairing')).toEqual({ seconds: 300, batch: false })
    await page.getByRole('button', { name: 'Not mine' }).click()
    await until('DELETE /pairing/knocks/knock-wrong_password')
    tell({ ...stage.hub.pairing, knocks: [] })
    await page.getByRole('heading', { name: 'Kettle plug' }).waitFor()
    await context.close()
  })

  it.each(['no_login', 'wrong_password', 'unknown_user', 'used_twice', 'too_many', 'revoked'] as const)(
    'has words for %s',
    async reason => {
      stage.hub.pairing = { ...OPEN, knocks: [knock(reason, { username: reason === 'no_login' ? null : 'mqtt' })] }
      const { page, context } = await open()
      const panel = page.getByRole('region', { name: '192.168.1.91' })
      await panel.getByRole('button', { name: 'Not mine' }).waitFor()
      const text = await panel.innerText()
      expect(text).not.toMatch(/undefined|null/)
      expect(text.length).toBeGreaterThan(250)
      await context.close()
    },
  )

  it('tells a sketch what to announce, and shows what it announced wrongly', async () => {
    const message = 'it has no "state_topic"'
    stage.hub.pairing = { ...OPEN, guests: [WEATHER], faults: [{ topic: 'weather/roof/temp', message }] }
    const { page, context } = await open()
    await page.getByText(message).waitFor()
    await page.getByText('{"speed":4.1,"gust":9}').waitFor()
    await page.getByRole('region', { name: 'weather-roof' }).getByRole('link', { name: 'My own sketch' }).click()
    await page.getByRole('textbox', { name: 'My own sketch' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'My own sketch' }).inputValue()).toContain('PubSubClient')
    await context.close()
  })
})
