import type { Browser, Page } from 'playwright-core'
import type { BanJson, ClientDetailJson } from '#api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { problem, sessionOf, startFakeHub, type FakeHub } from './fake-hub.ts'
import { findFaults, type Form, FORMS, heading, MATRIX, NOW, openView } from './view.ts'

let browser: Browser
let hub: FakeHub
let clients: ClientDetailJson[]
let bans: BanJson[]
/** Answers in place of the hub's, by request. */
let isFailing: boolean

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startFakeHub()
  clients = [...CLIENTS]
  bans = []
  isFailing = false
  serveClients()
})
afterEach(() => hub.close())

const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()

function clientJson(id: string, more: Partial<ClientDetailJson> = {}): ClientDetailJson {
  return {
    id,
    user: 'd-k4w2mz',
    clientId: id,
    kind: 'device',
    device: null,
    connected: true,
    slowed: false,
    protocol: 4,
    address: '192.168.1.40',
    connectedAt: ago(3_000),
    disconnectedAt: null,
    sessionExpiry: 0,
    queued: 0,
    queuedBytes: 0,
    inflight: 0,
    unread: 0,
    subscriptions: 1,
    received: 8_120,
    sent: 14,
    dropped: 0,
    rateIn: 0.2,
    rateOut: 0,
    lastReason: null,
    lastReasonAt: null,
    filters: [{ filter: 'tele/fan/cmnd/#', qos: 0, noLocal: false, retainAsPublished: false }],
    ...more,
  }
}

const gone = (minutes: number, lastReason: string): Partial<ClientDetailJson> => ({
  connected: false,
  connectedAt: null,
  disconnectedAt: ago(minutes),
  lastReasonAt: ago(minutes),
  lastReason,
  rateIn: 0,
})

const CLIENTS: readonly ClientDetailJson[] = [
  clientJson('fan', { device: { id: 'device-Fan', name: 'Bathroom fan' } }),
  clientJson('z2m', {
    user: 'c-zigbee2mqtt',
    clientId: 'mqttjs_8f2a',
    kind: 'gateway',
    protocol: 5,
    address: '192.168.1.5',
    connectedAt: ago(60 * 24 * 9),
    rateIn: 12.4,
    rateOut: 3.1,
    received: 1_204_551,
    sent: 90_112,
    sessionExpiry: 604_800,
    filters: [
      { filter: 'zigbee2mqtt/#', qos: 1, noLocal: true, retainAsPublished: false },
      { filter: '$share/workers/homeassistant/+/set', qos: 2, noLocal: false, retainAsPublished: true },
    ],
  }),
  clientJson('red', {
    user: 'c-node_red',
    clientId: 'nodered_1',
    kind: 'software',
    address: '192.168.1.5',
    queued: 812,
    queuedBytes: 412_000,
    unread: 1_048_900,
    dropped: 1_403,
    inflight: 64,
    rateIn: 0,
    rateOut: 41,
  }),
  clientJson('storm', { clientId: 'esp-a1b2c3', slowed: true, rateIn: 100, lastReason: 'broker.connect_rate' }),
  clientJson('kettle', {
    device: { id: 'device-Kettle', name: 'Kettle' },
    queued: 3,
    queuedBytes: 210,
    sessionExpiry: null,
    ...gone(42, 'broker.keep_alive'),
  }),
  clientJson('guest', { user: 'guest-1', clientId: 'shelly-plug-77', kind: 'guest', address: '192.168.1.77' }),
]

/** A hub whose lists change as the real one's. */
function serveClients() {
  const failed = problem(503, 'api.not_ready', 'the hub is starting')
  const list = (items: () => readonly unknown[]) => () =>
    isFailing ? failed : { status: 200, body: { items: items(), next: null } }
  hub.on(
    'GET /mqtt/clients',
    list(() => clients),
  )
  hub.on(
    'GET /mqtt/bans',
    list(() => bans),
  )
  for (const { id } of CLIENTS) {
    hub.on(`GET /mqtt/clients/${id}`, () => {
      const found = clients.find(each => each.id === id)
      if (isFailing) return failed
      return found === undefined ? problem(404, 'mqtt.unknown_client', 'gone') : { status: 200, body: found }
    })
    hub.on(`POST /mqtt/clients/${id}/disconnect`, () => {
      clients = clients.filter(each => each.id !== id)
      return { status: 204, body: undefined }
    })
  }
  hub.on('POST /mqtt/bans', body => {
    const target = { user: null, clientId: null, address: null, until: null, ...(body as Partial<BanJson>) }
    const made: BanJson = { ...target, id: `ban-${bans.length}`, who: 'Anna', createdAt: ago(0) }
    bans = [...bans, made]
    return { status: 201, body: made }
  })
  hub.on('DELETE /mqtt/bans/ban-0', () => {
    bans = bans.filter(({ id }) => id !== 'ban-0')
    return { status: 204, body: undefined }
  })
}

const open = (path = '', form?: Form) => openView(browser, `${hub.url}/messages/clients${path}`, form)
const names = (page: Page) => page.getByRole('list', { name: 'MQTT clients' }).getByRole('link').allInnerTexts()
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
const last = (what: string) => hub.calls.findLast(call => call.what === what)

