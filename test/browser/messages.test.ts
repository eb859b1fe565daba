import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { sessionOf } from './fake-hub.ts'
import { openMessagesStage, row } from './messages-page.ts'
import { OWNERS, serveTopics, TOPICS } from './topics.ts'
import { findFaults, FORMS, MATRIX, NOW } from './view.ts'

const { stage, addressOf, open, asked } = openMessagesStage()

const STATE = 'home/hall/ceiling/state'

describe.each(MATRIX)('on a $size in $theme', form => {
  const name = (what: string) => `messages-${what}-${form.size}-${form.theme}`

  it('shows the tree', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const view = await open({}, form)
    await row(view.page, /^home/).locator('.twist').click()
    await row(view.page, /^hall/).locator('.twist').click()
    await row(view.page, /^ceiling/)
      .locator('.twist')
      .click()
    await row(view.page, /^state/).waitFor()
    expect(await findFaults(view, name('tree'))).toEqual([])
    await view.context.close()
  })

  it('shows a topic', async () => {
    const broker = serveTopics(stage.hub, TOPICS, OWNERS)
    const view = await open({ topic: STATE }, form)
    const { page } = view
    await page.locator('code', { hasText: '"brightness": ' }).waitFor()
    await page.getByRole('button', { name: 'Draw power: 10.3' }).click()
    await expect.poll(() => asked().at(-1)).toContain(STATE)
    broker.say({
      topic: STATE,
      payload: '{"state":"OFF","brightness":0,"color_temp":370,"power":0.3,"linkquality":128}',
    })
    await page.locator('del', { hasText: '132' }).waitFor()
    expect(await findFaults(view, name('topic'))).toEqual([])
    await view.context.close()
  })

  it('publishes', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const view = await open({}, form)
    await view.page.getByRole('button', { name: 'Publish' }).click()
    const dialog = view.page.getByRole('dialog')
    await dialog.getByLabel('Topic').fill('home/hall/ceiling/set')
    await dialog.getByRole('radio', { name: 'JSON' }).check()
    await dialog.getByLabel('Payload', { exact: true }).fill('{\n  "state": "ON",\n  "brightness": 40,\n}')
    await dialog.getByText('Line 4, column 1: a key in double quotes is expected here.').waitFor()
    expect(await findFaults(view, name('publish'))).toEqual([])
    await view.context.close()
  })

  it('asks before it clears', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const view = await open({ topic: 'home/hall/ceiling/availability' }, form)
    await view.page.getByRole('button', { name: 'Clear retained' }).click()
    await view.page.getByRole('dialog', { name: 'Clear the retained message?' }).waitFor()
    expect(await findFaults(view, name('clear'))).toEqual([])
    await view.context.close()
  })

  it('says what is there when nothing is, and to whom it shows nothing', async () => {
    serveTopics(stage.hub, [])
    const view = await open({}, form)
    await view.page.getByRole('heading', { name: 'No messages yet' }).waitFor()
    expect(await findFaults(view, name('none'))).toEqual([])
    await view.context.close()

    stage.hub.session = sessionOf('user')
    const other = await open({}, form)
    await other.page.getByRole('heading', { name: 'Messages are for admins' }).waitFor()
    expect(stage.hub.calls.filter(({ what }) => what.startsWith('GET /mqtt'))).toHaveLength(1)
    expect(await findFaults(other, name('forbidden'))).toEqual([])
    await other.context.close()
  })
})

