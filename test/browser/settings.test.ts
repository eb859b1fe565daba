import type { SettingsJson } from '#api'
import { describe, expect, it } from 'vitest'
import { problem, sessionOf } from './fake-hub.ts'
import { WELL } from './health-page.ts'
import { block, loginJson, openSettingsStage, press, serveSettings, sessionJson } from './settings-page.ts'
import { findFaults, FORMS, heading, MATRIX } from './view.ts'

const { stage, open, last } = openSettingsStage()

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
    await press(page, 'New login')
    expect(await findFaults(view, name('new-login'))).toEqual([])
    await page.getByLabel('User name').fill('grafana')
    await press(page, 'Make the login')
    await page.getByText('k7Qm-x2Wp-9tVb-4hRz').waitFor()
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
    stage.hub.settings = { ...stage.hub.settings, name: 'Ahornhof', version: stage.hub.settings.version + 1 }
    stage.hub.on('PATCH /settings', () => problem(409, 'settings.stale_version', 'the settings were changed meanwhile'))
    await house.getByRole('button', { name: 'Save' }).click()
    await house.getByRole('cell', { name: 'Ahornhof' }).waitFor()
    expect(await findFaults(view, name('conflict'))).toEqual([])
    serveSettings(stage.hub)
    stage.hub.settings = { ...stage.hub.settings, name: 'Ahornhof' }
    await house.getByRole('button').first().click()
    await expect.poll(() => stage.hub.settings.name).toBe('Birkenhof')
    await view.context.close()
  })
})

