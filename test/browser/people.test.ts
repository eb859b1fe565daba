import { describe, expect, it } from 'vitest'
import type { SessionJson } from '#api'
import { OWNER, problem, sessionOf } from './fake-hub.ts'
import { inHours, servePeople, userJson, type Household } from './people-page.ts'
import { block, press } from './settings-page.ts'
import { openStage } from './stage.ts'
import { findFaults, FORMS, heading, MATRIX, NOW } from './view.ts'

let held: Household
const stage = openStage(hub => (held = servePeople(hub)))

describe.each(MATRIX)('on a $size in $theme', form => {
  const name = (what: string) => `people-${what}-${form.size}-${form.theme}`

  it('shows people, an invitation and somebody’s page', async () => {
    const view = await stage.open('/people', form)
    const { page } = view
    await page.getByText('Sees the whole house, edits Bedroom').waitFor()
    expect(await findFaults(view, name('list'))).toEqual([])
    await press(page, 'Invite')
    await page.getByLabel('Name').fill('Mia')
    expect(await findFaults(view, name('invite'))).toEqual([])
    await press(page, 'Make the account')
    await page.getByRole('img', { name: 'QR code with the link for Mia' }).waitFor()
    await press(page, 'Close')
    await page.getByRole('link', { name: 'Lena' }).click()
    await heading(page, 'Lena')
    await page.getByText('192.168.1.77').waitFor()
    expect(await findFaults(view, name('person'))).toEqual([])
    await view.context.close()
  })

  it('shows roles, and one as a grid', async () => {
    const view = await stage.open('/people/roles', form)
    const { page } = view
    await page.getByRole('link', { name: 'Children' }).waitFor()
    expect(await findFaults(view, name('roles'))).toEqual([])
    await page.getByRole('link', { name: 'Children' }).click()
    await page.getByRole('heading', { name: 'Who has it' }).waitFor()
    expect(await findFaults(view, name('role'))).toEqual([])
    await view.context.close()
  })

  it('shows passes, and how one is made', async () => {
    const view = await stage.open('/people/passes', form)
    const { page } = view
    await page.getByText('Babysitter').waitFor()
    expect(await findFaults(view, name('passes'))).toEqual([])
    await page.getByRole('link', { name: 'New pass' }).click()
    await page.getByText('Sofa lamp', { exact: true }).waitFor()
    await page.getByLabel('For whom').fill('Opa')
    await page.getByLabel('All of Hall').check()
    expect(await findFaults(view, name('new-pass'))).toEqual([])
    await press(page, 'Make the pass')
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    expect(await findFaults(view, name('pass-made'))).toEqual([])
    await view.context.close()
  })

  it('shows tokens, and how one is made', async () => {
    const view = await stage.open('/people/tokens', form)
    const { page } = view
    await page.getByText('See, for Ben').waitFor()
    expect(await findFaults(view, name('tokens'))).toEqual([])
    await press(page, 'New token')
    await page.getByRole('radio', { name: 'Only in some rooms' }).check()
    await page.getByRole('radio', { name: 'Until…' }).check()
    expect(await findFaults(view, name('new-token'))).toEqual([])
    await view.context.close()
  })
})

