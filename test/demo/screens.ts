import type { Page } from 'playwright-core'
import type { ClientJson, DeviceJson, RunJson, UserJson } from '#api'
import type { Demo } from './demo.ts'

/** A screen that is pictured. */
export interface Screen {
  readonly name: string
  /** Its address, or how to find it. */
  readonly path: string | ((demo: Demo) => Promise<string>)
  /** Before anybody signed in: to the demo house, or to a hub that nobody owns yet. Left out: the owner of the demo house sees it. */
  readonly outside?: 'demo' | 'unclaimed'
  /** Resolves when it shows what it is for. */
  ready(page: Page): Promise<unknown>
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).waitFor()

async function pageOf(demo: Demo, name: string): Promise<string> {
  const { items } = (await demo.ask('GET', '/devices')) as { items: DeviceJson[] }
  const found = items.find(device => device.name === name)
  if (found === undefined) throw new Error(`the demo house has no device "${name}"`)
  return `/devices/${found.slug}`
}

async function lastRun(demo: Demo, rule: string): Promise<string> {
  const { items } = (await demo.ask('GET', `/rules/${rule}/runs?limit=1`)) as { items: RunJson[] }
  if (items[0] === undefined) throw new Error(`the rule "${rule}" of the demo house never ran`)
  return `/rules/${rule}/runs/${items[0].id}`
}

async function firstClient(demo: Demo): Promise<string> {
  const { items } = (await demo.ask('GET', '/mqtt/clients')) as { items: ClientJson[] }
  const found = items.find(({ subscriptions }) => subscriptions > 0)
  if (found === undefined) throw new Error('no client of the demo house subscribes to anything')
  return `/messages/clients/${found.id}`
}

async function personOf(demo: Demo, name: string): Promise<string> {
  const { items } = (await demo.ask('GET', '/users')) as { items: UserJson[] }
  const found = items.find(user => user.name === name)
  if (found === undefined) throw new Error(`nobody in the demo house is called "${name}"`)
  return found.id
}

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
  { name: 'claim', outside: 'unclaimed', path: '/claim#CODE', ready: heading },
  { name: 'unclaimed', outside: 'unclaimed', path: '/', ready: heading },
  { name: 'recover', outside: 'demo', path: '/recover', ready: heading },
  { name: 'sign-in', outside: 'demo', path: '/', ready: heading },
  { name: 'welcome-home', path: '/welcome/home', ready: heading },
  { name: 'welcome-rooms', path: '/welcome/rooms', ready: heading },
  { name: 'home', path: '/', ready: page => page.locator('main li.pane').nth(20).waitFor() },
  { name: 'devices', path: '/devices', ready: page => page.getByText('Hall lamp').first().waitFor() },
  { name: 'device', path: demo => pageOf(demo, 'Living room lamp'), ready: heading },
  { name: 'add', path: '/add', ready: page => page.getByText('Balcony light').first().waitFor() },
  { name: 'rules', path: '/rules', ready: page => page.getByText('Hall light').first().waitFor() },
  { name: 'rule-editor', path: '/rules/hall_light', ready: page => page.locator('.cm-line').nth(5).waitFor() },
  {
    name: 'run',
    path: demo => lastRun(demo, 'hall_light'),
    ready: page => page.getByText('hall_lamp').first().waitFor(),
  },
  { name: 'history', path: '/history', ready: page => page.getByRole('heading', { name: 'States' }).waitFor() },
  {
    name: 'device-history',
    path: async demo => `${await pageOf(demo, 'Living room climate')}?tab=history`,
    ready: page => page.getByRole('heading', { name: 'Humidity' }).waitFor(),
  },
  { name: 'messages', path: '/messages', ready: page => page.getByRole('treeitem').nth(3).waitFor() },
  {
    name: 'topic',
    path: '/messages?topic=desk-strip/light/strip/state',
    ready: page => page.getByRole('heading', { name: 'Last messages' }).waitFor(),
  },
  { name: 'clients', path: '/messages/clients', ready: page => page.getByText('Connected for').first().waitFor() },
  {
    name: 'client',
    path: firstClient,
    ready: page => page.getByRole('heading', { name: 'Subscribes to' }).waitFor(),
  },
  { name: 'people', path: '/people', ready: page => page.getByText('controls Living room').waitFor() },
  {
    name: 'person',
    path: async demo => `/people/${await personOf(demo, 'Lena')}`,
    ready: page => page.getByRole('heading', { name: 'Keep out' }).waitFor(),
  },
  { name: 'passes', path: '/people/passes', ready: page => page.getByText('Babysitter').waitFor() },
  { name: 'new-pass', path: '/people/passes/new', ready: page => page.getByRole('checkbox').nth(9).waitFor() },
  { name: 'roles', path: '/people/roles', ready: page => page.getByText('Of Lena').waitFor() },
  { name: 'role', path: '/people/roles/children', ready: page => page.getByRole('radio').nth(9).waitFor() },
  { name: 'tokens', path: '/people/tokens', ready: page => page.getByText('only Living room').waitFor() },
  { name: 'audit', path: '/people/audit', ready: page => page.getByText('Whole: none of').waitFor() },
  { name: 'settings', path: '/settings', ready: page => page.getByText('Signed in').waitFor() },
  { name: 'health', path: '/settings/health', ready: page => page.getByText('Readings').waitFor() },
]
