import type { HealthJson } from '#api'
import { describe, expect, it } from 'vitest'
import { problem, sessionOf } from './fake-hub.ts'
import { ILL, serveHealth, WELL, WRITES } from './health-page.ts'
import { block, openSettingsStage, press } from './settings-page.ts'
import { findFaults, heading, MATRIX } from './view.ts'

const { stage, open, openHealth, last } = openSettingsStage()

describe.each(MATRIX)('the health of the hub, on a $size in $theme', form => {
  const name = (what: string) => `health-${what}-${form.size}-${form.theme}`

  it('has problems with what to do, readings with limits, who writes and what takes space', async () => {
    const view = await openHealth(form)
    const { page } = view
    await block(page, 'Problems').getByText('The disk has 162 MB left').waitFor()
    await block(page, 'Writing to disk').getByText('6 more').or(page.getByText('4 more')).waitFor()
    expect(await findFaults(view, name('top'))).toEqual([])
    await block(page, 'Readings').scrollIntoViewIfNeeded()
    expect(await findFaults(view, name('readings'))).toEqual([])
    await block(page, 'Writing to disk').getByText('Who writes').scrollIntoViewIfNeeded()
    expect(await findFaults(view, name('writing'))).toEqual([])
    await press(page, 'Show all 9')
    await press(page, 'Show less')
    expect(await findFaults(view, name('space'))).toEqual([])
    await view.context.close()
  })

  it('is good, still young, not there yet, and old', async () => {
    serveHealth(stage.hub, WELL)
    const young = { ...WRITES, perDay: null, cardYears: null, writers: [] }
    stage.hub.on('GET /system/writes', () => ({ status: 200, body: young }))
    const view = await openHealth(form)
    const { page } = view
    await page.getByText('Known after ten minutes of writing.').waitFor()
    await page.getByText('Nothing is wrong').waitFor()
    expect(await findFaults(view, name('good'))).toEqual([])
    stage.hub.on('GET /system/health', () => problem(503, 'api.not_ready', 'the hub is starting'))
    await page.clock.runFor(6_000)
    await page.getByText(/What is shown is of 18:04:0\d\./).waitFor()
    expect(await findFaults(view, name('old'))).toEqual([])
    for (const what of ['GET /system/health', 'GET /system/writes', 'GET /history/space'])
      stage.hub.on(what, () => new Promise(() => {}))
    await page.reload()
    await page.getByText('Reading how Hob is…').waitFor({ state: 'attached' })
    expect(await findFaults(view, name('reading'))).toEqual([])
    await view.context.close()
  })
})