describe('people', () => {
  it('get another role, and the old one back', async () => {
    const { page, context } = await stage.open('/people/user-lena')
    const may = block(page, 'May do')
    await may.getByText('Sees the whole house, edits Bedroom, controls Living room and Hall.').waitFor()
    expect(await may.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await may.getByRole('combobox', { name: 'By room' }).selectOption('')
    await may.getByText('Sees and controls the whole house.').waitFor()
    await may.getByRole('radio', { name: 'Admin' }).check()
    await may.getByText('Manages the whole house.').waitFor()
    await may.getByRole('button', { name: 'Save' }).click()
    expect(await stage.until('PATCH /users/Lena')).toEqual({ role: 'admin', areaRole: null })
    await press(page, 'Undo')
    await expect.poll(() => stage.sent('PATCH /users/Lena')).toHaveLength(2)
    expect(stage.sent('PATCH /users/Lena')[1]).toEqual({ role: 'user', areaRole: 'children' })
    await context.close()
  })

  it('are told why the only owner stays one', async () => {
    stage.hub.on('PATCH /users/Anna', () => problem(409, 'access.last_owner', '"Anna" is the only owner'))
    const { page, context } = await stage.open(`/people/${OWNER.user!.id}`)
    const may = block(page, 'May do')
    await may.getByRole('radio', { name: 'Guest' }).check()
    await may.getByRole('button', { name: 'Save' }).click()
    await may.getByText('This is the only owner. Make somebody else an owner first.').waitFor()
    expect(await page.getByRole('button', { name: 'Keep out' }).count()).toBe(0)
    await context.close()
  })

  it('are signed out everywhere, kept out, and let in again', async () => {
    stage.hub.on('DELETE /users/Ben/sessions', () => ({ status: 204, body: undefined }))
    const { page, context } = await stage.open('/people/user-ben')
    await press(page, 'End all')
    await page.getByRole('dialog').getByRole('button', { name: 'End all' }).click()
    await page.getByText('Ben is signed out everywhere').waitFor()
    await press(page, 'Keep out')
    await page.getByText('Ben is kept out').waitFor()
    await press(page, 'Let in again')
    await page.getByText('Ben may sign in again').waitFor()
    expect(stage.sent('PATCH /users/Ben')).toEqual([{ disabled: true }, { disabled: false }])
    stage.hub.on('DELETE /users/Ben', () => {
      held.users = held.users.filter(({ name }) => name !== 'Ben')
      return { status: 204, body: undefined }
    })
    await press(page, 'Remove')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Ben is removed').waitFor()
    await heading(page, 'People')
    await page.getByRole('link', { name: 'Lena' }).waitFor()
    expect(await page.getByRole('link', { name: 'Ben' }).count()).toBe(0)
    await context.close()
  })

  it('come by an invitation of an owner, whose name is nobody else’s', async () => {
    stage.hub.on('POST /users', () => problem(409, 'access.name_taken', 'there is a user "Ben" already'))
    const { page, context } = await stage.open('/people')
    await press(page, 'Invite')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Ben')
    await dialog.getByRole('combobox', { name: 'By room' }).selectOption('children')
    await press(page, 'Make the account')
    await dialog.getByText('There is a user "Ben" already.').waitFor()
    expect(await dialog.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')
    expect(await stage.until('POST /users')).toMatchObject({ name: 'Ben', role: 'user', areaRole: 'children' })
    await context.close()
  })
})

describe('an admin', () => {
  it('makes no owner, no link and looks through nobody’s eyes', async () => {
    stage.hub.session = { ...sessionOf('admin'), user: { ...OWNER.user!, id: 'user-ben', name: 'Ben', role: 'admin' } }
    const { page, context } = await stage.open('/people')
    await page.getByRole('link', { name: 'Lena' }).waitFor()
    expect(await page.getByRole('button', { name: /^View/ }).count()).toBe(0)
    await press(page, 'Invite')
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('radio', { name: 'Owner' }).count()).toBe(0)
    await dialog.getByLabel('Name').fill('Mia')
    await dialog.getByLabel('First password', { exact: true }).fill('correct horse battery')
    await press(page, 'Make the account')
    await page.getByText('Mia has an account').waitFor()
    expect(stage.sent('POST /session/links')).toEqual([])
    await page.getByRole('link', { name: 'Anna' }).click()
    await page.getByText('Only an owner makes or changes an owner.').waitFor()
    expect(await page.getByRole('button', { name: /Save|Keep out|End all/ }).count()).toBe(0)
    await context.close()
  })
})

it('who may not decide about people finds no page for it, also not by its address', async () => {
  stage.hub.session = sessionOf('user')
  const view = await stage.open('/people/roles/children')
  const { page } = view
  await page.getByRole('heading', { name: 'This is for admins' }).waitFor()
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).count()).toBe(0)
  expect(stage.sent('GET /roles')).toEqual([])
  expect(await findFaults(view, 'people-refused')).toEqual([])
  await view.context.close()
})

