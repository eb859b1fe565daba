import type { BanJson, ClientJson } from '#api'
import { clients as texts } from '../i18n/clients.ts'
import { formats } from '../i18n/index.ts'
import { plain, toWord } from '../text.ts'

/** What the list of clients can be narrowed to. */
export const SHOWS = ['connected', 'away', 'trouble', 'guests'] as const
export type Show = (typeof SHOWS)[number]
export const SORTS = ['name', 'busy', 'waiting', 'change'] as const
type Sort = (typeof SORTS)[number]

/** As the address tells it. */
export interface ClientFilter {
  readonly show: Show | null
  readonly text: string
  readonly sort: Sort
}

export function toClientFilter(query: URLSearchParams): ClientFilter {
  return {
    show: SHOWS.find(each => each === query.get('show')) ?? null,
    text: query.get('q') ?? '',
    sort: SORTS.find(each => each === query.get('sort')) ?? 'name',
  }
}

/** What is wrong with a client that is connected, worst first. */
export function troubleOf(client: ClientJson): 'slowed' | 'behind' | null {
  if (client.slowed) return 'slowed'
  return client.unread > 0 && (client.queued > 0 || client.dropped > 0) ? 'behind' : null
}

const FITS: Readonly<Record<Show, (client: ClientJson) => boolean>> = {
  connected: ({ connected }) => connected,
  away: ({ connected }) => !connected,
  trouble: client => client.dropped > 0 || troubleOf(client) !== null,
  guests: ({ kind }) => kind === 'guest',
}

/** How many clients each filter shows. */
export function countShown(all: readonly ClientJson[]): Record<Show, number> {
  const of = (show: Show) => all.filter(FITS[show]).length
  return { connected: of('connected'), away: of('away'), trouble: of('trouble'), guests: of('guests') }
}

/** What a client is called: the device behind it, else its own id. */
export const nameOf = ({ device, clientId }: Pick<ClientJson, 'device' | 'clientId'>): string =>
  device?.name ?? clientId

const fold = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

function holds(client: ClientJson, text: string): boolean {
  const { user, clientId, address, device } = client
  const all = fold([device?.name, clientId, user, address].filter(Boolean).join(' '))
  return fold(text)
    .split(/\s+/)
    .every(word => all.includes(word))
}

const changedAt = ({ connectedAt, disconnectedAt }: ClientJson) => Date.parse(connectedAt ?? disconnectedAt ?? '') || 0
const byName = (a: ClientJson, b: ClientJson) => nameOf(a).localeCompare(nameOf(b)) || (a.id < b.id ? -1 : 1)

const ORDERS: Readonly<Record<Sort, (a: ClientJson, b: ClientJson) => number>> = {
  name: () => 0,
  busy: (a, b) => b.rateIn + b.rateOut - a.rateIn - a.rateOut,
  waiting: (a, b) => b.queued + b.dropped - a.queued - a.dropped,
  change: (a, b) => changedAt(b) - changedAt(a),
}

/** The clients that fit, in the wanted order; those that are equal in it by name. */
export function filterClients(all: readonly ClientJson[], { show, text, sort }: ClientFilter): ClientJson[] {
  const fitting = all.filter(client => (show === null || FITS[show](client)) && (text === '' || holds(client, text)))
  return fitting.toSorted((a, b) => ORDERS[sort](a, b) || byName(a, b))
}

/** Why a connection ended, in words. */
export const reasonOf = (code: string): string => texts.reasons[code] ?? toWord(code.replace(/^\w+\./, ''))

/** `0.4 a second`, or that nothing passes. */
export function rateOf(rate: number): string {
  if (rate === 0) return texts.silent
  return texts.perSecond(formats.number(rate, rate < 10 ? 1 : 0))
}

/** `12 KiB` */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return texts.bytes(bytes, formats.number(bytes))
  if (bytes < 1024 * 1024) return texts.kibibytes(formats.number(bytes / 1024, 0))
  return texts.mebibytes(formats.number(bytes / 1024 / 1024, 1))
}

/** Whom a ban keeps out, short and without what turns its neighbours. */
export function whomOf({ user, clientId, address }: Pick<BanJson, 'user' | 'clientId' | 'address'>): string {
  if (address !== null) return texts.bans.addressAll(plain(address, 60))
  const name = plain(user ?? '', 60)
  return clientId === null ? texts.bans.userAll(name) : texts.bans.clientOf(plain(clientId, 60), name)
}
