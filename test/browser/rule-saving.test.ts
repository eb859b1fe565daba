import { describe, expect, it } from 'vitest'
import { OWNER, problem } from './fake-hub.ts'
import { append, editor, openRuleEditorStage, textIn } from './rule-editor-page.ts'
import { HALL, HALL_TEXT } from './rule-files.ts'
import { heading } from './view.ts'

const { stage, serve, saved, openEditor, put } = openRuleEditorStage()

describe('saving', () => {
  it('makes a version against the one it was written on, and says what keeps the old one', async () => {
    const { page, context } = await openEditor()
    await append(page, '# more')
    await page.keyboard.press('Control+s')
    await page.getByText('Saved as version 7. 1 open run keeps its version.').waitFor()
    expect(put()).toHaveLength(1)
    expect(put()[0]).toMatchObject({ body: { text: `${HALL_TEXT}# more` }, ifMatch: '"6"' })
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await page.getByText('Version 7, no problems').waitFor()
    await context.close()
  })

  it('asks whose text goes on when somebody saved meanwhile', async () => {
    const theirs = HALL_TEXT.replace('5min', '8min')
    const { page, context } = await openEditor()
    const refuse = () =>
      stage.hub.on('PUT /rules/hall_light', () =>
        problem(409, 'rules.stale_version', 'changed meanwhile', { current: 9, text: theirs }),
      )
    refuse()
    await append(page, '# mine')
    await page.keyboard.press('Control+s')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('wait: 8min').waitFor()
    await dialog.getByRole('button', { name: 'Go on writing' }).click()
    await page.getByRole('button', { name: 'Look at the difference' }).click()
    await dialog.getByRole('button', { name: 'Take theirs' }).click()
    await expect.poll(() => textIn(page)).toBe(theirs)
    await page.getByText('Version 9, no problems').waitFor()
    // What was mine is one step back.
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(await textIn(page)).toContain('# mine')

    await page.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor()
    serve({ ...HALL, text: theirs, version: 9 })
    await dialog.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByText('Saved as version 10').waitFor()
    expect(put().at(-1)).toMatchObject({ ifMatch: '"9"' })
    await context.close()
  })

  it('learns at once what somebody else saved: before anything is typed, and while something is', async () => {
    const { page, context } = await openEditor()
    const saveElsewhere = (text: string) => {
      serve({ ...saved(), text, version: saved().version + 1 })
      stage.hub.push({
        type: 'rule',
        seq: stage.hub.nextSeq(),
        slug: 'hall_light',
        version: saved().version,
        enabled: true,
      })
    }
    saveElsewhere(HALL_TEXT.replace('5min', '7min'))
    await page.getByText('Version 7, no problems').waitFor()
    expect(await textIn(page)).toContain('wait: 7min')
    await append(page, '# mine')
    saveElsewhere(HALL_TEXT.replace('5min', '8min'))
    await page.getByRole('alert').getByText('version 8').waitFor()
    expect(put()).toEqual([])
    // The save shows the difference first.
    await page.keyboard.press('Control+s')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('wait: 8min').waitFor()
    await dialog.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByText('Saved as version 9').waitFor()
    expect(put()).toHaveLength(1)
    expect(put()[0]).toMatchObject({ ifMatch: '"8"' })
    await context.close()
  })

  it('says when the rule was deleted elsewhere', async () => {
    const { page, context } = await openEditor()
    stage.hub.on('GET /rules/hall_light', () => problem(404, 'rules.unknown_file', 'there is no rule file'))
    stage.hub.push({ type: 'rule', seq: stage.hub.nextSeq(), slug: 'hall_light', version: null, enabled: false })
    await heading(page, 'No such rule')
    expect(await editor(page).count()).toBe(0)
    await context.close()
  })

  it('gives a new rule the slug of its name, or one that is written', async () => {
    const { page, context } = await openEditor(undefined, '/rules/new')
    await append(page, 'name: Küche am Abend')
    const id = page.getByRole('textbox', { name: 'Id' })
    await expect.poll(() => id.inputValue()).toBe('kuche_am_abend')
    await id.fill('Hall light')
    await id.blur()
    await expect.poll(() => id.inputValue()).toBe('hall_light')
    stage.hub.on('PUT /rules/hall_light', () =>
      problem(409, 'rules.stale_version', 'is there', { current: 6, text: '' }),
    )
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('There is a rule file hall_light already.').waitFor()
    expect(put()[0]).toMatchObject({ ifMatch: '"0"' })

    serve({ ...HALL, slug: 'kitchen', text: '', version: 0, rules: [] })
    await id.fill('kitchen')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved as version 1').waitFor()
    await page.waitForURL('**/rules/kitchen')
    await context.close()
  })

  it('stays with what was typed when the sign-in has ended', async () => {
    stage.hub.on('PUT /rules/hall_light', () => problem(401, 'api.unauthorised', 'sign in'))
    const { page, context } = await openEditor()
    await append(page, '# mine')
    await page.keyboard.press('Control+s')
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await textIn(page)).toContain('# mine')
    stage.hub.on('POST /session', () => ({ status: 200, body: OWNER }))
    await page.getByLabel('Name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill('correct horse')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    serve(HALL)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved as version 7').waitFor()
    await context.close()
  })

  it('says that the hub is not reached, and keeps the text', async () => {
    const { page, context } = await openEditor()
    await page.getByText('Version 6, no problems').waitFor()
    stage.hub.state = 'gone'
    stage.hub.cut()
    await append(page, '# mine')
    await page.getByText('Not checked. Hob is not reached.').waitFor()
    await page.keyboard.press('Control+s')
    await page.getByRole('alert').getByText('Hob is not reached. Nothing was changed.').waitFor()
    stage.hub.state = 'ready'
    await page.keyboard.press('Control+s')
    await page.getByText('Saved as version 7').waitFor()
    expect(put()).toHaveLength(1)
    await context.close()
  })
})