describe('a role by room', () => {
  it('is drawn as it is written; what holds in the house holds in each room', async () => {
    const { page, context } = await stage.open('/people/roles/children')
    const room = (name: string) => page.getByRole('group', { name })
    await room('Kitchen').getByRole('radio', { name: 'See' }).waitFor()
    expect(await room('Kitchen').getByRole('radio', { name: 'Nothing' }).isDisabled()).toBe(true)
    await room('The whole house').getByRole('radio', { name: 'Nothing' }).check()
    await page.getByText('Edits Bedroom, controls Living room and Hall.').waitFor()
    await room('Kitchen').getByRole('radio', { name: 'Nothing', checked: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await room('Bedroom').getByRole('radio', { name: 'Nothing' }).check()
    await page.getByText('Controls Living room, Hall and Kitchen.').waitFor()
    await page.getByRole('link', { name: 'All roles' }).click()
    await press(page, 'Stay')
    await press(page, 'Save')
    expect(await stage.until('PATCH /roles/children')).toEqual({
      name: 'Children',
      house: null,
      areas: ['living_room', 'hall', 'kitchen'].map(area => ({ area: `area-${area}`, may: 'control' })),
    })
    await page.getByText('Children saved').waitFor()
    await context.close()
  })

  it('is made, and is not removed while somebody has it', async () => {
    stage.hub.on('DELETE /roles/cleaner', () => {
      held.users = [...held.users, userJson('Mia', { areaRole: 'cleaner' })]
      return problem(409, 'access.role_held', 'somebody has the role "cleaner"; give them another one first')
    })
    const { page, context } = await stage.open('/people/roles/new')
    await page.getByRole('group', { name: 'Garden' }).getByRole('radio', { name: 'Control' }).check()
    await press(page, 'Make the role')
    await page.getByText('A role needs a name.').waitFor()
    await page.getByLabel('Name').fill('Gardener')
    await press(page, 'Make the role')
    await page.getByRole('link', { name: 'Gardener' }).waitFor()
    expect(await stage.until('POST /roles')).toEqual({
      name: 'Gardener',
      house: null,
      areas: [{ area: 'area-garden', may: 'control' }],
    })
    await page.getByRole('link', { name: 'Cleaner' }).click()
    await press(page, 'Remove')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Somebody has the role "cleaner"; give them another one first.').waitFor()
    await context.close()
  })
})

describe('a guest pass', () => {
  it('opens what was chosen for as long as was said, and is taken back', async () => {
    const { page, context } = await stage.open('/people/passes/new')
    await page.getByText('Sofa lamp', { exact: true }).waitFor()
    await page.getByLabel('For whom').fill('Opa')
    await press(page, 'Make the pass')
    await page.getByText('Choose at least one thing.').waitFor()
    await page.getByLabel('Search the house').fill('sofa')
    await page.getByRole('checkbox', { name: 'Sofa lamp' }).check()
    await page.getByLabel('Search the house').fill('counter')
    await page.getByRole('checkbox', { name: 'Counter' }).check()
    await page.getByRole('radio', { name: 'Only see' }).check()
    await page.getByLabel('Now, or from').fill('2026-01-24T08:00')
    await page.getByRole('radio', { name: '4 hours' }).check()
    expect(await page.getByLabel('Until').inputValue()).toBe('2026-01-24T12:00')
    await page.getByLabel('Until').fill('2026-01-24T07:00')
    await press(page, 'Make the pass')
    await page.getByText('A pass ends after it begins, and later than now.').waitFor()
    expect(stage.sent('POST /passes')).toEqual([])
    await page.getByLabel('Until').fill('2026-01-24T20:30')
    await press(page, 'Make the pass')
    await page.getByText('http://192.168.1.20:8080/pass#4HRZ8D3FJ6NCSAK7QMX2WP9TVB').waitFor()
    expect(await stage.until('POST /passes')).toEqual({
      name: 'Opa',
      may: 'see',
      entities: ['living_room_sofa_lamp', 'kitchen_counter'],
      from: '2026-01-24T07:00:00.000Z',
      until: '2026-01-24T19:30:00.000Z',
    })
    await page.locator('main').getByRole('link', { name: 'All passes' }).last().click()
    await page.getByText('Until tomorrow 12:04, 17 h left').first().waitFor()
    await press(page, 'Take back Babysitter')
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await page.getByText('Babysitter taken back').waitFor()
    await context.close()
  })

  it('lets in by its link, and says why it does not', async () => {
    const from = NOW + 15_000
    stage.hub.session = { claimed: true, user: null }
    stage.hub.on('POST /session/pass', () => problem(403, 'access.pass_not_yet', 'not yet', { from }))
    const view = await stage.open('/pass#K7QM', FORMS[0])
    await view.page.getByText('It opens from 18:04 on.').waitFor()
    expect(await findFaults(view, 'pass-not-yet')).toEqual([])
    stage.hub.on('POST /session/pass', () => {
      stage.hub.session = VISIT
      return { status: 200, body: VISIT }
    })
    await view.page.clock.runFor(21_000)
    await heading(view.page, 'Home')
    expect(stage.sent('POST /session/pass')).toEqual([{ code: 'K7QM' }, { code: 'K7QM' }])
    await view.context.close()
  })

  const VISIT: SessionJson = {
    claimed: true,
    user: null,
    pass: { name: 'Babysitter', until: inHours(18) },
    rights: { house: null, areas: [], entities: [{ entity: 'living_room_sofa_lamp', may: 'control' }] },
  }

  it('offers its controls and nothing else', async () => {
    stage.hub.session = VISIT
    const view = await stage.open('/')
    const { page } = view
    await page.getByRole('button', { name: 'Sofa lamp', exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Sofa lamp', exact: true }).isEnabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Shelf', exact: true }).isDisabled()).toBe(true)
    const entries = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()
    expect(entries.map(text => text.replace(/\s*\d+$/, ''))).toEqual(['Home', 'Devices', 'History', 'Settings'])
    await page.getByText('Babysitter').waitFor()
    stage.hub.push({ type: 'error', code: 'api.unauthorised', detail: 'this token or session is over' })
    await page.getByRole('heading', { name: 'This pass is over' }).waitFor()
    expect(await findFaults(view, 'pass-over')).toEqual([])
    await view.context.close()
  })
})

it('a token is of somebody, for some rooms and for a while; its secret is shown once', async () => {
  const { page, context } = await stage.open('/people/tokens')
  await press(page, 'New token')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'See', exact: true }).check()
  await dialog.getByLabel('For', { exact: true }).selectOption('Ben')
  await dialog.getByRole('radio', { name: 'Only in some rooms' }).check()
  await press(page, 'Make the token')
  await dialog.getByText('Choose at least one room.').waitFor()
  await dialog.getByLabel('Kitchen').check()
  await dialog.getByRole('radio', { name: '30 days' }).check()
  await press(page, 'Make the token')
  await page.getByText(/^hob_t_/).waitFor()
  expect(await stage.until('POST /tokens')).toEqual({
    user: 'Ben',
    scopes: ['read'],
    areas: ['area-kitchen'],
    expiresAt: expect.stringMatching(/^2026-02-21T17:04/) as string,
  })
  await page.keyboard.press('Escape')
  expect(await page.getByText(/^hob_t_/).isVisible()).toBe(true)
  await press(page, 'Close')
  expect(await page.getByText(/^hob_t_/).count()).toBe(0)
  await press(page, 'Remove the token “Control, for Anna”')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Token removed').waitFor()
  await context.close()
})