describe('the health of the hub', () => {
  it('follows the hub without a reload, there and in one line of the settings', async () => {
    serveHealth(stage.hub, WELL)
    const { page, context } = await open()
    const line = block(page, 'Health')
    await line.getByText('Nothing is wrong').waitFor()
    const tell = (health: HealthJson) => stage.hub.push({ type: 'health', seq: stage.hub.nextSeq(), health })
    tell(ILL)
    await line.getByText('3 problems').waitFor()
    await line.getByText('The disk has 162 MB left').waitFor()
    serveHealth(stage.hub, ILL)
    await line.getByRole('link', { name: '3 problems' }).click()
    await heading(page, 'Health')
    const problems = block(page, 'Problems')
    await problems.getByText('2 devices do not answer').waitFor()
    expect(await problems.getByRole('link').allInnerTexts()).toEqual(['Show what takes space', 'Show devices'])
    tell(WELL)
    await problems.getByText('Nothing is wrong').waitFor()
    await context.close()
  })

  it('tells each reading with its limit, and each share with its name', async () => {
    const { page, context } = await openHealth()
    const line = (where: string, text: string) => block(page, where).getByRole('listitem').filter({ hasText: text })
    await line('Readings', 'Longest write').waitFor()
    const told = async (where: string, text: string) =>
      (await line(where, text).innerText()).replaceAll('\u202f', ' ').replaceAll(/\s*\n\s*/g, ' | ')
    expect(await told('Readings', 'Longest write')).toBe('Longest write | Warns from 1 s | 1.43 s | , Warning')
    expect(await told('Readings', 'Free on the disk')).toBe('Free on the disk | Warns below 1 GB | 162 MB | , Bad')
    expect(await told('Readings', 'Disk full')).toBe('Disk full | Warns below 30 days | in 5 days | , Bad')
    expect(await told('Readings', 'Written to disk')).toBe(
      'Written to disk | Warns from 1.5 GB a day | 41.2 MB a day | , Good',
    )
    expect(await told('Readings', 'Clock')).toBe('Clock | set by a time server | , Good')
    expect(await told('Readings', 'Processor')).toBe('Processor | Warns from 80.0° | 61.4° | , Good')
    expect(await told('Readings', 'Power supply')).toBe('Power supply | not known | , Not known')
    await block(page, 'Writing to disk').getByText('over 100 years').waitFor()
    expect(await told('Writing to disk', 'Runs of rules')).toBe('Runs of rules | 6.2 MB')
    expect(await told('Writing to disk', '4 more')).toBe('4 more | 3 MB')
    expect(await told('Writing to disk', ': brightness')).toMatch(/ · |: brightness \| 14 MB$/)
    await block(page, 'Space on the disk').getByText('in 5 days').waitFor()
    await context.close()
  })

  it('writes to disk as chosen, at once', async () => {
    const { page, context } = await openHealth()
    await page.getByRole('radio', { name: 'Every minute' }).check()
    await page.getByText('Writing to disk: Every minute').waitFor()
    expect(last('PATCH /settings')?.body).toEqual({ writeBudget: 60 })
    await press(page, 'Undo')
    await expect.poll(() => stage.hub.settings.writeBudget).toBe(10)
    stage.hub.on('PATCH /settings', () => problem(503, 'api.not_ready', 'the hub is starting'))
    await page.getByRole('radio', { name: 'At once' }).click()
    await page.getByText('Hob is still starting.').waitFor()
    expect(await page.getByRole('radio', { name: 'Every 10 s' }).isChecked()).toBe(true)
    await context.close()
  })

  it('keeps changes for as many days as chosen', async () => {
    const { page, context } = await openHealth()
    const space = block(page, 'Space on the disk')
    const days = space.getByLabel('Days for which changes are kept')
    const keep = space.getByRole('button', { name: 'Keep' })
    await expect.poll(() => days.inputValue()).toBe('90')
    expect(await keep.isDisabled()).toBe(true)
    for (const wrong of ['4000', '1.5', '']) {
      await days.fill(wrong)
      await keep.click()
      await space.getByText('A whole number of days, 0 to 3653.').waitFor()
    }
    expect(last('PATCH /settings')).toBeUndefined()
    await days.fill('30')
    await keep.click()
    await page.getByText('Changes are kept for 30 days').waitFor()
    expect(last('PATCH /settings')?.body).toEqual({ retention: { days: 30, classes: {}, entities: {} } })
    await press(page, 'Undo')
    await expect.poll(() => days.inputValue()).toBe('90')
    const { settings } = stage.hub
    const changed = { ...settings, retention: { ...settings.retention, days: 14 }, version: settings.version + 1 }
    stage.hub.push({ type: 'settings', seq: stage.hub.nextSeq(), settings: changed })
    await expect.poll(() => days.inputValue()).toBe('14')
    await context.close()
  })

  it('says part by part what did not come, and asks again', async () => {
    for (const what of ['GET /system/health', 'GET /system/writes', 'GET /history/space'])
      stage.hub.on(what, () => problem(500, 'api.failed', 'broken'))
    const view = await openHealth()
    const { page } = view
    for (const part of ['Writing to disk', 'Space on the disk'])
      await block(page, part).getByText('Something failed inside Hob.').waitFor()
    expect(await page.getByText('Something failed inside Hob.').count()).toBe(3)
    serveHealth(stage.hub)
    for (const part of ['Writing to disk', 'Space on the disk'])
      await block(page, part).getByRole('button', { name: 'Try again' }).click()
    await block(page, 'Writing to disk').getByText('Who writes').waitFor()
    await block(page, 'Space on the disk').getByText('Who takes it').waitFor()
    await press(page, 'Try again')
    await block(page, 'Problems').getByText('The disk has 162 MB left').waitFor()
    await view.context.close()
  })

  it('is for admins', async () => {
    stage.hub.session = sessionOf('user')
    const { page, context } = await openHealth()
    await page.getByText('Health is for admins').waitFor()
    expect(stage.hub.calls.map(({ what }) => what)).not.toContain('GET /system/health')
    await context.close()
  })
})
