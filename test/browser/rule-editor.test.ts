import type { Browser, Page } from 'playwright-core'
import type { CheckedDraftJson, RuleFileJson } from '#api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { OWNER, problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { HALL_HOUSE } from './rule-house.ts'
import { at, fault, HALL, HALL_TEXT, HALL_WORDS, sentence } from './rule-files.ts'
import { findFaults, FORMS, heading, MATRIX, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
let saved: RuleFileJson
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  hub.entities = [...HALL_HOUSE]
  serve(HALL)
  hub.on('POST /rules/check', body => ({ status: 200, body: check((body as { text: string }).text) }))
  hub.on('POST /rules/complete', () => ({ status: 200, body: { from: 0, to: 0, items: [] } }))
})
afterEach(() => hub.close())

/** The hub has this file, and takes what is saved over it. */
function serve(file: RuleFileJson) {
  saved = file
  const path = `/rules/${file.slug}`
  hub.on(`GET ${path}`, () => ({ status: 200, body: saved }))
  hub.on(`PUT ${path}`, body => {
    saved = { ...saved, text: (body as { text: string }).text, version: saved.version + 1 }
    return { status: 200, body: saved }
  })
  hub.on(`DELETE ${path}`, () => ({ status: 204, body: undefined }))
  hub.on(`GET ${path}/versions`, () => ({
    status: 200,
    body: { items: [versionOf(5, HALL_TEXT.replace('60%', '40%')), versionOf(6, HALL_TEXT)], next: null },
  }))
  hub.on(`GET ${path}/runs`, () => ({ status: 200, body: { items: HALL.rules[0]!.openRuns, next: null } }))
  hub.on(`GET ${path}/misses`, () => ({ status: 200, body: { items: [], next: null } }))
  hub.on('GET /rules', () => ({ status: 200, body: { items: [saved], next: null } }))
}
const versionOf = (version: number, text: string) => ({
  version,
  text,
  changedAt: at(-60 * (8 - version)),
  cause: { id: `v${version}`, parent: null, kind: 'user', who: 'anna', depth: 0 },
})

/** What the hub finds in a text, as far as these tests go: two names that are misspelt. */
function check(text: string): CheckedDraftJson {
  const lines = text.split('\n')
  const find = (wrong: string, message: string, right: string) =>
    lines.flatMap((line, index) => {
      const column = line.indexOf(wrong) + 1
      if (column === 0) return []
      const suggestion = `did you mean "${right}"?`
      return [fault(index + 1, [column, column + wrong.length], { message, suggestion, replacements: [right] })]
    })
  return {
    items: [
      ...find('iluminance', '"daylight" has no value "iluminance"', 'illuminance'),
      ...find('hall_cieling', 'there is no device "hall_cieling"', 'hall_ceiling'),
    ],
    next: null,
    rules: [{ key: null, name: /^name: (.*)/m.exec(text)?.[1] ?? 'draft', sentence: sentence(HALL_WORDS) }],
  }
}

async function openEditor(form = FORMS[2]!, path = '/rules/hall_light') {
  const view = await openView(browser, hub.url + path, form)
  await view.page.getByRole('textbox', { name: 'Rule text' }).waitFor()
  return view
}
const editor = (page: Page) => page.getByRole('textbox', { name: 'Rule text' })
const textIn = (page: Page) =>
  page
    .locator('.cm-line')
    .evaluateAll(lines => lines.map(each => (each as unknown as { textContent: string }).textContent).join('\n'))
/** Types behind the end of what stands in the editor. */
async function append(page: Page, text: string) {
  await editor(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(text)
}
const put = () => hub.calls.filter(({ what }) => what.startsWith('PUT'))
const BAD = HALL_TEXT.replace('illuminance', 'iluminance').replace('turn_off: hall_ceiling', 'turn_off: hall_cieling')

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
    hub.on('PUT /rules/hall_light', () =>
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
    hub.on('PUT /rules/hall_light', () =>
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
      hub.on('PUT /rules/hall_light', () =>
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
      serve({ ...saved, text, version: saved.version + 1 })
      hub.push({ type: 'rule', seq: hub.nextSeq(), slug: 'hall_light', version: saved.version, enabled: true })
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
    hub.on('GET /rules/hall_light', () => problem(404, 'rules.unknown_file', 'there is no rule file'))
    hub.push({ type: 'rule', seq: hub.nextSeq(), slug: 'hall_light', version: null, enabled: false })
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
    hub.on('PUT /rules/hall_light', () => problem(409, 'rules.stale_version', 'is there', { current: 6, text: '' }))
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
    hub.on('PUT /rules/hall_light', () => problem(401, 'api.unauthorised', 'sign in'))
    const { page, context } = await openEditor()
    await append(page, '# mine')
    await page.keyboard.press('Control+s')
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await textIn(page)).toContain('# mine')
    hub.on('POST /session', () => ({ status: 200, body: OWNER }))
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
    hub.state = 'gone'
    hub.cut()
    await append(page, '# mine')
    await page.getByText('Not checked. Hob is not reached.').waitFor()
    await page.keyboard.press('Control+s')
    await page.getByRole('alert').getByText('Hob is not reached. Nothing was changed.').waitFor()
    hub.state = 'ready'
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
    const { page, context } = await openView(browser, `${hub.url}/rules`)
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

describe('writing', () => {
  it('is completed with what may stand there, its unit and its present value', async () => {
    hub.on('POST /rules/complete', body => {
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
    hub.push({ type: 'delta', seq: hub.nextSeq(), at: at(0), cause: HALL.rules[0]!.lastRun!.cause, changes: [change] })
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
    hub.session = { ...OWNER, user: { ...OWNER.user!, role: 'user', scopes: ['read'] } }
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
    hub.on('POST /rules/check', () => ({
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
    hub.on('GET /rules/gone', () => problem(404, 'rules.unknown_file', 'there is no rule file "gone"'))
    const view = await openView(browser, `${hub.url}/rules/gone`)
    await heading(view.page, 'No such rule')
    expect(await findFaults(view, 'rule-editor-missing')).toEqual([])
    await view.context.close()
  })
})
