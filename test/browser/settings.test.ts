import type { Browser, Page } from 'playwright-core'
import type { CredentialJson, OpenSessionJson, SettingsJson, TokenJson } from '#api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { OWNER, problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { AREAS, HOUSE } from './house.ts'
import { findFaults, type Form, FORMS, heading, MATRIX, NOW, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  serveSettings()
})
afterEach(() => hub.close())

const ago = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString()
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'

function sessionJson(id: string, more: Partial<OpenSessionJson>): OpenSessionJson {
  return {
    id,
    createdAt: ago(900),
    seenAt: ago(1),
    expiresAt: ago(-2000),
    address: '192.168.1.20',
    userAgent: CHROME,
    current: false,
    ...more,
  }
}
function tokenJson(id: string, more: Partial<TokenJson>): TokenJson {
  return {
    id,
    user: 'Anna',
    scopes: ['control'],
    areas: null,
    createdAt: ago(2000),
    expiresAt: null,
    lastUsedAt: ago(2),
    ...more,
  }
}
function loginJson(username: string, more: Partial<CredentialJson> = {}): CredentialJson {
  return {
    username,
    user: username,
    clientId: null,
    kind: 'software',
    origin: 'issued',
    device: null,
    publish: [],
    subscribe: [],
    full: true,
    createdAt: ago(4000),
    ...more,
  }
}

/** A hub whose lists change as the real one's. */
function serveSettings() {
  hub.areas = [...AREAS]
  hub.entities = [...HOUSE]
  hub.settings = { ...hub.settings, name: 'Lindenhof', place: { latitude: 52.5, longitude: 13.4 } }
  let sessions = [
    sessionJson('s1', { userAgent: SAFARI, address: '192.168.1.31', seenAt: ago(30) }),
    sessionJson('s2', { current: true }),
  ]
  let tokens = [
    tokenJson('t1', {}),
    tokenJson('t2', { scopes: ['read'], user: 'Ben', lastUsedAt: null, expiresAt: ago(-500) }),
  ]
  let logins = [
    loginJson('node_red'),
    loginJson('zigbee2mqtt', {
      full: false,
      publish: ['zigbee2mqtt/#'],
      subscribe: ['zigbee2mqtt/#', 'homeassistant/#'],
    }),
    loginJson('d-k4w2mz', { kind: 'device', device: 'device-Fan', full: false, publish: ['tele/fan/#'] }),
  ]
  const list = (items: readonly unknown[]) => ({ status: 200, body: { items, next: null } })
  const gone = { status: 204, body: undefined }
  hub.on('PATCH /settings', body => {
    hub.settings = { ...hub.settings, ...(body as Partial<SettingsJson>), version: hub.settings.version + 1 }
    return { status: 200, body: hub.settings }
  })
  hub.on('GET /sessions', () => list(sessions))
  hub.on('DELETE /sessions/s1', () => {
    sessions = sessions.filter(({ id }) => id !== 's1')
    return gone
  })
  hub.on('GET /tokens', () => list(tokens))
  hub.on('POST /tokens', body => {
    const made = tokenJson('t3', { ...(body as Partial<TokenJson>), lastUsedAt: null })
    tokens = [...tokens, made]
    return { status: 201, body: { ...made, token: 'hob_t_6f1c0a9e5b7d4c2f8e3a1b0d9c7e5f42' } }
  })
  hub.on('DELETE /tokens/t1', () => {
    tokens = tokens.filter(({ id }) => id !== 't1')
    return gone
  })
  hub.on('GET /mqtt/credentials', () => list(logins))
  hub.on('POST /mqtt/credentials', body => {
    const { name } = body as { name: string }
    logins = [...logins, loginJson(name)]
    return { status: 201, body: { username: name, password: 'k7Qm-x2Wp-9tVb-4hRz' } }
  })
  hub.on('DELETE /mqtt/credentials/node_red', () => {
    logins = logins.filter(({ username }) => username !== 'node_red')
    return gone
  })
  hub.on('GET /rules', () => list([{ text: 'if: living_room.lights is on' }]))
}

