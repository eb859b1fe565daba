import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { OWNER, problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { HOUSE } from './house.ts'
import { findFaults, type Form, heading, MATRIX, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
})
afterEach(() => hub.close())

const CODE = 'ABCDEFGHJKMNPQRSTVWXYZ2345'
const nobody = { claimed: true, user: null }

const open = (path: string, form?: Form) => openView(browser, new URL(path, hub.url).href, form)
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const bodies = (what: string) => hub.calls.filter(call => call.what === what).map(({ body }) => body)

/** A hub without an owner that takes the claim. */
function unclaimed() {
  hub.session = { claimed: false, user: null }
  hub.settings = { ...hub.settings, onboarded: false }
  hub.on('POST /claim', () => {
    hub.session = OWNER
    return { status: 201, body: { ...OWNER, recoveryCode: CODE } }
  })
  hub.on('PATCH /settings', body => {
    hub.settings = { ...hub.settings, ...(body as object) }
    return { status: 200, body: hub.settings }
  })
  hub.on('POST /areas', body => {
    const { name } = body as { name: string }
    const area = { id: `area-${name}`, slug: name.toLowerCase().replaceAll(/\W/g, '_'), name, version: 1 }
    hub.areas = [...hub.areas, area]
    return { status: 201, body: area }
  })
}

async function claim(page: Page) {
  await heading(page, 'Make this house yours')
  await field(page, 'Your name').fill('Anna')
  await field(page, 'Password').fill('seven green bottles on a wall')
  await press(page, 'Make the account')
  await heading(page, 'Keep this code')
}

async function confirmCode(page: Page) {
  await field(page, 'The last four characters').fill('2345')
  await press(page, 'I have it')
  await heading(page, 'Where is the house?')
}

describe.each(MATRIX)('on a $size in $theme', form => {
  const shot = (name: string) => `in-${name}-${form.size}-${form.theme}`

  it('a house is claimed, placed and given rooms', async () => {
    unclaimed()
    const view = await open(`/claim#${CODE}`, form)
    const { page } = view
    await heading(page, 'Make this house yours')
    await field(page, 'Your name').fill('Anna')
    await field(page, 'Password').fill('anna12345')
    expect(await findFaults(view, shot('claim'))).toEqual([])

    await claim(page)
    expect(await findFaults(view, shot('code'))).toEqual([])
    await confirmCode(page)
    expect(await findFaults(view, shot('place'))).toEqual([])
    await press(page, 'Change')
    expect(await findFaults(view, shot('place-open'))).toEqual([])
    await press(page, 'Continue')
    await heading(page, 'Which rooms do you have?')
    for (const room of ['Living room', 'Kitchen', 'Hall', 'Bedroom', 'Bathroom']) await field(page, room).check()
    expect(await findFaults(view, shot('rooms'))).toEqual([])
    await view.context.close()
  })

  it('people sign in', async () => {
    hub.session = nobody
    hub.on('POST /session', () => problem(401, 'access.bad_credentials', 'name and password do not fit'))
    const view = await open('/', form)
    await heading(view.page, 'Sign in')
    await field(view.page, 'Name').fill('Anna')
    await field(view.page, 'Password').fill('wrong')
    await press(view.page, 'Sign in')
    await view.page.getByText('Name and password do not belong together.').waitFor()
    expect(await findFaults(view, shot('sign-in'))).toEqual([])
    await view.context.close()
  })

  it('a lost password is set anew', async () => {
    hub.session = nobody
    const view = await open('/recover', form)
    await heading(view.page, 'Set a new password')
    expect(await findFaults(view, shot('recover'))).toEqual([])
    await view.context.close()
  })

  it('a house without an owner says how it gets one', async () => {
    hub.session = { claimed: false, user: null }
    const view = await open('/', form)
    await heading(view.page, 'This house has no owner yet')
    expect(await findFaults(view, shot('unclaimed'))).toEqual([])
    await view.context.close()
  })

  it('a link that opens nothing says so', async () => {
    hub.session = nobody
    hub.on('POST /session/link', () => problem(401, 'access.bad_code', 'this code is not valid'))
    const view = await open('/signin#OLD', form)
    await heading(view.page, 'Not signed in')
    expect(await findFaults(view, shot('link'))).toEqual([])
    await view.context.close()
  })

  it('a sign-in that ends lays a dialog over the page', async () => {
    hub.entities = [...HOUSE]
    const view = await open('/', form)
    await view.page.getByText('Sofa lamp').waitFor()
    hub.session = nobody
    hub.push({ type: 'error', code: 'api.unauthorised', detail: 'this token or session is over' })
    await view.page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await findFaults(view, shot('again'))).toEqual([])
    await view.context.close()
  })
})

