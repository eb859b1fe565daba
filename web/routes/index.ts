import {
  mdiChartLine,
  mdiAccountGroupOutline,
  mdiCogOutline,
  mdiFileTreeOutline,
  mdiHomeVariantOutline,
  mdiPowerSocketDe,
  mdiScriptTextOutline,
} from '@mdi/js'
import type { App } from '../lib/app.ts'
import { words } from '../lib/i18n/index.ts'
import type { Route } from '../lib/router.svelte.ts'
import type { Session } from '../lib/session.svelte.ts'
import { ADD_DEVICE, AUDIT, CLIENTS, HEALTH, HISTORY, PASSES, PEOPLE, ROLES, SETTINGS, TOKENS } from './paths.ts'
import { countDevices } from '../lib/state/devices.ts'

/** Every page. A further page is one more line. */
export const routes: readonly Route[] = [
  { path: '/', load: () => import('./Home.svelte') },
  { path: '/claim', load: () => import('./Claim.svelte'), isOutside: true },
  { path: '/signin', load: () => import('./SignInLink.svelte'), isOutside: true },
  { path: '/pass', load: () => import('./PassIn.svelte'), isOutside: true },
  { path: '/recover', load: () => import('./Recover.svelte'), isOutside: true },
  { path: '/welcome/:step', load: () => import('./Welcome.svelte'), isOutside: true },
  { path: '/devices', load: () => import('./Devices.svelte') },
  { path: '/rules', load: () => import('./Rules.svelte') },
  { path: '/rules/new', load: () => import('./RuleEditor.svelte') },
  { path: '/rules/:slug', load: () => import('./RuleEditor.svelte') },
  { path: '/rules/:slug/runs/:id', load: () => import('./RunStory.svelte') },
  { path: ADD_DEVICE, load: () => import('./AddDevice.svelte') },
  { path: '/devices/:slug', load: () => import('./Device.svelte') },
  { path: HISTORY, load: () => import('./History.svelte') },
  { path: '/messages', load: () => import('./Messages.svelte') },
  { path: CLIENTS, load: () => import('./Clients.svelte') },
  { path: `${CLIENTS}/:id`, load: () => import('./Client.svelte') },
  { path: PEOPLE, load: () => import('./People.svelte') },
  { path: PASSES, load: () => import('./Passes.svelte') },
  { path: `${PASSES}/new`, load: () => import('./NewPass.svelte') },
  { path: ROLES, load: () => import('./Roles.svelte') },
  { path: `${ROLES}/:slug`, load: () => import('./Role.svelte') },
  { path: TOKENS, load: () => import('./Tokens.svelte') },
  { path: AUDIT, load: () => import('./Audit.svelte') },
  { path: `${PEOPLE}/:id`, load: () => import('./Person.svelte') },
  { path: SETTINGS, load: () => import('./Settings.svelte') },
  { path: HEALTH, load: () => import('./Health.svelte') },
]

export interface NavEntry {
  readonly path: string
  readonly icon: string
  readonly label: string
  /** Whether somebody finds anything there; left out for what is everybody's. */
  readonly isFor?: (session: Session) => boolean
  /** A page elsewhere that belongs to it. */
  readonly also?: string
  /** A figure beside it; null while it is not known. */
  readonly count?: (app: App) => number | null
}

/** The main navigation, in order. The phone's bar shows the first four; the rest is under More. */
const nav: readonly NavEntry[] = [
  { path: '/', icon: mdiHomeVariantOutline, label: words.shell.home },
  {
    path: '/devices',
    icon: mdiPowerSocketDe,
    label: words.devices.title,
    also: ADD_DEVICE,
    count: ({ live }) => countDevices(live.entities.all).all || null,
  },
  { path: '/rules', icon: mdiScriptTextOutline, label: words.rules.title, isFor: session => session.seesHouse },
  { path: HISTORY, icon: mdiChartLine, label: words.shell.history },
  { path: '/messages', icon: mdiFileTreeOutline, label: words.messages.title, isFor: session => session.can('admin') },
  { path: PEOPLE, icon: mdiAccountGroupOutline, label: words.shell.people, isFor: session => session.can('admin') },
  { path: SETTINGS, icon: mdiCogOutline, label: words.settings.title },
]

/** The entries for whoever is signed in. */
export const navOf = (session: Session): NavEntry[] => nav.filter(({ isFor }) => isFor?.(session) ?? true)