describe('the tree', () => {
  const active = (page: Page) =>
    page.evaluate<string>(
      `document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.querySelector('code')?.textContent.trim()`,
    )

  it('is walked with the keys of a tree', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open()
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await row(page, /^home/).waitFor()
    await page.getByRole('textbox', { name: 'Filter' }).focus()
    await press('Tab')
    expect(await active(page)).toBe('$SYS')
    await press('ArrowDown', 'ArrowRight')
    await row(page, /^hall/).waitFor()
    await press('ArrowRight', 'h')
    expect(await active(page)).toBe('hall')
    await press('ArrowRight')
    await row(page, /^ceiling/).waitFor()
    await press('ArrowRight', 'ArrowRight')
    await row(page, /^availability/).waitFor()
    await press('ArrowRight')
    expect(await active(page)).toBe('availability')
    await press('ArrowDown', 'Enter')
    await page.locator('code', { hasText: '"brightness": ' }).waitFor()
    expect(new URL(page.url()).searchParams.get('topic')).toBe(STATE)
    expect(await row(page, /^state/).getAttribute('aria-selected')).toBe('true')
    expect(await row(page, /^state/).getAttribute('aria-level')).toBe('4')

    await press('ArrowLeft', 'ArrowLeft')
    expect(await row(page, /^state/).isVisible()).toBe(false)
    expect(await active(page)).toBe('ceiling')
    await press('End')
    expect(await active(page)).toBe('forecast')
    await press('Home')
    expect(await active(page)).toBe('$SYS')
    await context.close()
  })

  it('follows what is in view, and marks a change for a second', async () => {
    const broker = serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open()
    await row(page, /^forecast/).waitFor()
    await expect.poll(() => asked().at(-1)).toContain('weather/forecast')
    expect(asked().at(-1)).not.toContain(STATE)

    const forecast = row(page, /^forecast/)
    // The stream begins with what is retained: that is no change.
    stage.hub.push({
      type: 'message',
      topic: 'weather/camera',
      payload: '/9j/4AAQSkZJRg==',
      encoding: 'base64',
      at: new Date(NOW - 700_000).toISOString(),
      size: 10,
      qos: 0,
      retain: false,
      client: null,
    })
    broker.say({ topic: 'weather/forecast', payload: 'fine' })
    await forecast.getByText('fine').waitFor()
    expect(await forecast.getAttribute('class')).toContain('fresh')
    expect(await row(page, /^camera/).getAttribute('class')).not.toContain('fresh')
    await page.clock.runFor(1500)
    await expect.poll(() => forecast.getAttribute('class')).not.toContain('fresh')
    await context.close()
  })

  it('learns by and by what came and went', async () => {
    const broker = serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open()
    await row(page, /^forecast/).waitFor()
    broker.hear([
      { topic: 'weather/rain', payload: '1' },
      { topic: 'yard/gate', payload: 'open' },
    ])
    broker.forget('weather/forecast')
    await page.clock.runFor(5500)
    await row(page, /^rain/).waitFor()
    await row(page, /^yard/).waitFor()
    expect(await row(page, /^forecast/).isVisible()).toBe(false)
    await context.close()
  })

  it('finds topics by text and by filter, in the address', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open()
    await row(page, /^home/).waitFor()
    await page.getByRole('textbox', { name: 'Filter' }).fill('home/hall/#')
    await page.getByText('5 topics found').waitFor()
    await row(page, /^illuminance/).waitFor()
    expect(new URL(page.url()).searchParams.get('find')).toBe('home/hall/#')
    await page.reload()
    await page.getByText('5 topics found').waitFor()
    await page.getByRole('textbox', { name: 'Filter' }).fill('<img src=x>')
    await page.getByRole('heading', { name: 'No topic found' }).waitFor()
    await page.getByRole('button', { name: 'Remove the filter' }).last().click()
    await row(page, /^tasmota/).waitFor()
    expect(new URL(page.url()).searchParams.has('find')).toBe(false)
    await context.close()
  })

  it('stays quick with ten thousand topics', async () => {
    serveTopics(
      stage.hub,
      Array.from({ length: 10_000 }, (_, index) => ({
        topic: `bulk/n${String(index).padStart(5, '0')}`,
        payload: '1',
      })),
    )
    const { page, context } = await open()
    await row(page, /^n00000/).waitFor()
    expect(await page.getByRole('treeitem').count()).toBeLessThan(60)
    await page.getByRole('tree').focus()
    await page.keyboard.press('End')
    await row(page, /^n00499/).waitFor()
    await page.keyboard.press('n')
    await row(page, /^n00000/).waitFor()
    await context.close()
  })
})