describe.each(MATRIX)('on a $size in $theme', form => {
  const name = (what: string) => `clients-${what}-${form.size}-${form.theme}`

  it('shows who is there, what they do, and who is kept out', async () => {
    bans = [
      { id: 'ban-0', user: 'c-old', clientId: null, address: null, until: null, who: 'Anna', createdAt: ago(90) },
      {
        id: 'ban-1',
        user: null,
        clientId: null,
        address: '192.168.1.66',
        until: ago(-60),
        who: 'Ben',
        createdAt: ago(9),
      },
    ]
    const view = await open('', form)
    await view.page.getByText('Every client at 192.168.1.66').waitFor()
    expect(await names(view.page)).toEqual([
      'Bathroom fan',
      'esp-a1b2c3',
      'Kettle',
      'mqttjs_8f2a',
      'nodered_1',
      'shelly-plug-77',
    ])
    expect(await findFaults(view, name('list'))).toEqual([])
    await view.context.close()
  })

  it('shows one of them: who it is, what passes, what it lost, what it listens to', async () => {
    const view = await open('/red', form)
    await heading(view.page, 'nodered_1')
    await view.page.getByText('1,403 messages').waitFor()
    expect(await findFaults(view, name('one'))).toEqual([])
    await press(view.page, 'Keep out…')
    await view.page.getByRole('heading', { name: 'Keep nodered_1 out?' }).waitFor()
    await view.page.getByText('Those are 2 at the moment').waitFor()
    expect(await findFaults(view, name('ban'))).toEqual([])
    await view.context.close()
  })

  it('says what is not there', async () => {
    clients = []
    const view = await open('', form)
    await view.page.getByRole('heading', { name: 'No client yet' }).waitFor()
    expect(await findFaults(view, name('empty'))).toEqual([])
    await view.page.goto(`${hub.url}/messages/clients/red`)
    await heading(view.page, 'This client is gone')
    await view.context.close()
  })
})

describe('the list', () => {
  it('is a part of Messages, beside the topics', async () => {
    const { page, context } = await open()
    await page.getByRole('link', { name: 'Bathroom fan' }).waitFor()
    const parts = page.getByRole('navigation', { name: 'Messages and clients' })
    expect(await parts.getByRole('link').allInnerTexts()).toEqual(['Topics', 'Clients'])
    expect(await parts.locator('[aria-current=page]').allInnerTexts()).toEqual(['Clients'])
    const main = page.getByRole('navigation', { name: 'Main' })
    expect(await main.locator('[aria-current=page]').allInnerTexts()).toEqual(['Messages'])
    await context.close()
  })

  it('is narrowed and put in order by the address', async () => {
    const { page, context } = await open('?show=trouble&sort=waiting')
    await page.getByText('2 of 6 clients').waitFor()
    expect(await names(page)).toEqual(['nodered_1', 'esp-a1b2c3'])
    await page.getByRole('link', { name: /6 clients/ }).click()
    await page.getByRole('searchbox', { name: 'Search by name, user or address' }).fill('192.168.1.5')
    await page.getByText('2 of 6 clients').waitFor()
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Busiest first')
    await page.waitForURL(/q=192.168.1.5/)
    expect(await names(page)).toEqual(['nodered_1', 'mqttjs_8f2a'])
    await page.getByRole('searchbox', { name: 'Search by name, user or address' }).fill('nobody at all')
    await page.getByRole('heading', { name: 'No client fits' }).waitFor()
    await page.getByRole('link', { name: 'Show all clients' }).click()
    await page.getByRole('status').getByText('6 clients', { exact: true }).waitFor()
    await context.close()
  })

  it('follows what happens, every five seconds', async () => {
    const { page, context } = await open()
    const fan = page.getByRole('listitem').filter({ hasText: 'Bathroom fan' })
    await fan.getByText('Connected for 2 days').waitFor()
    clients = clients.map(each => (each.id === 'fan' ? { ...each, ...gone(0, 'broker.lost') } : each))
    await page.clock.runFor(5_000)
    await fan.getByText('The connection broke without a goodbye').waitFor()
    expect(await fan.innerText()).toContain('Away for')
    await context.close()
  })

  it('stands with its time when the hub does not answer, and comes back', async () => {
    const { page, context } = await open()
    await page.getByRole('link', { name: 'Kettle' }).waitFor()
    isFailing = true
    await page.clock.runFor(5_000)
    await page.getByText(/The clients did not come\. .* What is shown is of 18:0\d:/).waitFor()
    expect(await names(page)).toHaveLength(6)
    isFailing = false
    await press(page, 'Try again')
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await context.close()
  })

  it('is worked by keyboard alone', async () => {
    const { page, context } = await open()
    await page.getByRole('link', { name: 'Bathroom fan' }).focus()
    await page.keyboard.press('Enter')
    await heading(page, 'Bathroom fan')
    await page.getByRole('button', { name: 'Keep out…' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: /This client/ }).focus()
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: /Every client of d-k4w2mz/ }).isChecked()).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Keep out…')
    await context.close()
  })
})

