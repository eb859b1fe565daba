import type { Page } from 'playwright-core'
import type { CredentialJson, OpenSessionJson, SettingsJson } from '#api'
import type { FakeHub } from './fake-hub.ts'
import { AREAS, HOUSE } from './house.ts'
import { serveHealth } from './health-page.ts'
import { openStage } from './stage.ts'
import { heading, NOW, type Form } from './view.ts'

const ago = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString()
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'

export function sessionJson(id: string, more: Partial<OpenSessionJson>): OpenSessionJson {
  return {
    id,
    createdAt: ago(900),
    seenAt: ago(1),
    expiresAt: ago(-2000),
    address: '192.168.1.20',
    userAgent: CHROME,
    current: false,
    ...more,
  }
}
export function loginJson(username: string, more: Partial<CredentialJson> = {}): CredentialJson {
  return {
    username,
    user: username,
    clientId: null,
    kind: 'software',
    origin: 'issued',
    device: null,
    publish: [],
    subscribe: [],
    full: true,
    createdAt: ago(4000),
    ...more,
  }
}

/** A hub whose lists change as the real one's. */
export function serveSettings(hub: FakeHub) {
  hub.areas = [...AREAS]
  hub.entities = [...HOUSE]
  hub.settings = { ...hub.settings, name: 'Lindenhof', place: { latitude: 52.5, longitude: 13.4 } }
  let sessions = [
    sessionJson('s1', { userAgent: SAFARI, address: '192.168.1.31', seenAt: ago(30) }),
    sessionJson('s2', { current: true }),
  ]
  let logins = [
    loginJson('node_red'),
    loginJson('zigbee2mqtt', {
      full: false,
      publish: ['zigbee2mqtt/#'],
      subscribe: ['zigbee2mqtt/#', 'homeassistant/#'],
    }),
    loginJson('d-k4w2mz', { kind: 'device', device: 'device-Fan', full: false, publish: ['tele/fan/#'] }),
  ]
  const list = (items: readonly unknown[]) => ({ status: 200, body: { items, next: null } })
  const gone = { status: 204, body: undefined }
  hub.on('PATCH /settings', body => {
    hub.settings = { ...hub.settings, ...(body as Partial<SettingsJson>), version: hub.settings.version + 1 }
    return { status: 200, body: hub.settings }
  })
  hub.on('GET /sessions', () => list(sessions))
  hub.on('GET /session/totp', () => ({ status: 200, body: { enabled: false, recoveryCodes: 0 } }))
  hub.on('DELETE /sessions/s1', () => {
    sessions = sessions.filter(({ id }) => id !== 's1')
    return gone
  })
  hub.on('GET /mqtt/credentials', () => list(logins))
  hub.on('POST /mqtt/credentials', body => {
    const { name } = body as { name: string }
    logins = [...logins, loginJson(name)]
    return { status: 201, body: { username: name, password: 'k7Qm-x2Wp-9tVb-4hRz' } }
  })
  hub.on('DELETE /mqtt/credentials/node_red', () => {
    logins = logins.filter(({ username }) => username !== 'node_red')
    return gone
  })
  serveHealth(hub)
  hub.on('GET /rules', () => list([{ text: 'if: living_room.lights is on' }]))
}

export const block = (page: Page, name: string) => page.getByRole('region', { name })
export const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()

/** The page of settings, and a hub that keeps what is changed. */
export function openSettingsStage() {
  const stage = openStage(serveSettings)
  return {
    stage,
    async open(form?: Form) {
      const view = await stage.open('/settings', form)
      await heading(view.page, 'Settings')
      return view
    },
    async openHealth(form?: Form) {
      const view = await stage.open('/settings/health', form)
      await heading(view.page, 'Health')
      return view
    },
    last: (what: string) => stage.hub.calls.findLast(call => call.what === what),
  }
}