describe('the set-up', () => {
  it('survives reloads at every step, and ends in the house', async () => {
    unclaimed()
    const { page, context } = await open(`/claim#${CODE}`)
    await claim(page)
    expect(bodies('POST /claim')).toEqual([{ code: CODE, name: 'Anna', password: 'seven green bottles on a wall' }])
    await page.reload()
    await heading(page, 'Keep this code')
    expect((await page.getByLabel('Recovery code').innerText()).replaceAll(/\s/g, '')).toBe(CODE)

    await field(page, 'The last four characters').fill('xxxx')
    await press(page, 'I have it')
    await page.getByText('These are not its last four. Look at what you wrote down.').waitFor()
    await confirmCode(page)
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain(CODE)

    await page.reload()
    await heading(page, 'Where is the house?')
    await page.getByText('Time of Europe/Berlin, sun as in Berlin').waitFor()
    await field(page, 'Name of the house').fill('Mill Lane 4')
    await press(page, 'Continue')
    await heading(page, 'Which rooms do you have?')
    expect(bodies('PATCH /settings')).toEqual([
      { name: 'Mill Lane 4', zone: 'Europe/Berlin', place: { latitude: 52.5, longitude: 13.4 } },
    ])

    await field(page, 'Kitchen').check()
    await press(page, 'Another room')
    await page.getByLabel('Name of the room').fill('Workshop')
    await page.keyboard.press('Enter')
    await press(page, 'Continue with 2 rooms')
    await heading(page, 'Add a device')
    expect(bodies('POST /areas')).toEqual([{ name: 'Kitchen' }, { name: 'Workshop' }])
    expect(hub.settings.onboarded).toBe(true)
    await context.close()
  })

  it('goes on where an owner of an empty house comes back', async () => {
    unclaimed()
    hub.session = OWNER
    const { page, context } = await open('/')
    await heading(page, 'Where is the house?')
    await page.getByRole('link', { name: 'Skip this' }).click()
    await heading(page, 'Which rooms do you have?')
    await press(page, 'Skip this')
    await heading(page, 'Add a device')
    expect(hub.settings).toMatchObject({ onboarded: true, place: null })
    expect(hub.areas).toEqual([])
    await context.close()
  })

  it('says what is wrong with a place, beside it', async () => {
    unclaimed()
    hub.session = OWNER
    const { page, context } = await open('/welcome/home')
    await heading(page, 'Where is the house?')
    await press(page, 'Change')
    await field(page, 'Latitude').fill('95')
    await press(page, 'Continue')
    await page.getByText('A latitude is between −90 and 90 degrees.').waitFor()
    await field(page, 'Latitude').fill('')
    await press(page, 'Continue')
    await page.getByText('A place needs both.').waitFor()
    await field(page, 'Longitude').fill('')
    await press(page, 'Continue')
    await heading(page, 'Which rooms do you have?')
    expect(hub.settings.place).toBeNull()
    await context.close()
  })

  it('says what is wrong with a claim', async () => {
    unclaimed()
    hub.on('POST /claim', () => problem(422, 'access.weak_password', 'a password has at least 10 characters'))
    const { page, context } = await open(`/claim#${CODE}`)
    await field(page, 'Your name').fill('Anna')
    await field(page, 'Password').fill('short')
    await page.getByText('5 characters more.').waitFor()
    await press(page, 'Make the account')
    await page.getByText(/^Hob does not take this password/).waitFor()
    hub.on('POST /claim', () => problem(401, 'access.bad_code', 'no'))
    await press(page, 'Make the account')
    await page.getByText(/^This link no longer opens anything/).waitFor()
    hub.on('POST /claim', () => {
      hub.session = nobody
      return problem(409, 'access.already_claimed', 'there is an owner')
    })
    await press(page, 'Make the account')
    await heading(page, 'This house has an owner already.')
    expect(await page.getByRole('link', { name: 'Sign in' }).isVisible()).toBe(true)
    await context.close()
  })
})