describe('one client', () => {
  it('is sent away, and stays in view as it was', async () => {
    const { page, context } = await open('/fan')
    await heading(page, 'Bathroom fan')
    await press(page, 'Disconnect')
    await page.getByText('Bathroom fan was disconnected').waitFor()
    await page.getByText('It left, and no session waits for it.').waitFor()
    expect(await page.getByRole('button', { name: 'Disconnect' }).count()).toBe(0)
    await context.close()
  })

  it('is kept out for an hour, and let in again by Undo', async () => {
    const { page, context } = await open('/red')
    await press(page, 'Keep out…')
    await page.getByRole('dialog').getByRole('button', { name: 'Keep out' }).click()
    await page.getByText('nodered_1 of c-node_red is kept out').waitFor()
    const sent = last('POST /mqtt/bans')?.body as { until: string }
    expect(sent).toMatchObject({ user: 'c-node_red', clientId: 'nodered_1' })
    const minutes = (Date.parse(sent.until) - NOW) / 60_000
    expect(minutes).toBeGreaterThanOrEqual(60)
    expect(minutes).toBeLessThan(65)
    await press(page, 'Undo')
    await page.getByText('nodered_1 of c-node_red may come in again').waitFor()
    expect(bans).toEqual([])
    await context.close()
  })

  it('is kept out with all at its address for ever, and is let in from the list', async () => {
    const { page, context } = await open('/red')
    await press(page, 'Keep out…')
    await page.getByRole('radio', { name: /Every client at 192.168.1.5/ }).check()
    await page.getByRole('radio', { name: 'For ever' }).check({ force: true })
    await page.getByRole('dialog').getByRole('button', { name: 'Keep out' }).click()
    await page.getByText('Every client at 192.168.1.5 is kept out').waitFor()
    expect(last('POST /mqtt/bans')?.body).toEqual({ address: '192.168.1.5', until: null })
    await page.getByRole('link', { name: 'All clients' }).click()
    await press(page, 'Let in: Every client at 192.168.1.5')
    await page.getByRole('heading', { name: 'Kept out' }).waitFor({ state: 'detached' })
    expect(bans).toEqual([])
    await context.close()
  })

  it('says in the dialog why it could not be kept out', async () => {
    hub.on('POST /mqtt/bans', () => problem(409, 'access.too_many_bans', 'there are 1000 bans already; lift one first'))
    const { page, context } = await open('/guest')
    await press(page, 'Keep out…')
    // A guest has a new user each time.
    expect(await page.getByRole('radio', { name: /This client|Every client of/ }).count()).toBe(0)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep out' }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await context.close()
  })

  it('leads to the messages under a filter, and to its device', async () => {
    const { page, context } = await open('/z2m')
    const shared = page.getByRole('link', { name: /Messages under *\$share\/workers/ })
    expect(await shared.getAttribute('href')).toBe('/messages?find=homeassistant%2F%2B%2Fset')
    await page.goto(`${hub.url}/messages/clients/fan`)
    const device = page.locator('main').getByRole('link', { name: 'Bathroom fan' })
    expect(await device.getAttribute('href')).toBe('/devices/device-Fan?tab=connection')
    await context.close()
  })
})

describe('texts from outside', () => {
  const HOSTILE = ['<img src=x onerror=alert(1)>', 'left\u202Eright', `long-${'x'.repeat(10_000)}`]

  it('are only ever text, and fit, also on a phone', async () => {
    clients = HOSTILE.map((text, i) =>
      clientJson(['fan', 'red', 'z2m'][i]!, {
        clientId: text,
        user: text,
        lastReason: text,
        filters: [{ filter: text, qos: 0, noLocal: true, retainAsPublished: true }],
        ...(i === 1 ? { device: { id: 'x', name: text } } : {}),
      }),
    )
    bans = HOSTILE.map((text, i) => ({
      ...{ id: `ban-${i}`, user: text, clientId: text, address: null, until: null },
      ...{ who: text, createdAt: ago(5) },
    }))
    const view = await open('', FORMS[0])
    await view.page.getByRole('link', { name: '<img src=x' }).waitFor()
    expect(await view.page.locator('main img').count()).toBe(0)
    expect(await findFaults(view, 'clients-hostile')).toEqual([])
    await view.page.goto(`${hub.url}/messages/clients/z2m`)
    await heading(view.page, /^long-x+…$/)
    expect(await findFaults(view, 'clients-hostile-one')).toEqual([])
    await view.context.close()
  })
})

describe('who is no admin', () => {
  it.each(['guest', 'user'] as const)('sees none of it as a %s', async role => {
    hub.session = sessionOf(role)
    const { page, context } = await open()
    await page.getByRole('heading', { name: 'MQTT clients are for admins' }).waitFor()
    await page.goto(`${hub.url}/messages/clients/red`)
    await page.getByRole('heading', { name: 'MQTT clients are for admins' }).waitFor()
    expect(hub.calls.filter(({ what }) => what.includes('/mqtt/'))).toEqual([])
    await context.close()
  })
})