async function open(form?: Form) {
  const view = await openView(browser, `${hub.url}/settings`, form)
  await heading(view.page, 'Settings')
  return view
}
const block = (page: Page, name: string) => page.getByRole('region', { name })
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
const last = (what: string) => hub.calls.findLast(call => call.what === what)

describe.each(MATRIX)('on a $size in $theme', form => {
  const name = (what: string) => `settings-${what}-${form.size}-${form.theme}`

  it('shows the house, oneself and who has access', async () => {
    const view = await open(form)
    await view.page.getByText('zigbee2mqtt').waitFor()
    await view.page.getByText('Chrome on Windows').waitFor()
    expect(await findFaults(view, name('top'))).toEqual([])
    await block(view.page, 'MQTT logins').scrollIntoViewIfNeeded()
    expect(await findFaults(view, name('end'))).toEqual([])
    await view.context.close()
  })

  it('asks, and shows a secret once', async () => {
    const view = await open(form)
    const { page } = view
    await press(page, 'New token')
    expect(await findFaults(view, name('new-token'))).toEqual([])
    await press(page, 'Make the token')
    await page.getByText(/^hob_t_/).waitFor()
    expect(await findFaults(view, name('secret'))).toEqual([])
    await press(page, 'Close')
    await press(page, 'More for Living room')
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByText('1 rule names it and then has a fault.').waitFor()
    expect(await findFaults(view, name('remove-room'))).toEqual([])
    await press(page, 'Keep it')
    await press(page, 'Change the password')
    await page.getByLabel('New password', { exact: true }).fill('correct horse battery')
    expect(await findFaults(view, name('password'))).toEqual([])
    await view.context.close()
  })

  it('shows both sides of a change made twice', async () => {
    const view = await open(form)
    const { page } = view
    const house = block(page, 'House')
    await house.getByLabel('Name').fill('Birkenhof')
    hub.settings = { ...hub.settings, name: 'Ahornhof', version: hub.settings.version + 1 }
    hub.on('PATCH /settings', () => problem(409, 'settings.stale_version', 'the settings were changed meanwhile'))
    await house.getByRole('button', { name: 'Save' }).click()
    await house.getByRole('cell', { name: 'Ahornhof' }).waitFor()
    expect(await findFaults(view, name('conflict'))).toEqual([])
    serveSettings()
    hub.settings = { ...hub.settings, name: 'Ahornhof' }
    await house.getByRole('button').first().click()
    await expect.poll(() => hub.settings.name).toBe('Birkenhof')
    await view.context.close()
  })
})

