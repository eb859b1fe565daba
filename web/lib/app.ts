import { createContext } from 'svelte'
import { createApi, type Api } from './api.ts'
import { Clock } from './clock.svelte.ts'
import { house } from './i18n/house.svelte.ts'
import { words } from './i18n/index.ts'
import { Live } from './live/live.svelte.ts'
import { explain } from './problem.ts'
import { Router, type Route } from './router.svelte.ts'
import { DeviceFacts } from './state/device-facts.svelte.ts'
import { Pairing } from './state/pairing.svelte.ts'
import { Areas } from './state/areas.svelte.ts'
import { Points } from './state/points.svelte.ts'
import { Session } from './session.svelte.ts'
import { Slowness } from './slowness.svelte.ts'
import { Toasts } from './toasts.svelte.ts'

/** What pages work with. */
export interface App {
  readonly api: Api
  readonly live: Live
  readonly router: Router
  readonly session: Session
  readonly toasts: Toasts
  readonly clock: Clock
  readonly slowness: Slowness
  readonly areas: Areas
  /** The recent course of values. */
  readonly points: Points
  /** The moment that the house is shown at: now, or when the hub last spoke if it is not reached. */
  readonly shownAt: () => number
  readonly devices: DeviceFacts
  readonly pairing: Pairing
  /** A failed request in words. Throws what is no Problem: that is a bug. */
  readonly explain: (error: unknown) => string
}

export const [useApp, provideApp] = createContext<App>()

/** The parts of the page, in the order they need each other. */
export function createApp(routes: readonly Route[]): App {
  const explainInWords = (error: unknown) => explain(error, words.problems)
  const slowness = new Slowness()
  const session = new Session(() => api)
  const endSession = () => {
    session.end()
    live.close()
  }
  const api = createApi({ fetch: (address, init) => slowness.watch(fetch(address, init)), onSignedOut: endSession })
  const live = new Live({
    api,
    open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/stream`),
    explain: explainInWords,
    onSignedOut: endSession,
  })
  live.on('hello', ({ zone }) => (house.zone = zone))
  live.on('settings', ({ settings }) => (house.zone = settings.zone))
  const clock = new Clock()
  return {
    api,
    live,
    session,
    router: new Router(routes),
    toasts: new Toasts(),
    clock,
    slowness,
    shownAt: () => (live.isOld ? live.heardAt : null) ?? clock.now,
    areas: new Areas(api),
    points: new Points(),
    devices: new DeviceFacts(),
    pairing: new Pairing(),
    explain: explainInWords,
  }
}
