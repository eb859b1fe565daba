import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eventually, hob, mqttClient, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { collectErrors, launchChromium } from './chromium.ts'
import { heading } from './view.ts'

// The pages on a real hub: claimed, furnished, used, killed and back.

let browser: Browser
const cleanUp: (() => unknown)[] = []
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})
afterAll(() => browser.close())

async function claimLink(hub: HubProcess): Promise<string> {
  const find = async () => /"link":"[^"]*(\/claim#\w+)"/.exec(hub.log())?.[1]
  return (await eventually(find, link => link !== undefined))!
}

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
const pane = (page: Page, name: string) => page.locator('.pane').filter({ has: page.getByText(name, { exact: true }) })

async function claim(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await field(page, 'Your name').fill('Anna')
  await field(page, 'Password').fill('seven green bottles on a wall')
  await press(page, 'Make the account')
  const code = (await page.getByLabel('Recovery code').innerText()).replaceAll(/\s/g, '')
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  await field(page, 'The last four characters').fill(code.slice(-4).toLowerCase())
  await press(page, 'I have it')
  await heading(page, 'Where is the house?')
  await press(page, 'Continue')
  await heading(page, 'Which rooms do you have?')
  await field(page, 'Kitchen').check()
  await press(page, 'Continue with 1 room')
}

const DEVICE = { identifiers: ['stove-1'], name: 'Stove corner' }
const LAMP = {
  unique_id: 'stove_lamp',
  name: 'Counter',
  command_topic: 'stove/lamp/set',
  state_topic: 'stove/lamp',
  device: DEVICE,
}
const AIR = {
  unique_id: 'stove_air',
  name: 'Air',
  state_topic: 'stove/air',
  device_class: 'temperature',
  unit_of_measurement: '°C',
  device: DEVICE,
}

/** A lamp and a thermometer in one board, that obeys. */
async function plugIn(hub: HubProcess, data: string[]) {
  const login = JSON.parse(hob(['client', 'add', 'stove', '--full', '--json', ...data]).stdout) as {
    username: string
    password: string
  }
  const { client } = await mqttClient(hub, { ...login, clientId: 'stove', reconnectPeriod: 200 })
  cleanUp.push(() => client.endAsync(true))
  // As firmware does: it tells its state when it changes and each time it comes back.
  let lamp = 'OFF'
  const tell = () => client.publish('stove/lamp', lamp, { retain: true })
  client.on('message', (_topic, payload) => {
    lamp = payload.toString()
    tell()
  })
  client.on('connect', tell)
  await client.subscribeAsync('stove/lamp/set')
  await client.publishAsync('homeassistant/light/stove/lamp/config', JSON.stringify(LAMP), { retain: true })
  await client.publishAsync('homeassistant/sensor/stove/air/config', JSON.stringify(AIR), { retain: true })
  tell()
  await client.publishAsync('stove/air', '21.4', { retain: true, qos: 1 })
  await eventually(
    async () => hob(['adopt', '--all', ...data]).stdout,
    text => text.includes('Stove corner'),
  )
  return client
}

it('a house is claimed, lit, killed and back in the open page', { timeout: 90_000 }, async () => {
  const folder = temporaryFolder()
  cleanUp.push(folder.remove)
  const data = ['--data', folder.path]
  let hub = await startHub(folder.path)
  cleanUp.push(() => hub.kill())
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  cleanUp.push(() => context.close())
  const page = await context.newPage()
  const errors = collectErrors(page)

  await claim(page, `${hub.http}${await claimLink(hub)}`)
  await heading(page, 'Add a device')
  const device = await plugIn(hub, data)

  await page.goto(hub.http)
  await pane(page, 'Counter').getByText('Off', { exact: true }).waitFor()
  await press(page, 'Counter')
  await pane(page, 'Counter').getByText('On', { exact: true }).waitFor()
  await device.publishAsync('stove/air', '22.9', { retain: true, qos: 1 })
  await pane(page, 'Air').getByText('22.9').waitFor()

  await hub.kill()
  await page.getByText(/^Hob not reached for/).waitFor()
  expect(await pane(page, 'Air').innerText()).toContain('22.9')

  const [, port] = /:(\d+)$/.exec(hub.http)!
  hub = await startHub(folder.path, { http: Number(port), mqtt: hub.mqtt.port })
  await page.getByText(/^Hob not reached for/).waitFor({ state: 'detached', timeout: 30_000 })
  await pane(page, 'Counter').getByText('On', { exact: true }).waitFor()
  await press(page, 'Counter')
  await pane(page, 'Counter').getByText('Off', { exact: true }).waitFor()
  expect(await page.evaluate('performance.getEntriesByType("navigation").length')).toBe(1)
  expect(errors).toEqual([])
})
