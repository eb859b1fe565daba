import type { Browser } from 'playwright-core'
import type { NearMissJson, RunDetailJson, TraceConditionJson, TraceStepJson } from '#api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { problem, startFakeHub, type FakeHub } from './fake-hub.ts'
import { at, HALL, HALL_TEXT, run } from './rule-files.ts'
import { HALL_HOUSE } from './rule-house.ts'
import { findFaults, FORMS, heading, MATRIX, NOW, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  hub.entities = [...HALL_HOUSE]
  serve(TOLD)
})
afterEach(() => hub.close())

const second = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()

const DARK: TraceConditionJson = {
  path: 'if',
  text: 'daylight.illuminance < 40',
  holds: true,
  parts: [
    {
      text: 'daylight.illuminance < 40',
      holds: true,
      sides: [
        { text: 'daylight.illuminance', value: 31 },
        { text: '40', value: 40 },
      ],
    },
  ],
  values: [{ name: 'daylight.illuminance', value: 31, unit: 'lx', age: 12_000, confirmed: true }],
  notes: [],
}
const step = (path: string, verb: string, seconds: number, more: Partial<TraceStepJson>): TraceStepJson => ({
  path,
  verb,
  name: null,
  at: second(seconds),
  result: 'done',
  reason: null,
  condition: null,
  did: null,
  ...more,
})
const command = (slug: string, name: string, state: 'confirmed' | 'expired' | 'pending', took: number | null) => ({
  id: `command-${slug}-${name}`,
  entity: slug,
  slug,
  command: name,
  values: name === 'turn_on' ? { brightness: 60 } : {},
  state,
  reason: null,
  took,
})

/** A run as the hub tells it: lit by motion, waited over a restart, and a lamp that did not answer at the end. */
const TOLD: RunDetailJson = {
  ...run('hall_light', 'done', -5, { id: '01J0000000000000000000TOLD', endedAt: at(0), outcome: 'expired' }),
  trace: {
    trigger: {
      path: 'on',
      kind: 'when',
      id: null,
      at: second(-300),
      by: { kind: 'device', who: 'd-hall-motion' },
      message: null,
      condition: {
        ...DARK,
        path: 'on',
        text: 'motion.motion',
        parts: [],
        values: [{ name: 'motion.motion', value: true, unit: null, age: 0, confirmed: true }],
      },
      planned: null,
    },
    conditions: [DARK],
    steps: [
      step('do[0]', 'turn_on', -300, {
        did: { kind: 'command', commands: [command('hall_ceiling', 'turn_on', 'confirmed', 120)] },
      }),
      step('do[1]', 'publish', -300, {
        result: 'skipped',
        condition: { ...DARK, path: 'do[1].if', text: 'shelf.on', holds: false, parts: [], values: [] },
      }),
      step('do[2]', 'wait', -300, {
        did: { kind: 'wait', due: second(0), ended: second(0), restartedAt: second(-180) },
      }),
      step('do[3]', 'turn_off', 0, {
        did: {
          kind: 'command',
          commands: [
            command('hall_ceiling', 'turn_off', 'expired', 10_000),
            command('shelf', 'turn_off', 'confirmed', 80),
          ],
        },
      }),
    ],
    leftOut: 0,
    reason: null,
  },
}
const MISS: NearMissJson = {
  at: at(-30),
  lastAt: at(-29),
  count: 3,
  trigger: 'on',
  reason: 'if',
  text: 'daylight.illuminance < 40 was false',
  condition: { ...DARK, holds: false, values: [{ ...DARK.values[0]!, value: 300 }] },
  message: null,
}
const FAILED = run('hall_light', 'failed', -60)
const WORKED = run('hall_light', 'done', -75, { outcome: 'confirmed' })
const CANCELLED = run('hall_light', 'cancelled', -90, { version: 5 })

function serve(told: RunDetailJson) {
  const list = (items: unknown[]) => () => ({ status: 200, body: { items, next: null } })
  hub.on('GET /rules/hall_light', () => ({ status: 200, body: HALL }))
  hub.on('GET /rules/hall_light/runs', list([told, FAILED, WORKED, CANCELLED]))
  hub.on('GET /rules/hall_light/misses', list([MISS]))
  hub.on(
    'GET /rules/hall_light/versions',
    list([{ version: 6, text: HALL_TEXT, changedAt: at(-600), cause: told.cause }]),
  )
  hub.on(`GET /runs/${told.id}`, () => ({ status: 200, body: told }))
}
const openStory = async (form = FORMS[2]!, id = TOLD.id) => {
  const view = await openView(browser, `${hub.url}/rules/hall_light/runs/${id}`, form)
  await view.page.getByRole('list', { name: 'What happened' }).waitFor()
  return view
}

