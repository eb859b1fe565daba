import type { Browser, Page } from 'playwright-core'
import type { RuleFileJson } from '#api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { at, file, HALL, rule, RULES, run } from './rule-files.ts'
import { HALL_HOUSE } from './rule-house.ts'
import { findFaults, FORMS, heading, MATRIX, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  answer(RULES)
})
afterEach(() => hub.close())

/** The hub has these files. */
function answer(files: readonly RuleFileJson[]) {
  hub.on('GET /rules', () => ({ status: 200, body: { items: files, next: null } }))
  for (const each of files) {
    hub.on(`GET /rules/${each.slug}`, () => ({ status: 200, body: each }))
    hub.on(`PATCH /rules/${each.slug}`, body => ({ status: 200, body: { ...each, ...Object(body) } }))
  }
}
const openRules = async (path = '/rules', form = FORMS[2]!) => {
  const view = await openView(browser, hub.url + path, form)
  await heading(view.page, 'Rules')
  return view
}
const row = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) })
const names = (page: Page) =>
  page.getByRole('switch').evaluateAll(all => all.map(each => (each as unknown as { ariaLabel: string }).ariaLabel))

describe.each(MATRIX)('on a $size in $theme', form => {
  it('lists the rules of the house', async () => {
    const view = await openRules('/rules', form)
    await view.page.getByText('1 waiting', { exact: true }).waitFor()
    expect(await findFaults(view, `rules-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })

  it('offers worked rules when there is none', async () => {
    answer([])
    hub.on('POST /rules/check', () => ({
      status: 200,
      body: { items: [], next: null, rules: [{ key: null, name: 'x', sentence: HALL.rules[0]!.sentence }] },
    }))
    hub.entities = [...HALL_HOUSE]
    const view = await openRules('/rules', form)
    await view.page.getByRole('link', { name: 'Lights off at night' }).waitFor()
    expect(await findFaults(view, `rules-empty-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

describe('the list', () => {
  it('says what a rule does, how it went and what comes next', async () => {
    const { page, context } = await openRules()
    const told = async (name: string) => (await row(page, name).last().innerText()).replaceAll(/\s+/g, ' ')
    expect(await told('Hall light')).toContain('When motion.motion turns true, if daylight.illuminance < 40')
    expect(await told('Hall light')).toContain('18:03, waiting')
    expect(await told('Hall light')).toContain('1 waiting goes on at 18:08, in 3 min')
    expect(await told('Evening')).toContain('16:32, worked')
    expect(await told('Evening')).toContain('Tomorrow 16:32')
    expect(await told('Everything off')).toContain('yesterday 23:30, failed')
    expect(await told('washing machine done')).toContain('rests until 18:05')
    expect(await told('Water')).toContain('there is no device "leak_sensor"')
    expect(await told('Water')).toContain('Cannot run')
    expect(await page.getByRole('link', { name: 'Repair' }).getAttribute('href')).toBe('/rules/water?line=3')
    expect(await page.getByRole('heading', { level: 2, name: 'laundry' }).isVisible()).toBe(true)
    await context.close()
  })

  it('is filtered in the address, and searched in names, sentences and texts', async () => {
    const { page, context } = await openRules()
    await page.getByRole('link', { name: '3 Needs attention' }).click()
    await page.getByText('3 of 7 rules').waitFor()
    expect(await names(page)).toEqual(['Everything off at night', 'laundry', 'Water under the sink'])
    expect(new URL(page.url()).search).toBe('?show=attention')

    await page.goto(`${hub.url}/rules?show=off`)
    await page.getByRole('switch', { name: 'Holiday light' }).waitFor()
    expect(await names(page)).toEqual(['Holiday light'])

    await page.goto(`${hub.url}/rules`)
    const search = page.getByRole('searchbox', { name: 'Search in rules' })
    await search.fill('but only when')
    await expect.poll(() => names(page)).toEqual(['Hall light'])
    expect(new URL(page.url()).search).toBe('?q=but+only+when')
    await search.fill('sofa_lamp')
    await expect.poll(() => names(page)).toEqual(['Evening'])
    await search.fill('nothing like that')
    await page.getByRole('link', { name: 'Show all rules' }).click()
    await expect.poll(() => names(page)).toHaveLength(6)
    await context.close()
  })

  it('switches a rule off, says what that ended, and takes it back', async () => {
    const { page, context } = await openRules()
    const rocker = page.getByRole('switch', { name: 'Hall light' })
    await rocker.press('Space')
    await page.getByText('Hall light is off, 1 open run cancelled').waitFor()
    expect(await rocker.getAttribute('aria-checked')).toBe('false')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => rocker.getAttribute('aria-checked')).toBe('true')
    const asked = hub.calls.filter(({ what }) => what.startsWith('PATCH'))
    expect(asked.map(({ what, body }) => [what, body])).toEqual([
      ['PATCH /rules/hall_light', { enabled: false }],
      ['PATCH /rules/hall_light', { enabled: true }],
    ])
    await context.close()
  })

  it('leaves the switch as it is when the hub refuses, and says why', async () => {
    hub.on('PATCH /rules/evening', () => problem(403, 'api.forbidden', 'not yours'))
    const { page, context } = await openRules()
    const rocker = page.getByRole('switch', { name: 'Evening' })
    await rocker.click()
    await page.getByRole('alert').getByText('Your account may not do this.').waitFor()
    expect(await rocker.getAttribute('aria-checked')).toBe('true')
    await context.close()
  })

  it('follows runs as they begin and end', async () => {
    const { page, context } = await openRules()
    await page.getByText('1 waiting', { exact: true }).waitFor()
    const ended = { ...HALL.rules[0]!, openRuns: [], lastRun: run('hall_light', 'done', 0) }
    hub.on('GET /rules/hall_light', () => ({ status: 200, body: { ...HALL, rules: [ended] } }))
    hub.push({ type: 'run', seq: hub.nextSeq(), run: 'x', rule: 'hall_light', state: 'done' })
    await row(page, 'Hall light').getByText('18:04, worked').waitFor()
    expect(await page.getByText('1 waiting', { exact: true }).count()).toBe(0)
    await context.close()
  })

  it('says of a run that is done how the devices took it', async () => {
    const { page, context } = await openRules()
    const turns = [
      ['pending', 'waits for an answer'],
      ['expired', 'no answer'],
      ['failed', 'refused'],
      ['unknown', 'answer not known'],
      ['confirmed', 'worked'],
    ] as const
    const attention = page.getByRole('link', { name: /Needs attention/ })
    const before = await attention.innerText()
    for (const [outcome, word] of turns) {
      const lastRun = run('hall_light', 'done', 0, { outcome })
      const rules = [{ ...HALL.rules[0]!, openRuns: [], lastRun }]
      hub.on('GET /rules/hall_light', () => ({ status: 200, body: { ...HALL, rules } }))
      hub.push({ type: 'run', seq: hub.nextSeq(), run: lastRun.id, rule: 'hall_light', state: 'done' })
      await row(page, 'Hall light').getByText(`18:04, ${word}`).waitFor()
      const isTrouble = outcome === 'expired' || outcome === 'failed'
      expect((await attention.innerText()) === before).toBe(!isTrouble)
    }
    await context.close()
  })

  it('follows what is saved, switched and deleted elsewhere', async () => {
    const { page, context } = await openRules()
    await expect.poll(() => names(page)).toHaveLength(6)
    const saved = (slug: string, version: number | null, enabled = true) =>
      hub.push({ type: 'rule', seq: hub.nextSeq(), slug, version, enabled })
    saved('evening', null)
    await expect.poll(() => names(page)).not.toContain('Evening')
    hub.on('GET /rules/hall_light', () => ({ status: 200, body: { ...HALL, enabled: false } }))
    saved('hall_light', 6, false)
    await page.getByRole('switch', { name: 'Hall light', checked: false }).waitFor()
    const fresh = file('fresh', [rule('fresh', 'When [gate] opens, log «x».', { name: 'Fresh' })])
    hub.on('GET /rules/fresh', () => ({ status: 200, body: fresh }))
    saved('fresh', 1)
    await row(page, 'Fresh').waitFor()
    await context.close()
  })

  it('says that the hub takes long, and goes on with the answer', async () => {
    let answerNow = () => {}
    const late = new Promise<void>(resolve => (answerNow = resolve))
    hub.on('GET /rules', async () => {
      await late
      return { status: 200, body: { items: RULES, next: null } }
    })
    const { page, context } = await openRules()
    await page.getByText('The rules are on their way').waitFor({ state: 'attached' })
    const word = page.getByRole('status').getByText('Hob takes long to answer.')
    await page.clock.runFor(5_000)
    await word.waitFor()
    answerNow()
    await word.waitFor({ state: 'detached' })
    expect(await names(page)).toHaveLength(6)
    await context.close()
  })

  it('says when the rules do not come, and asks again', async () => {
    hub.on('GET /rules', () => problem(503, 'api.not_ready', 'starting'))
    const { page, context } = await openRules()
    await page.getByRole('alert').getByText('Hob is still starting.').waitFor()
    answer(RULES)
    await page.getByRole('button', { name: 'Try now' }).click()
    await expect.poll(() => names(page)).toHaveLength(6)
    await context.close()
  })

  it('shows hostile names and sentences as text', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202eLIVE'
    const name = `${evil} ${'W'.repeat(10_000)}`
    answer([
      file('evil', [
        rule('evil', 'x', {
          name,
          sentence: { text: evil, parts: [{ kind: 'name', text: evil.repeat(20) }] },
          nextAt: at(5),
        }),
      ]),
    ])
    for (const form of MATRIX) {
      const view = await openRules('/rules', form)
      await view.page.getByRole('switch').waitFor()
      expect(await view.page.locator('main img').count()).toBe(0)
      expect(await findFaults(view, `rules-evil-${form.size}-${form.theme}`)).toEqual([])
      await view.context.close()
    }
  })
})