describe('the house', () => {
  it('follows what others save; what is typed meanwhile stands beside it before it is saved', async () => {
    const { page, context } = await open()
    const house = block(page, 'House')
    const change = (more: Partial<SettingsJson>) => {
      stage.hub.settings = { ...stage.hub.settings, ...more, version: stage.hub.settings.version + 1 }
      stage.hub.push({ type: 'settings', seq: stage.hub.nextSeq(), settings: stage.hub.settings })
    }
    change({ name: 'Ahornhof' })
    await expect.poll(() => house.getByLabel('Name').inputValue()).toBe('Ahornhof')
    await house.getByLabel('Name').fill('Birkenhof')
    change({ writeBudget: 60 })
    // Frames are taken in order: with this one the settings are there.
    stage.hub.push({ type: 'health', seq: stage.hub.nextSeq(), health: WELL })
    await block(page, 'Health').getByText('Nothing is wrong').waitFor()
    expect(await house.getByRole('cell').count()).toBe(0)
    change({ name: 'Eichenhof' })
    await house.getByRole('cell', { name: 'Eichenhof' }).waitFor()
    await house.getByRole('cell', { name: 'Birkenhof' }).waitFor()
    expect(stage.hub.calls.some(({ what }) => what === 'PATCH /settings')).toBe(false)
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
    await expect.poll(() => stage.hub.settings.zone).toBe('Europe/Berlin')
    await expect.poll(() => house.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin')
    await house.getByLabel('Time zone').fill('UTC')
    await house.getByRole('button', { name: 'Use this browser’s' }).click()
    expect(await house.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin')
    await context.close()
  })

  it('has rooms that come, change their name and go', async () => {
    const { page, context } = await open()
    const rooms = block(page, 'Rooms')
    stage.hub.on('POST /areas', body => {
      const { name } = body as { name: string }
      stage.hub.areas = [...stage.hub.areas, { id: 'area-attic', slug: 'attic', name, version: 1 }]
      return { status: 201, body: stage.hub.areas.at(-1) }
    })
    await rooms.getByLabel('New room').fill('Attic')
    await rooms.getByLabel('New room').press('Enter')
    await rooms.getByText('Empty').waitFor()

    stage.hub.on('PATCH /areas/area-attic', body => {
      const { name } = body as { name: string }
      stage.hub.areas = stage.hub.areas.map(each =>
        each.slug === 'attic' ? { ...each, name, version: each.version + 1 } : each,
      )
      return { status: 200, body: stage.hub.areas.at(-1) }
    })
    await press(page, 'More for Attic')
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Loft')
    await press(page, 'Rename')
    await rooms.getByText('Loft').waitFor()
    expect(last('PATCH /areas/area-attic')?.ifMatch).toBe('"1"')
    await press(page, 'Undo')
    await rooms.getByText('Attic').waitFor()

    stage.hub.on('DELETE /areas/area-attic', () => {
      stage.hub.areas = stage.hub.areas.filter(({ slug }) => slug !== 'attic')
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
    stage.hub.on('PUT /session/password', () => problem(401, 'access.wrong_password', 'the old password is wrong'))
    await press(page, 'Change the password')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password now', { exact: true }).fill('wrong')
    await dialog.getByLabel('New password', { exact: true }).fill('correct horse battery')
    await dialog.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByText('This is not your password now.').waitFor()
    stage.hub.on('PUT /session/password', () => ({ status: 204, body: undefined }))
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
    stage.hub.session = sessionOf('user')
    const view = await open()
    await view.page.getByText('Chrome on Windows').waitFor()
    expect(await view.page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Appearance',
      'Your account',
      'About',
    ])
    expect(stage.hub.calls.map(({ what }) => what)).not.toContain('GET /mqtt/credentials')
    expect(await findFaults(view, 'settings-user')).toEqual([])
    await view.context.close()
  })
})

describe('the second factor', () => {
  const CODES = Array.from({ length: 10 }, (_, index) => `K7QMX2WP9TVB4HR${index}`)

  it.each(MATRIX)('is set up with an app, on a $size in $theme', async form => {
    const { hub } = stage
    hub.on('POST /session/totp', body =>
      (body as { password: string }).password === 'correct horse'
        ? {
            status: 201,
            body: {
              key: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
              url: 'otpauth://totp/Home:Anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Hob',
            },
          }
        : problem(403, 'access.wrong_password', 'the password is wrong'),
    )
    hub.on('PUT /session/totp', body =>
      (body as { code: string }).code === '123456'
        ? { status: 200, body: { recoveryCodes: CODES } }
        : problem(401, 'access.wrong_code', 'the code is wrong'),
    )
    const view = await open(form)
    const { page } = view
    const name = (what: string) => `factor-${what}-${form.size}-${form.theme}`
    await press(page, 'Set up')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your password').fill('wrong')
    await press(page, 'Go on')
    await dialog.getByText('This is not your password.').waitFor()
    await dialog.getByLabel('Your password').fill('correct horse')
    await press(page, 'Go on')
    await dialog.getByRole('img', { name: 'QR code with the key for your authenticator app' }).waitFor()
    await dialog.getByText('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP').waitFor()
    expect(await findFaults(view, name('key'))).toEqual([])
    await dialog.getByLabel('Code', { exact: true }).fill('000000')
    await press(page, 'Turn on')
    await dialog.getByText('This code does not fit.').waitFor()
    await dialog.getByLabel('Code', { exact: true }).fill('123456')
    await press(page, 'Turn on')
    await dialog.getByText('K7QM X2WP 9TVB 4HR0').waitFor()
    await page.keyboard.press('Escape')
    expect(await findFaults(view, name('codes'))).toEqual([])
    hub.on('GET /session/totp', () => ({ status: 200, body: { enabled: true, recoveryCodes: 10 } }))
    await press(page, 'I have kept them')
    await page.getByText('10 recovery codes are left.').waitFor()
    await view.context.close()
  })

  it('is turned off with the password', async () => {
    stage.hub.on('GET /session/totp', () => ({ status: 200, body: { enabled: true, recoveryCodes: 1 } }))
    stage.hub.on('POST /session/totp/remove', () => ({ status: 204, body: undefined }))
    const { page, context } = await open()
    await page.getByText('1 recovery code is left.').waitFor()
    await press(page, 'Turn off')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Your password').fill('correct horse')
    await dialog.getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('Second factor is off').waitFor()
    expect(last('POST /session/totp/remove')?.body).toEqual({ password: 'correct horse' })
    await context.close()
  })
})

describe('who has access', () => {
  it('gets an MQTT login for all or some topics, and loses it', async () => {
    const { page, context } = await open()
    await press(page, 'New login')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('User name').fill('grafana')
    await dialog.getByRole('radio', { name: 'Some topics' }).check()
    await dialog.getByLabel('May subscribe to').fill('home/#\n\n home/# \nweather/+')
    await press(page, 'Make the login')
    await dialog.getByText('k7Qm-x2Wp-9tVb-4hRz').waitFor()
    await page.keyboard.press('Escape')
    expect(await dialog.getByText('k7Qm-x2Wp-9tVb-4hRz').isVisible()).toBe(true)
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
  stage.hub.on('GET /mqtt/credentials', () => problem(500, 'api.failed', 'broken'))
  stage.hub.on('GET /settings', () => problem(503, 'api.not_ready', 'the hub is starting'))
  const { page, context } = await open()
  await block(page, 'House').getByText('Hob is still starting.').waitFor()
  await block(page, 'MQTT logins').getByText('Something failed inside Hob.').waitFor()
  await block(page, 'Your account').getByText('Chrome on Windows').waitFor()
  serveSettings(stage.hub)
  stage.hub.on('GET /settings', () => ({ status: 200, body: stage.hub.settings }))
  await block(page, 'House').getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => block(page, 'House').getByLabel('Name').inputValue()).toBe('Lindenhof')
  await context.close()
})

const EVIL = '<img src=x onerror="document.title=1">\u202E'
it('shows what somebody else wrote as text', async () => {
  stage.hub.areas = [{ id: 'area-evil', slug: 'evil', name: EVIL + 'x'.repeat(10_000), version: 1 }]
  stage.hub.on('GET /sessions', () => ({
    status: 200,
    body: { items: [sessionJson('s', { userAgent: EVIL, address: EVIL })], next: null },
  }))
  stage.hub.on('GET /mqtt/credentials', () => ({
    status: 200,
    body: { items: [loginJson(EVIL.repeat(20))], next: null },
  }))
  const view = await open(FORMS[0])
  await block(view.page, 'MQTT logins').getByText('<img').waitFor()
  expect(await findFaults(view, 'settings-hostile')).toEqual([])
  expect(await view.page.locator('img').count()).toBe(0)
  await view.context.close()
})