describe('the house', () => {
  it('follows what others save; what is typed meanwhile stands beside it before it is saved', async () => {
    const { page, context } = await open()
    const house = block(page, 'House')
    const change = (more: Partial<FakeHub['settings']>) => {
      hub.settings = { ...hub.settings, ...more, version: hub.settings.version + 1 }
      hub.push({ type: 'settings', seq: hub.nextSeq(), settings: hub.settings })
    }
    change({ name: 'Ahornhof' })
    await expect.poll(() => house.getByLabel('Name').inputValue()).toBe('Ahornhof')
    await house.getByLabel('Name').fill('Birkenhof')
    change({ writeBudget: 60 })
    await page.getByRole('radio', { name: 'Every minute', checked: true }).waitFor()
    expect(await house.getByRole('cell').count()).toBe(0)
    change({ name: 'Eichenhof' })
    await house.getByRole('cell', { name: 'Eichenhof' }).waitFor()
    await house.getByRole('cell', { name: 'Birkenhof' }).waitFor()
    expect(hub.calls.some(({ what }) => what === 'PATCH /settings')).toBe(false)
    await context.close()
  })

  it('is saved as one block, with the version it was read in, and taken back', async () => {
    const { page, context } = await open()
    const house = block(page, 'House')
    const save = house.getByRole('button', { name: 'Save' })
    expect(await save.isDisabled()).toBe(true)
    await house.getByLabel('Time zone').fill('America/New_York')
    await house.getByText('It is 12:04 there now.').waitFor()
    await house.getByLabel('Latitude').fill('123')
    await save.click()
    await house.getByText('A latitude is between −90 and 90 degrees.').waitFor()
    await house.getByLabel('Latitude').fill('40,7')
    await house.getByLabel('Longitude').fill('-74')
    await save.click()
    await page.getByText('Saved').waitFor()
    expect(last('PATCH /settings')).toMatchObject({
      body: { name: 'Lindenhof', zone: 'America/New_York', place: { latitude: 40.7, longitude: -74 } },
      ifMatch: '"3"',
    })
    await press(page, 'Undo')
    await expect.poll(() => hub.settings.zone).toBe('Europe/Berlin')
    await expect.poll(() => house.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin')
    await house.getByLabel('Time zone').fill('UTC')
    await house.getByRole('button', { name: 'Use this browser’s' }).click()
    expect(await house.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin')
    await context.close()
  })

  it('writes to disk as chosen, at once', async () => {
    const { page, context } = await open()
    await page.getByRole('radio', { name: 'Every minute' }).check()
    await page.getByText('Writing to disk: Every minute').waitFor()
    expect(last('PATCH /settings')?.body).toEqual({ writeBudget: 60 })
    await press(page, 'Undo')
    await expect.poll(() => hub.settings.writeBudget).toBe(10)
    hub.on('PATCH /settings', () => problem(503, 'api.not_ready', 'the hub is starting'))
    await page.getByRole('radio', { name: 'At once' }).click()
    await page.getByText('Hob is still starting.').waitFor()
    expect(await page.getByRole('radio', { name: 'Every 10 s' }).isChecked()).toBe(true)
    await context.close()
  })

  it('has rooms that come, change their name and go', async () => {
    const { page, context } = await open()
    const rooms = block(page, 'Rooms')
    hub.on('POST /areas', body => {
      const { name } = body as { name: string }
      hub.areas = [...hub.areas, { id: 'area-attic', slug: 'attic', name, version: 1 }]
      return { status: 201, body: hub.areas.at(-1) }
    })
    await rooms.getByLabel('New room').fill('Attic')
    await rooms.getByLabel('New room').press('Enter')
    await rooms.getByText('Empty').waitFor()

    hub.on('PATCH /areas/area-attic', body => {
      const { name } = body as { name: string }
      hub.areas = hub.areas.map(each => (each.slug === 'attic' ? { ...each, name, version: each.version + 1 } : each))
      return { status: 200, body: hub.areas.at(-1) }
    })
    await press(page, 'More for Attic')
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Loft')
    await press(page, 'Rename')
    await rooms.getByText('Loft').waitFor()
    expect(last('PATCH /areas/area-attic')?.ifMatch).toBe('"1"')
    await press(page, 'Undo')
    await rooms.getByText('Attic').waitFor()

    hub.on('DELETE /areas/area-attic', () => {
      hub.areas = hub.areas.filter(({ slug }) => slug !== 'attic')
      return { status: 204, body: undefined }
    })
    await press(page, 'More for Attic')
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByText('No device is in it.').waitFor()
    await page.getByText('No rule names it.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Attic removed').waitFor()
    expect(await rooms.getByText('Attic', { exact: true }).count()).toBe(0)
    await context.close()
  })
})

describe('oneself', () => {
  it('changes the password and ends sign-ins elsewhere', async () => {
    const { page, context } = await open()
    hub.on('PUT /session/password', () => problem(401, 'access.wrong_password', 'the old password is wrong'))
    await press(page, 'Change the password')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password now', { exact: true }).fill('wrong')
    await dialog.getByLabel('New password', { exact: true }).fill('correct horse battery')
    await dialog.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByText('This is not your password now.').waitFor()
    hub.on('PUT /session/password', () => ({ status: 204, body: undefined }))
    await dialog.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByText('Password changed. Other browsers are signed out.').waitFor()
    expect(last('PUT /session/password')?.body).toEqual({ old: 'wrong', new: 'correct horse battery' })

    await press(page, 'End the sign-in of Safari on iPhone')
    await page.getByText('Safari on iPhone is signed out').waitFor()
    await expect.poll(() => block(page, 'Your account').getByText('Safari on iPhone').count()).toBe(0)
    await context.close()
  })

  it('chooses day or night for this browser', async () => {
    const { page, context } = await open()
    const scheme = () => page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')
    await page.getByRole('radio', { name: 'Night' }).check()
    expect(await scheme()).toBe('dark')
    await page.reload()
    await heading(page, 'Settings')
    expect(await scheme()).toBe('dark')
    await page.getByRole('radio', { name: 'System' }).check()
    expect(await scheme()).toBe('light dark')
    await context.close()
  })

  it('sees only what it may change', async () => {
    hub.session = { ...OWNER, user: { ...OWNER.user!, role: 'user', scopes: ['control'] } }
    const view = await open()
    await view.page.getByText('Chrome on Windows').waitFor()
    expect(await view.page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Appearance',
      'Your account',
      'About',
    ])
    expect(hub.calls.map(({ what }) => what)).not.toContain('GET /tokens')
    expect(await findFaults(view, 'settings-user')).toEqual([])
    await view.context.close()
  })
})

describe('who has access', () => {
  it('gets a token with its rights and its time, and loses it', async () => {
    const { page, context } = await open()
    await press(page, 'New token')
    await page.getByRole('radio', { name: 'See', exact: true }).check()
    await page.getByRole('radio', { name: '30 days' }).check()
    await press(page, 'Make the token')
    await page.getByText(/^hob_t_/).waitFor()
    expect(last('POST /tokens')?.body).toMatchObject({
      scopes: ['read'],
      expiresAt: expect.stringMatching(/^2026-02-21T17:04/) as string,
    })
    await page.keyboard.press('Escape')
    expect(await page.getByText(/^hob_t_/).isVisible()).toBe(true)
    await press(page, 'Close')
    expect(await page.getByText(/^hob_t_/).count()).toBe(0)

    await block(page, 'API tokens').getByRole('button', { name: 'Remove' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Token removed').waitFor()
    await context.close()
  })

  it('gets an MQTT login for all or some topics, and loses it', async () => {
    const { page, context } = await open()
    await press(page, 'New login')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('User name').fill('grafana')
    await dialog.getByRole('radio', { name: 'Some topics' }).check()
    await dialog.getByLabel('May subscribe to').fill('home/#\n\n home/# \nweather/+')
    await press(page, 'Make the login')
    await dialog.getByText('k7Qm-x2Wp-9tVb-4hRz').waitFor()
    expect(last('POST /mqtt/credentials')?.body).toEqual({
      name: 'grafana',
      full: false,
      publish: [],
      subscribe: ['home/#', 'weather/+'],
    })
    await press(page, 'Close')
    const logins = block(page, 'MQTT logins')
    await logins.getByText('grafana').waitFor()
    expect(await logins.getByText('goes with its device').count()).toBe(1)
    await logins.getByRole('button', { name: 'Remove' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('node_red removed').waitFor()
    await context.close()
  })
})

it('says block by block what did not come, and asks again', async () => {
  hub.on('GET /tokens', () => problem(500, 'api.failed', 'broken'))
  hub.on('GET /settings', () => problem(503, 'api.not_ready', 'the hub is starting'))
  const { page, context } = await open()
  await block(page, 'House').getByText('Hob is still starting.').waitFor()
  await block(page, 'API tokens').getByText('Something failed inside Hob.').waitFor()
  await block(page, 'MQTT logins').getByText('node_red').waitFor()
  serveSettings()
  hub.on('GET /settings', () => ({ status: 200, body: hub.settings }))
  await block(page, 'House').getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => block(page, 'House').getByLabel('Name').inputValue()).toBe('Lindenhof')
  await context.close()
})

const EVIL = '<img src=x onerror="document.title=1">\u202E'
it('shows what somebody else wrote as text', async () => {
  hub.areas = [{ id: 'area-evil', slug: 'evil', name: EVIL + 'x'.repeat(10_000), version: 1 }]
  hub.on('GET /sessions', () => ({
    status: 200,
    body: { items: [sessionJson('s', { userAgent: EVIL, address: EVIL })], next: null },
  }))
  hub.on('GET /mqtt/credentials', () => ({ status: 200, body: { items: [loginJson(EVIL.repeat(20))], next: null } }))
  const view = await open(FORMS[0])
  await block(view.page, 'MQTT logins').getByText('<img').waitFor()
  expect(await findFaults(view, 'settings-hostile')).toEqual([])
  expect(await view.page.locator('img').count()).toBe(0)
  await view.context.close()
})