describe('a draft', () => {
  it('outlives a reload, and is discarded when asked', async () => {
    const { page, context } = await openEditor()
    await append(page, '# kept')
    page.on('dialog', dialog => void dialog.accept())
    await page.reload()
    await page.getByText('This is your unsaved text of before.').waitFor()
    expect(await textIn(page)).toContain('# kept')
    await page.getByRole('button', { name: 'Discard it' }).click()
    await expect.poll(() => textIn(page)).toBe(HALL_TEXT)
    await page.reload()
    await page.getByText('Version 6, no problems').waitFor()
    expect(await page.getByText('This is your unsaved text').count()).toBe(0)
    await context.close()
  })

  it('is not left behind without a question: links, back', async () => {
    const { page, context } = await stage.open(`/rules`)
    await page.getByRole('link', { name: 'Hall light' }).click()
    await append(page, '# kept')
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await page.getByRole('link', { name: 'Home' }).first().click()
    await dialog.getByRole('button', { name: 'Keep writing' }).click()
    expect(await textIn(page)).toContain('# kept')

    await page.goBack()
    await dialog.waitFor()
    expect(new URL(page.url()).pathname).toBe('/rules/hall_light')
    await dialog.getByRole('button', { name: 'Leave' }).click()
    await heading(page, 'Rules')
    expect(new URL(page.url()).pathname).toBe('/rules')
    await context.close()
  })

  it('is deleted with what that ends, and put back', async () => {
    const { page, context } = await openEditor()
    await page.getByRole('button', { name: 'More for this rule' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('1 run is open and is cancelled.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await heading(page, 'Rules')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForURL('**/rules/hall_light')
    expect(put()[0]).toMatchObject({ body: { text: HALL_TEXT, enabled: true }, ifMatch: '"0"' })
    await context.close()
  })
})
