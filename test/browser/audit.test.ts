import { describe, expect, it } from 'vitest'
import { servePeople } from './people-page.ts'
import { press } from './settings-page.ts'
import { openStage } from './stage.ts'
import { findFaults, MATRIX } from './view.ts'

const stage = openStage(hub => void servePeople(hub))

describe('the audit log', () => {
  it.each(MATRIX)('says who did what and what it changed, on a $size in $theme', async form => {
    const view = await stage.open('/people/audit', form)
    const { page } = view
    await page.getByText('Whole: none of the 1,200 entries was changed or is missing.').waitFor()
    await page.getByText('changed the account of Lena').waitFor()
    await press(page, 'What changed: Anna changed the account of Lena')
    await page.getByText('Role by room: nothing became Children').waitFor()
    await page.getByText('Role: Admin became User').waitFor()
    await page.getByText('In rooms: nothing became Hall control').waitFor()
    expect(await findFaults(view, `audit-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })

  it('is narrowed and searched, and goes on to what is older', async () => {
    stage.hub.on('GET /audit/check', () => ({ status: 200, body: { entries: 1200, brokenAt: 57 } }))
    const { page, context } = await stage.open('/people/audit')
    const lines = async () => {
      await page.getByRole('button', { name: 'Older', exact: true }).waitFor({ state: 'detached' })
      return page.locator('main .grow > span:first-child').allInnerTexts()
    }
    await page.getByText('Entry 57 was changed or is missing.').waitFor()
    await page.getByText('Somebody did not get in').waitFor()
    expect(await page.getByText('signed in').count()).toBe(0)
    await press(page, 'Older')
    await page.getByText('with the password, from 192.168.1.31').waitFor()
    await page.getByText('Token of Anna changed the room Hall').waitFor()
    await page.getByLabel('Search what is shown').fill('lena')
    await page.getByText('changed the room Hall').waitFor({ state: 'detached' })
    expect(await lines()).toEqual(['Anna changed the account of Lena', 'Anna began to see as Lena'])
    await page.getByLabel('Search what is shown').fill('')
    await page.getByLabel('What', { exact: true }).selectOption('Sign-ins')
    await page.getByText('changed the room Hall').waitFor({ state: 'detached' })
    expect(await lines()).toEqual(['Somebody did not get in', 'Anna signed in'])
    await page.getByLabel('Who', { exact: true }).selectOption('Ben')
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
    expect(new URL(page.url()).search).toBe('?kind=sign&who=Ben')
    await page.getByRole('link', { name: 'Show everything' }).click()
    await page.getByText('made the guest pass Babysitter').waitFor()
    await context.close()
  })
})
