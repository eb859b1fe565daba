import { describe, expect, it } from 'vitest'
import { problem, sessionOf } from './fake-hub.ts'
import { append, BAD, editor, openRuleEditorStage, textIn } from './rule-editor-page.ts'
import { at, fault, HALL, HALL_TEXT, sentence } from './rule-files.ts'
import { findFaults, FORMS, heading, MATRIX } from './view.ts'

const { stage, serve, openEditor, put } = openRuleEditorStage()

describe.each(MATRIX)('on a $size in $theme', form => {
  const name = (what: string) => `rule-editor-${what}-${form.size}-${form.theme}`

  it('shows a rule with its problems', async () => {
    serve({ ...HALL, text: BAD })
    const view = await openEditor(form)
    await view.page.getByText('2 problems, version 6 keeps running').waitFor()
    await view.page.getByRole('button', { name: 'Change to illuminance' }).waitFor()
    expect(await findFaults(view, name('problems'))).toEqual([])
    await view.context.close()
  })

  it('shows the house, runs and versions beside it', async () => {
    const view = await openEditor(form)
    await view.page.getByText('Version 6, no problems').waitFor()
    const part = async (word: string, waitFor: string) => {
      await view.page.getByRole('radio', { name: word }).check({ force: true })
      await view.page.getByText(waitFor).first().waitFor()
      expect(await findFaults(view, name(word.toLowerCase()))).toEqual([])
    }
    await part('House', 'daylight.illuminance')
    await part('Runs', 'version 6')
    await part('Versions', 'Version 5')
    await view.page.getByRole('button', { name: 'Compare' }).last().click()
    await view.page.getByRole('region', { name: 'Difference' }).waitFor()
    expect(await findFaults(view, name('compare'))).toEqual([])
    await view.context.close()
  })

  it('begins a new rule', async () => {
    const view = await openEditor(form, '/rules/new?example=motion')
    await view.page.getByText('Not saved yet').waitFor()
    expect(await findFaults(view, name('new'))).toEqual([])
    await view.context.close()
  })

  it('shows what somebody else saved', async () => {
    const theirs = HALL_TEXT.replace('5min', '8min')
    stage.hub.on('PUT /rules/hall_light', () =>
      problem(409, 'rules.stale_version', 'changed meanwhile', { current: 7, text: theirs }),
    )
    const view = await openEditor(form)
    await append(view.page, '# mine')
    await view.page.keyboard.press('Control+s')
    await view.page.getByRole('dialog', { name: 'Somebody saved version 7 meanwhile' }).waitFor()
    expect(await findFaults(view, name('conflict'))).toEqual([])
    await view.context.close()
  })
})

describe('problems', () => {
  it('stand under their line, with carets under the characters and a button that mends', async () => {
    serve({ ...HALL, text: BAD })
    const { page, context } = await openEditor()
    const note = page.locator('.cm-note').first()
    await note.waitFor()
    expect(await note.innerText()).toContain('"daylight" has no value "iluminance".')
    const box = async (what: string) => (await page.locator(what).first().boundingBox())!
    const [mark, carets] = [await box('.cm-fault'), await box('.carets b')]
    expect(Math.abs(mark.x - carets.x)).toBeLessThan(2)
    expect(Math.abs(mark.width - carets.width)).toBeLessThan(3)
    expect(carets.y).toBeGreaterThanOrEqual(mark.y)

    await page.getByRole('button', { name: 'Change to illuminance' }).click()
    await page.getByText('1 problem, version 6 keeps running').waitFor()
    expect(await textIn(page)).toContain('if: daylight.illuminance < 40')
    await page.getByRole('button', { name: 'Change to hall_ceiling' }).click()
    await page.getByText('Version 6, not saved yet, no problems').waitFor()
    await context.close()
  })

  it('are stepped through with F8, and listed', async () => {
    serve({ ...HALL, text: BAD })
    const { page, context } = await openEditor()
    await page.locator('.cm-note').first().waitFor()
    const selected = () => page.evaluate<string>('getSelection().toString()')
    await editor(page).focus()
    await page.keyboard.press('F8')
    await expect.poll(selected).toBe('iluminance')
    await page.keyboard.press('F8')
    await expect.poll(selected).toBe('hall_cieling')
    await page.keyboard.press('F8')
    await expect.poll(selected).toBe('iluminance')
    await page.getByRole('button', { name: 'Line 11' }).click()
    await expect.poll(selected).toBe('hall_cieling')
    await context.close()
  })

  it('refuse the save in place', async () => {
    const { page, context } = await openEditor()
    await append(page, '# hall_cieling')
    await page.keyboard.press('Control+s')
    await page.getByRole('alert').getByText('Not saved: 1 problem.').waitFor()
    expect(put()).toEqual([])
    await context.close()
  })

  it('that only the hub finds at the save are shown too', async () => {
    stage.hub.on('PUT /rules/hall_light', () =>
      problem(422, 'rules.faulty', 'the text has errors', { faults: [fault(3, [1, 3], { message: 'gone since' })] }),
    )
    const { page, context } = await openEditor()
    await append(page, '#')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.cm-note').getByText('gone since').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('Not saved: 1 problem.')
    await context.close()
  })
})