describe('the way in', () => {
  it('by password opens the page that was asked for', async () => {
    hub.session = nobody
    hub.entities = [...HOUSE]
    hub.on('POST /session', () => {
      hub.session = OWNER
      return { status: 200, body: OWNER }
    })
    const { page, context } = await open('/?show=windows')
    await heading(page, 'Sign in')
    await field(page, 'Name').fill('Anna')
    await field(page, 'Password').fill('seven green bottles')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Open windows' }).waitFor()
    expect(bodies('POST /session')).toEqual([{ name: 'Anna', password: 'seven green bottles' }])
    await context.close()
  })

  it('asks for the code of the app when the password was right', async () => {
    hub.session = nobody
    hub.on('POST /session', body => {
      const { code } = body as { code?: string }
      if (code === undefined) return problem(401, 'access.code_needed', 'this account also asks for a code')
      if (code !== '123456') return problem(401, 'access.wrong_code', 'the code is wrong, or was used already')
      hub.session = OWNER
      return { status: 200, body: OWNER }
    })
    const view = await open('/devices')
    const { page } = view
    await field(page, 'Name').fill('Anna')
    await field(page, 'Password').fill('correct horse')
    await press(page, 'Sign in')
    await field(page, 'Code').waitFor()
    await page.keyboard.type('000000')
    await page.keyboard.press('Enter')
    await page.getByText('This code does not fit.').waitFor()
    expect(await findFaults(view, 'sign-in-code')).toEqual([])
    await field(page, 'Code').fill(' 123456 ')
    await press(page, 'Sign in')
    await heading(page, 'Devices')
    expect(bodies('POST /session').at(-1)).toEqual({ name: 'Anna', password: 'correct horse', code: '123456' })
    await view.context.close()
  })

  it('is slowed after too many tries, and says for how long', async () => {
    hub.session = nobody
    hub.on('POST /session', () => problem(429, 'access.too_many_tries', 'too many tries', { retryAfter: 120 }))
    const { page, context } = await open('/')
    await field(page, 'Name').fill('Anna')
    await field(page, 'Password').fill('x')
    await press(page, 'Sign in')
    await page.getByText('Too many tries from here. The next one is taken in 2 min.').waitFor()
    expect(await field(page, 'Password').getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  it('by a link is one step, and leaves no code in the address', async () => {
    hub.session = nobody
    hub.on('POST /session/link', () => {
      hub.session = OWNER
      return { status: 200, body: OWNER }
    })
    const { page, context } = await open('/signin#ONCE')
    await heading(page, 'Home')
    expect(bodies('POST /session/link')).toEqual([{ code: 'ONCE' }])
    expect(new URL(page.url()).hash).toBe('')
    await context.close()
  })

  it('by recovery gives a new code, shown once and confirmed', async () => {
    hub.session = nobody
    hub.on('POST /session/recover', () => {
      hub.session = OWNER
      return { status: 200, body: { ...OWNER, recoveryCode: CODE } }
    })
    const { page, context } = await open('/recover')
    await field(page, 'Name').fill('Anna')
    await field(page, 'Recovery code').fill('abcde-fghjk')
    await field(page, 'New password').fill('seven green bottles on a wall')
    await press(page, 'Set the password')
    await heading(page, 'Keep this code')
    await field(page, 'The last four characters').fill('2345')
    await press(page, 'I have it')
    await heading(page, 'Home')
    expect(bodies('POST /session/recover')).toHaveLength(1)
    await context.close()
  })

  it('again over an open page goes on where it stood', async () => {
    hub.entities = [...HOUSE]
    hub.on('POST /session', () => {
      hub.session = OWNER
      return { status: 200, body: OWNER }
    })
    const { page, context } = await open('/?show=windows')
    await page.getByRole('heading', { name: 'Open windows' }).waitFor()
    hub.session = nobody
    hub.push({ type: 'error', code: 'api.unauthorised', detail: 'this token or session is over' })
    const dialog = page.getByRole('dialog', { name: 'Sign in again' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    expect(await field(page, 'Name').inputValue()).toBe('Anna')
    await field(page, 'Password').fill('seven green bottles')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByRole('heading', { name: 'Open windows' }).isVisible()).toBe(true)
    await page.getByText('28 of 28 devices answer').or(page.getByText('27 of 28 devices answer')).waitFor()
    await context.close()
  })

  it('out is one press', async () => {
    hub.entities = [...HOUSE]
    const { page, context } = await open('/')
    await press(page, 'Sign out')
    await heading(page, 'Sign in')
    expect(hub.calls.some(({ what }) => what === 'DELETE /session')).toBe(true)
    expect(await page.getByText('Sofa lamp').count()).toBe(0)
    await context.close()
  })
})