it('what did not come is said and asked for again; what came stays', async () => {
  stage.hub.on('GET /passes', () => problem(500, 'api.failed', 'broken'))
  const view = await stage.open('/people/passes')
  const { page } = view
  await page.getByText('Something failed inside Hob.').waitFor()
  expect(await findFaults(view, 'passes-failed')).toEqual([])
  held = servePeople(stage.hub)
  await press(page, 'Try again')
  await page.getByText('Babysitter').waitFor()
  stage.hub.on('DELETE /passes/pass-party', () => problem(404, 'access.unknown_pass', 'there is no pass "Party"'))
  await press(page, 'Remove Party')
  await page.getByText('There is no pass "Party". What is shown was read before.').waitFor()
  expect(await page.getByText('Babysitter').count()).toBe(1)
  held.passes = []
  await press(page, 'Try again')
  await page.getByRole('heading', { name: 'No pass' }).waitFor()
  await view.context.close()
})

const EVIL = '<img src=x onerror="document.title=1">\u202E'
it('shows what somebody else wrote as text', async () => {
  stage.hub.areas = stage.hub.areas.map(area => ({ ...area, name: EVIL + area.name + 'x'.repeat(300) }))
  held.roles = held.roles.map(role => ({ ...role, name: EVIL.repeat(9) }))
  held.users = [...held.users, userJson('Eve', { name: EVIL.repeat(9), areaRole: 'children' })]
  held.passes = held.passes.map(pass => ({ ...pass, name: EVIL.repeat(9) }))
  const view = await stage.open('/people', FORMS[0])
  for (const path of ['', '/user-eve', '/passes', '/roles', '/roles/children']) {
    if (path !== '') await view.page.goto(`${stage.hub.url}/people${path}`)
    await view.page.getByText('<img').first().waitFor()
    expect(await findFaults(view, `people-hostile-${path.replaceAll('/', '-')}`)).toEqual([])
    expect(await view.page.locator('img').count()).toBe(0)
  }
  await view.context.close()
})

it('looking through the eyes of another is said on every page, and ends', async () => {
  const view = await stage.open('/people')
  const { page } = view
  stage.hub.on('PUT /session/view', () => {
    stage.hub.session = { ...sessionOf('guest'), user: { ...sessionOf('guest').user!, name: 'Lena' }, viewer: 'Anna' }
    return { status: 204, body: undefined }
  })
  stage.hub.on('DELETE /session/view', () => {
    stage.hub.session = OWNER
    return { status: 204, body: undefined }
  })
  await press(page, 'View as Lena')
  await page.getByText('You see what Lena sees. Nothing can be changed.').waitFor()
  await heading(page, 'Home')
  expect(await stage.until('PUT /session/view')).toEqual({ user: 'Lena' })
  expect(await findFaults(view, 'view-as-desk')).toEqual([])
  await page.getByRole('link', { name: 'Devices' }).click()
  await heading(page, 'Devices')
  await press(page, 'See as yourself')
  await heading(page, 'People')
  expect(await page.getByText('You see what Lena sees.').count()).toBe(0)
  await view.context.close()
})