describe('a topic', () => {
  it('is drawn, looked at byte by byte, and picked from before', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open({ topic: 'home/hall/motion/illuminance' })
    await page.getByText(/^From 17:34:56 to 18:03:56, lowest 11, highest 51$/).waitFor()
    await page.getByRole('link', { name: 'Hall sensor' }).last().waitFor()
    await page.getByText('1 in 1 min').waitFor()

    await page.goto(addressOf({ topic: 'weather/camera' }))
    await page.getByText('0000  ff d8 ff e0 00 10 4a 46 49 46').waitFor()
    await page.getByRole('radio', { name: 'Base64' }).check()
    await page.getByText('/9j/4AAQSkZJRg==').waitFor()

    await page.goto(addressOf({ topic: STATE }))
    await page.getByRole('button', { name: /^17:45:00/ }).click()
    await page.getByText('17:45:00.000').waitFor()
    await page.locator('del', { hasText: '"ON"' }).waitFor()
    await page.getByRole('button', { name: 'Follow the newest' }).click()
    await page.getByText('18:00:00.000').waitFor()
    expect(await page.getByRole('button', { name: 'Follow the newest' }).count()).toBe(0)
    await context.close()
  })

  it('stands still in a pause and is true after it', async () => {
    const broker = serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open({ topic: 'weather/forecast' })
    await expect.poll(() => asked().at(-1)).toContain('weather/forecast')
    // What was asked for before the pause may still come in it.
    await page.locator('code', { hasText: '"tomorrow": ' }).waitFor()
    await row(page, /^forecast/).waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    broker.say({ topic: 'weather/forecast', payload: 'storm' })
    await page.getByText('1 message came since.').waitFor()
    expect(await page.getByText('storm').count()).toBe(0)
    await page.getByRole('button', { name: 'Resume' }).first().click()
    await page.getByText('storm').first().waitFor()
    await context.close()
  })

  it('comes back after it is published', async () => {
    const broker = serveTopics(stage.hub, TOPICS, OWNERS)
    stage.hub.on('POST /mqtt/publish', () => ({ status: 204, body: undefined }))
    const { page, context } = await open()
    await page.getByRole('button', { name: 'Publish' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Topic').fill('hall/#')
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await dialog.getByText('A message goes to one topic: no + and no # in it.').waitFor()
    await dialog.getByLabel('Topic').fill('weather/wish')
    await dialog.getByLabel('Payload', { exact: true }).fill('sun')
    await dialog.getByRole('radio', { name: '2' }).check()
    await dialog.getByRole('switch', { name: 'Retain' }).click()
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await dialog.getByText('Hob took it').waitFor()
    expect(stage.hub.calls.findLast(({ what }) => what === 'POST /mqtt/publish')?.body).toEqual({
      topic: 'weather/wish',
      payload: 'sun',
      qos: 2,
      retain: true,
    })
    await expect.poll(() => asked().at(-1)).toContain('weather/wish')
    broker.say({ topic: 'weather/wish', payload: 'sun', ago: -1, client: null })
    await dialog.getByText('Came back over the broker').waitFor()
    await dialog.getByRole('button', { name: 'Show the topic' }).click()
    await page.getByText('Hob itself').waitFor()
    await context.close()
  })

  it('loses what is retained, and gets it back', async () => {
    const broker = serveTopics(stage.hub, TOPICS, OWNERS)
    const topic = 'home/hall/ceiling/availability'
    stage.hub.on('POST /mqtt/publish', body => {
      const { payload, retain, qos } = body as { payload: string; retain: boolean; qos: number }
      broker.say({ topic, payload, retain, qos, ago: -2 - stage.hub.calls.length })
      return { status: 204, body: undefined }
    })
    const { page, context } = await open({ topic })
    await expect.poll(() => asked().at(-1)).toContain(topic)
    await page.getByRole('button', { name: 'Clear retained' }).click()
    await page.getByText('It is a topic of Hall ceiling').waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.getByText('it cleared what was retained').waitFor()
    expect(await page.getByRole('button', { name: 'Clear retained' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Clear retained' }).waitFor()
    expect(stage.hub.calls.findLast(({ what }) => what === 'POST /mqtt/publish')?.body).toEqual({
      topic,
      payload: 'online',
      encoding: 'utf8',
      qos: 0,
      retain: true,
    })
    await context.close()
  })

  it('is a step of its own on a phone', async () => {
    serveTopics(stage.hub, TOPICS, OWNERS)
    const { page, context } = await open({}, FORMS[0]!)
    await row(page, /^forecast/).click()
    await page.locator('code', { hasText: '"tomorrow": ' }).waitFor()
    expect(await page.getByRole('tree').isVisible()).toBe(false)
    await page.goBack()
    await row(page, /^forecast/).click()
    await page.getByRole('button', { name: 'All topics' }).click()
    await row(page, /^forecast/).waitFor()
    await context.close()
  })
})

describe('when things go wrong', () => {
  it('says that more comes than it shows', async () => {
    serveTopics(stage.hub, TOPICS)
    const { page, context } = await open()
    await row(page, /^forecast/).waitFor()
    stage.hub.push({ type: 'dropped', messages: 1200 })
    stage.hub.push({ type: 'dropped', messages: 40 })
    await page.getByText(/1,240 messages of the last seconds are not shown/).waitFor()
    await page.clock.runFor(10_500)
    await expect.poll(() => page.getByText(/are not shown/).count()).toBe(0)
    await context.close()
  })

  it('offers to try again what did not come', async () => {
    stage.hub.on('GET /mqtt/topics', () => ({
      status: 503,
      body: { code: 'api.not_ready', detail: 'the hub is starting' },
    }))
    const { page, context } = await open()
    await page.getByText('Hob is still starting.').waitFor()
    serveTopics(stage.hub, TOPICS)
    await page.getByRole('button', { name: 'Try again' }).click()
    await row(page, /^forecast/).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await context.close()
  })

  it('keeps what it shows while the hub is gone, and catches up', async () => {
    const broker = serveTopics(stage.hub, TOPICS)
    const { page, context } = await open({ topic: 'weather/forecast' })
    await page.locator('code', { hasText: '"tomorrow": ' }).waitFor()
    await expect.poll(() => asked().at(-1)).toContain('weather/forecast')
    await row(page, /^forecast/).waitFor()
    stage.hub.state = 'gone'
    stage.hub.cut()
    await page.clock.runFor(4000)
    await page.getByText(/Hob not reached for/).waitFor()
    expect(await row(page, /^forecast/).isVisible()).toBe(true)
    broker.hear([{ topic: 'weather/forecast', payload: 'clear skies' }])
    stage.hub.state = 'ready'
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('clear skies').first().waitFor()
    await context.close()
  })

  it('stays open behind a sign-in that ended', async () => {
    serveTopics(stage.hub, TOPICS)
    const { page, context } = await open({ topic: 'weather/forecast' })
    await page.locator('code', { hasText: '"tomorrow": ' }).waitFor()
    stage.hub.on('GET /mqtt/topics', () => ({ status: 401, body: { code: 'api.unauthorised', detail: 'nobody' } }))
    await page.clock.runFor(5500)
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor()
    expect(await page.locator('code', { hasText: '"tomorrow": ' }).isVisible()).toBe(true)
    await context.close()
  })
})
