import type { CandidateJson, EntityJson, GuestJson, KnockJson, PairingJson } from '#api'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { candidate, devicesOf, HOSTILE } from './device-house.ts'
import { problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { AREAS, plug, sensor } from './house.ts'
import { findFaults, FORMS, heading, MATRIX, NOW, openView } from './view.ts'

const MINUTE = 60_000
const iso = (offset: number) => new Date(NOW + offset).toISOString()
const KITCHEN = AREAS.find(({ slug }) => slug === 'kitchen')!

const bare = ({
  device: _device,
  area: _area,
  pending: _pending,
  ...rest
}: EntityJson): CandidateJson['entities'][number] => rest
const PARTS = [
  plug(null, 'Switch', false),
  sensor(null, 'Power', { is: 'power', to: 0, unit: 'W' }),
  sensor(null, 'Energy', { is: 'energy', to: 14.2, unit: 'kWh' }),
  sensor(null, 'Voltage', { is: 'voltage', to: 231, unit: 'V' }),
]

function guest(id: string, more: Partial<GuestJson> = {}): GuestJson {
  return {
    id,
    address: '192.168.1.77',
    clientId: 'DVES_103F21',
    username: 'd-7k3m9q',
    protocol: 4,
    hasPassword: true,
    connected: true,
    since: iso(-20_000),
    lastSeen: iso(-2000),
    messages: 6,
    topics: [],
    candidates: [],
    ...more,
  }
}
const knock = (reason: KnockJson['reason'], more: Partial<KnockJson> = {}): KnockJson => ({
  id: `knock-${reason}`,
  address: '192.168.1.91',
  clientId: 'ESP_8266',
  username: 'mqtt',
  reason,
  count: 4,
  firstSeen: iso(-3 * MINUTE),
  lastSeen: iso(-20_000),
  ...more,
})

const KETTLE = candidate('Kettle plug', { guest: 'guest-1', suggestedArea: 'Kitchen', entities: PARTS.map(bare) })
const WEATHER = guest('guest-2', {
  address: '192.168.1.84',
  clientId: 'weather-roof',
  messages: 3,
  topics: [
    { topic: 'weather/roof/temp', payload: '3.2', encoding: 'utf8', at: iso(-2000) },
    { topic: 'weather/roof/wind', payload: '{"speed":4.1,"gust":9}', encoding: 'utf8', at: iso(-9000) },
  ],
})
const CLOSED: PairingJson = { until: null, batch: false, candidates: [], guests: [], knocks: [], faults: [] }
const OPEN: PairingJson = { ...CLOSED, until: iso(222_000) }
const BUSY: PairingJson = {
  ...OPEN,
  candidates: [KETTLE, candidate('Bed lamp', { manufacturer: 'Shelly', model: 'Dimmer 2', dialect: 'home-assistant' })],
  guests: [guest('guest-1', { candidates: [KETTLE.id] }), WEATHER],
  knocks: [knock('wrong_password')],
}

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  hub.areas = [...AREAS]
  hub.pairing = BUSY
  hub.on('POST /pairing', body => {
    const { seconds = 300, batch = false } = body as { seconds?: number; batch?: boolean }
    hub.pairing = { ...hub.pairing, until: iso(seconds * 1000), batch }
    return { status: 200, body: hub.pairing }
  })
  hub.on('DELETE /pairing', () => {
    hub.pairing = { ...hub.pairing, until: null, batch: false }
    return { status: 204, body: undefined }
  })
})
afterEach(() => hub.close())

const open = async (path = '/add', form = FORMS[2]!) => {
  const view = await openView(browser, `${hub.url}${path}`, form)
  await heading(view.page, 'Add a device')
  return view
}
const tell = (pairing: PairingJson) => {
  hub.pairing = pairing
  hub.push({ type: 'pairing', seq: hub.nextSeq(), ...pairing })
}
const sent = (what: string) => hub.calls.filter(call => call.what === what).map(({ body }) => body)
const until = async (what: string) => {
  await expect.poll(() => sent(what).length, { timeout: 5000 }).toBeGreaterThan(0)
  return sent(what).at(-1)
}
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
    hub.pairing = OPEN
    const view = await open('/add', form)
    const steps = view.page.getByRole('list', { name: /while nothing is heard/ }).getByRole('listitem')
    await expect.poll(() => steps.count()).toBe(1)
    await view.page.clock.runFor(50_000)
    await expect.poll(() => steps.count()).toBe(3)
    expect(await steps.last().innerText()).toContain('port 1883')
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
    hub.pairing = {
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
    hub.pairing = CLOSED
    const { page, context } = await openView(browser, `${hub.url}/devices`)
    await page.getByRole('main').getByRole('link', { name: 'Add device' }).click()
    await page.getByRole('timer').waitFor()
    expect(sent('POST /pairing')).toEqual([{ seconds: 300, batch: false }])

    hub.pairing = CLOSED
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
    hub.pairing = CLOSED
    hub.on('POST /pairing', () => problem(403, 'api.forbidden', 'no'))
    const view = await open()
    await view.page.getByRole('button', { name: 'Open for 5 minutes' }).first().click()
    await view.page.getByRole('alert').getByText('Your account may not do this.').waitFor()
    expect(await findFaults(view, 'add-closed')).toEqual([])
    await view.context.close()
  })

  it('is nobody’s but the administrators’', async () => {
    hub.session = { ...hub.session, user: { ...hub.session.user!, role: 'user', scopes: ['read', 'control'] } }
    const { page, context } = await open()
    await page.getByRole('heading', { name: 'Only for administrators' }).waitFor()
    expect(hub.calls.some(({ what }) => what.includes('/pairing'))).toBe(false)
    await context.close()
  })
})

