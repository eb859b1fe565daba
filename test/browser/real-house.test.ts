import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eventually, hob, mqttClient, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { collectErrors, launchChromium } from './chromium.ts'
import { heading } from './view.ts'

// Home on a real hub with a real lamp: it obeys, falls silent, and obeys again.

let browser: Browser
const cleanUp: (() => unknown)[] = []
beforeAll(async () => {
  browser = await launchChromium({ whole: true })
})
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})
afterAll(() => browser.close())

const LAMP = {
  unique_id: 'stove_lamp',
  name: 'Counter',
  command_topic: 'stove/lamp/set',
  state_topic: 'stove/lamp',
  device: { identifiers: ['stove-1'], name: 'Stove corner' },
}

/** A lamp that tells its state each time it changes, while `obeys`. */
async function plugIn(hub: HubProcess, data: string[]) {
  const login = JSON.parse(hob(['client', 'add', 'stove', '--full', '--json', ...data]).stdout) as {
    username: string
    password: string
  }
  const { client } = await mqttClient(hub, { ...login, clientId: 'stove' })
  cleanUp.push(() => client.endAsync(true))
  const lamp = { obeys: true }
  client.on('message', (_topic, payload) => {
    if (lamp.obeys) client.publish('stove/lamp', payload, { retain: true })
  })
  await client.subscribeAsync('stove/lamp/set')
  await client.publishAsync('homeassistant/light/stove/lamp/config', JSON.stringify(LAMP), { retain: true })
  await client.publishAsync('stove/lamp', 'OFF', { retain: true, qos: 1 })
  await eventually(
    async () => hob(['adopt', '--all', ...data]).stdout,
    text => text.includes('Stove corner'),
  )
  return lamp
}

const pane = (page: Page) => page.locator('.pane').filter({ has: page.getByText('Stove corner', { exact: true }) })
const says = (page: Page, word: string) => pane(page).getByText(word, { exact: true }).waitFor()
const press = (page: Page) => page.getByRole('button', { name: 'Stove corner', exact: true }).click()

it('a lamp obeys, is told of when it does not, and is asked again', { timeout: 90_000 }, async () => {
  const folder = temporaryFolder()
  cleanUp.push(folder.remove)
  const data = ['--data', folder.path]
  const hub = await startHub(folder.path)
  cleanUp.push(() => hub.kill())
  hob(['user', 'add', 'anna', '--role', 'owner', '--password-stdin', ...data], 'seven green bottles')
  const lamp = await plugIn(hub, data)

  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en-GB' })
  cleanUp.push(() => context.close())
  const page = await context.newPage()
  const errors = collectErrors(page)
  await page.goto(hub.http)
  await page.getByLabel('Name', { exact: true }).fill('anna')
  await page.getByLabel('Password', { exact: true }).fill('seven green bottles')
  await page.keyboard.press('Enter')
  await heading(page, 'Home')

  await says(page, 'Off')
  await press(page)
  await says(page, 'On')

  lamp.obeys = false
  await press(page)
  await says(page, 'Turning off…')
  await says(page, 'No answer, still on')
  lamp.obeys = true
  await page.getByRole('button', { name: 'Try again: Stove corner' }).click()
  await says(page, 'Off')
  expect(errors).toEqual([])
})