describe('writing', () => {
  it('is completed with what may stand there, its unit and its present value', async () => {
    stage.hub.on('POST /rules/complete', body => {
      const { text, offset } = body as { text: string; offset: number }
      const from = text.lastIndexOf(' ', offset - 1) + 1
      const items = [
        { label: 'daylight.illuminance', kind: 'name', detail: 'number in lx, now 31' },
        { label: 'door.open', kind: 'name', detail: 'true or false, now false' },
      ]
      return { status: 200, body: { from, to: offset, items } }
    })
    const { page, context } = await openEditor()
    await append(page, 'if: d')
    const option = page.getByRole('option', { name: 'daylight.illuminance' })
    await option.waitFor()
    expect(await option.innerText()).toContain('number in lx, now 31')
    await page.clock.runFor(100)
    await page.keyboard.press('Enter')
    await expect.poll(() => textIn(page)).toContain('if: daylight.illuminance')
    await context.close()
  })

  it('takes a live value of the house at the cursor', async () => {
    const { page, context } = await openEditor()
    await append(page, 'if: ')
    const search = page.getByRole('searchbox', { name: 'Search values' })
    await search.fill('daylight')
    await page.getByRole('button', { name: 'Insert daylight.illuminance 31 lx' }).waitFor()
    const change = { entity: 'daylight', value: 'illuminance', from: 31, to: 44 }
    stage.hub.push({
      type: 'delta',
      seq: stage.hub.nextSeq(),
      at: at(0),
      cause: HALL.rules[0]!.lastRun!.cause,
      changes: [change],
    })
    await page.getByRole('button', { name: 'Insert daylight.illuminance 44 lx' }).click()
    expect(await textIn(page)).toContain('if: daylight.illuminance')
    await context.close()
  })

  it('is left with Escape, then Tab; Tab alone indents', async () => {
    const { page, context } = await openEditor()
    await append(page, 'x')
    await page.keyboard.press('Home')
    await page.keyboard.press('Tab')
    expect((await textIn(page)).endsWith('\n  x')).toBe(true)
    expect(await page.locator('#key-help').innerText()).toContain('Escape, then Tab leaves the text')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.closest(".cm-editor")')).toBeNull()
    await context.close()
  })

  it('has the keys of rules on a phone', async () => {
    const { page, context } = await openEditor(FORMS[0])
    await editor(page).tap()
    await page.keyboard.press('Control+End')
    for (const key of ['List item', 'Expression in text']) await page.getByRole('button', { name: key }).tap()
    await page.keyboard.type('now')
    await page.getByRole('button', { name: 'Indent' }).tap()
    expect(await textIn(page)).toContain('  - {{ now }}')
    await context.close()
  })

  it('goes back to an older version', async () => {
    const { page, context } = await openEditor(undefined, '/rules/hall_light?part=versions')
    await page.getByRole('button', { name: 'Compare' }).last().click()
    await page.getByRole('button', { name: 'Put into the editor' }).click()
    await expect.poll(() => textIn(page)).toContain('brightness: 40%')
    await page.getByText('Version 6, not saved yet, no problems').waitFor()
    await context.close()
  })

  it('is not offered to who may only read', async () => {
    stage.hub.session = sessionOf('user')
    const { page, context } = await openEditor()
    await page.getByText('Your account may read rules, not change them.').waitFor()
    await editor(page).focus()
    await page.keyboard.type('x')
    expect(await textIn(page)).toBe(HALL_TEXT)
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    await context.close()
  })

  it('shows hostile texts and faults as text', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202eLIVE'
    const text = `# ${evil}\non: "${evil.repeat(300)}"\n`
    serve({ ...HALL, text })
    stage.hub.on('POST /rules/check', () => ({
      status: 200,
      body: {
        items: [
          fault(2, [5, 4000], {
            message: evil.repeat(50),
            suggestion: `did you mean "${evil.repeat(50)}"?`,
            replacements: [evil.repeat(50)],
          }),
        ],
        next: null,
        rules: [{ key: evil, name: evil.repeat(400), sentence: sentence(`[${'W'.repeat(5000)}]`) }],
      },
    }))
    for (const form of MATRIX) {
      const view = await openEditor(form)
      await view.page.locator('.cm-note').waitFor()
      expect(await view.page.locator('main img[src]').count()).toBe(0)
      expect(await findFaults(view, `rule-editor-evil-${form.size}-${form.theme}`)).toEqual([])
      await view.context.close()
    }
  })

  it('names what is missing', async () => {
    stage.hub.on('GET /rules/gone', () => problem(404, 'rules.unknown_file', 'there is no rule file "gone"'))
    const view = await stage.open(`/rules/gone`)
    await heading(view.page, 'No such rule')
    expect(await findFaults(view, 'rule-editor-missing')).toEqual([])
    await view.context.close()
  })
})