describe('what is heard', () => {
  it('is told live and stays in view while others come', async () => {
    hub.pairing = OPEN
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
    hub.pairing = { ...BUSY, until: null }
    hub.on('DELETE /pairing/knocks/knock-wrong_password', () => ({ status: 204, body: undefined }))
    const { page, context } = await open('/add?pick=knock-wrong_password')
    const sentence = '192.168.1.91 tried user mqtt with a wrong password, 4 times. Is this yours?'
    expect(await page.getByText(sentence).count()).toBe(2)
    await page.getByText(/Tried 4 times since 18:01:00, as client ESP_8266/).waitFor()
    await page.getByRole('button', { name: 'Yes, let it in' }).click()
    expect(await until('POST /pairing')).toEqual({ seconds: 300, batch: false })
    await page.getByRole('button', { name: 'Not mine' }).click()
    await until('DELETE /pairing/knocks/knock-wrong_password')
    tell({ ...hub.pairing, knocks: [] })
    await page.getByRole('heading', { name: 'Kettle plug' }).waitFor()
    await context.close()
  })

  it.each(['no_login', 'wrong_password', 'unknown_user', 'used_twice', 'too_many', 'revoked'] as const)(
    'has words for %s',
    async reason => {
      hub.pairing = { ...OPEN, knocks: [knock(reason, { username: reason === 'no_login' ? null : 'mqtt' })] }
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
    hub.pairing = { ...OPEN, guests: [WEATHER], faults: [{ topic: 'weather/roof/temp', message }] }
    const { page, context } = await open()
    await page.getByText(message).waitFor()
    await page.getByText('{"speed":4.1,"gust":9}').waitFor()
    await page.getByRole('region', { name: 'weather-roof' }).getByRole('link', { name: 'My own sketch' }).click()
    await page.getByRole('textbox', { name: 'My own sketch' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'My own sketch' }).inputValue()).toContain('PubSubClient')
    await context.close()
  })
})

describe('adding', () => {
  const adopted = () => {
    const entities = PARTS.map(part => ({
      ...part,
      device: { id: 'device-kettle', slug: 'kettle_plug', name: 'Kettle' },
      area: { id: KITCHEN.id, slug: KITCHEN.slug, name: KITCHEN.name },
    }))
    return { entities, device: devicesOf(entities)[0]! }
  }

  it('takes a name and the suggested room with the keyboard, then shows what it says', async () => {
    const { entities, device } = adopted()
    hub.on(`POST /pairing/candidates/${KETTLE.id}/adopt`, () => ({ status: 201, body: device }))
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

    for (const entity of entities) hub.push({ type: 'entity', seq: hub.nextSeq(), entity })
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
    hub.on('POST /areas', () => ({ status: 201, body: { id: 'a-attic', slug: 'attic', name: 'Attic', version: 1 } }))
    const adopt = `POST /pairing/candidates/${KETTLE.id}/adopt`
    hub.on(adopt, () => problem(409, 'pairing.topics_taken', '"Kettle plug" speaks on "x", a topic of "Lamp"'))
    const { page, context } = await open()
    await page.getByRole('combobox', { name: 'Room' }).selectOption('New room…')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText('The new room needs a name.').waitFor()
    await page.getByRole('textbox', { name: 'Name of the new room' }).fill('Attic')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText('"Kettle plug" speaks on "x", a topic of "Lamp".').waitFor()
    hub.on(adopt, () => ({ status: 201, body: adopted().device }))
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
    hub.pairing = { ...BUSY, guests: [weak] }
    const adopt = `POST /pairing/candidates/${KETTLE.id}/adopt`
    hub.on(adopt, () => ({ status: 201, body: adopted().device }))
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
    hub.on('POST /pairing/guests/guest-1/reject', () => ({ status: 204, body: undefined }))
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
    expect(text).toMatch(/^mqtt:\n {2}broker: HUB\n {2}port: 1883\n {2}username: d-\w{6}\n {2}password: \w{24}\n/)
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
    hub.state = 'gone'
    hub.cut()
    await page.clock.runFor(4000)
    await page.getByText(/Hob not reached for/).waitFor()
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('alert').getByText('Hob is not reached. Nothing was changed.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('My kettle')
    await context.close()
  })

  it('keeps what was typed when the sign-in ends', async () => {
    hub.on(`POST /pairing/candidates/${KETTLE.id}/adopt`, () => problem(401, 'api.unauthorised', 'sign in'))
    const { page, context } = await open()
    await page.getByRole('textbox', { name: 'Name' }).fill('My kettle')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await page.locator('input.input').first().inputValue()).toBe('My kettle')
    await context.close()
  })

  it('says so when it cannot be read, and asks again', async () => {
    hub.on('GET /pairing', () => problem(500, 'api.failed', 'the list broke'))
    const view = await open()
    await view.page.getByText('What is heard could not be read').waitFor()
    expect(await findFaults(view, 'add-failed')).toEqual([])
    hub.on('GET /pairing', () => ({ status: 200, body: BUSY }))
    await view.page.getByRole('button', { name: 'Try again' }).click()
    await view.page.getByRole('heading', { name: 'Kettle plug' }).waitFor()
    await view.context.close()
  })
})