describe.each(MATRIX)('on a $size in $theme', form => {
  it('tells a run', async () => {
    const view = await openStory(form)
    await view.page.getByText('Did not start:').waitFor()
    expect(await findFaults(view, `run-${form.size}-${form.theme}`)).toEqual([])
    await view.page.getByText('Text of version 6').click()
    await view.page.getByText('Did not start:').click()
    await view.page.getByText('daylight.illuminance 300 lx, 12 s old').waitFor()
    expect(await findFaults(view, `run-open-${form.size}-${form.theme}`)).toEqual([])
    await view.context.close()
  })
})

describe('a run', () => {
  it('is told as one line: what set it off, what held, what was done and how it went', async () => {
    const { page, context } = await openStory()
    const stations = page.getByRole('list', { name: 'What happened' }).locator('> li')
    const told = await stations.evaluateAll(all =>
      all.map(each => (each as unknown as { innerText: string }).innerText.replaceAll(/\s+/g, ' ')),
    )
    expect(told).toEqual([
      'motion.motion became true 17:59:00 on because of client d-hall-motion motion.motion true, just reported',
      'daylight.illuminance < 40: yes if daylight.illuminance 31 lx, 12 s old',
      'hall_ceiling turned on, brightness 60 17:59:00 do[0] confirmed in 120 ms',
      'Left out: publish 17:59:00 do[1] shelf.on: no',
      'Waited 5 min 17:59:00 do[2] outlived a restart at 18:01:00',
      'turn_off, 2 things 18:04:00 do[3] hall_ceiling turned off: no answer shelf turned off: confirmed in 80 ms',
      'Done after 5 min 18:04:00 A device did not answer',
    ])
    await page.getByRole('status').getByText('No answer').waitFor()
    expect(await page.getByRole('link', { name: 'confirmed in 120 ms' }).getAttribute('href')).toBe(
      '/devices/hall_ceiling',
    )
    await context.close()
  })

  it('is followed while it waits', async () => {
    const waiting: RunDetailJson = {
      ...TOLD,
      state: 'waiting',
      endedAt: null,
      dueAt: second(240),
      trace: {
        ...TOLD.trace,
        steps: [
          ...TOLD.trace.steps.slice(0, 2),
          step('do[2]', 'wait', -60, { did: { kind: 'wait', due: second(240), ended: null, restartedAt: null } }),
        ],
      },
    }
    serve(waiting)
    const { page, context } = await openStory()
    await page.getByText('Waits until 18:08:00').waitFor()
    await page.getByText('Not done yet').waitFor()
    serve(TOLD)
    hub.push({ type: 'run', seq: hub.nextSeq(), run: TOLD.id, rule: 'hall_light', state: 'done' })
    await page.getByText('Done after 5 min').waitFor()
    expect(await page.getByText('Waits until').count()).toBe(0)
    await context.close()
  })

  it('stands in a list with the others and the near misses, filtered in the address', async () => {
    const { page, context } = await openStory()
    const list = page.getByRole('region', { name: 'Runs and near misses' })
    const rows = () => list.locator('.entry').count()
    await expect.poll(rows).toBe(5)
    for (const [filter, count, word] of [
      ['Failed', 2, 'No answer'],
      ['Stopped', 1, 'Cancelled'],
      ['Near misses', 1, '3 times'],
      ['Ran', 1, 'Worked'],
    ] as const) {
      await list.getByRole('button', { name: filter }).click()
      await expect.poll(rows).toBe(count)
      expect(await list.locator('.entry').first().innerText()).toContain(word)
    }
    expect(new URL(page.url()).search).toBe('?runs=ran')
    await list.locator('.entry').click()
    expect(new URL(page.url()).search).toBe('?runs=ran')
    await context.close()
  })

  it('that is gone is named', async () => {
    hub.on('GET /runs/gone', () => problem(404, 'rules.unknown_run', 'there is no such run'))
    const view = await openView(browser, `${hub.url}/rules/hall_light/runs/gone`)
    await view.page.getByRole('heading', { name: 'No such run' }).first().waitFor()
    expect(await findFaults(view, 'run-missing')).toEqual([])
    await view.page.getByRole('link', { name: 'Back to the rule' }).last().click()
    await heading(view.page, 'Hall light')
    await view.context.close()
  })

  it('shows hostile payloads and names as text', async () => {
    const evil = `<img src=x onerror=alert(1)>\u202eLIVE${'W'.repeat(10_000)}`
    serve({
      ...TOLD,
      trace: {
        ...TOLD.trace,
        trigger: {
          ...TOLD.trace.trigger,
          kind: 'topic',
          condition: null,
          message: { topic: evil, payload: evil, client: evil },
        },
        steps: [step('do[0]', 'log', 0, { name: evil, did: { kind: 'log', level: 'info', text: evil } })],
        reason: evil,
      },
    })
    for (const form of MATRIX) {
      const view = await openStory(form)
      expect(await view.page.locator('main img').count()).toBe(0)
      expect(await findFaults(view, `run-evil-${form.size}-${form.theme}`)).toEqual([])
      await view.context.close()
    }
  })
})
