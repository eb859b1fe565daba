import type { ActivityJson } from '#api'
import type { LampState } from '../components/shared/Lamp.svelte'
import { activity as texts } from '../i18n/history.ts'
import { words } from '../i18n/index.ts'
import type { Entity } from '../live/entity.svelte.ts'
import { partName } from '../state/house.ts'
import { senseOf } from '../state/kinds.ts'
import { nameOfValue, sayValue } from '../state/said.ts'
import { plain, toWord } from '../text.ts'
import { clientAt, deviceAt, ruleAt, runAt } from '../../routes/paths.ts'

type Json = ActivityJson['cause'][number]['to']
type Find = (id: string) => Entity | undefined

/** Something with a name, and where it leads; null for what has no page. */
export interface Told {
  readonly text: string
  readonly href: string | null
}

/** One line of the list: what happened, why, and how it looks. */
export interface Line {
  readonly lamp: LampState
  readonly text: string
  /** Where what happened leads. */
  readonly href: string | null
  /** What a command that came to nothing says. */
  readonly note: string | null
  /** From the nearest cause to the first. */
  readonly causes: readonly Told[]
}

const SENSES: Readonly<Record<string, unknown>> = words.things.senses

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/** What a value became, inside a sentence. */
function wordOf(value: string, to: Json, unit: string | null = null): string {
  const scalar = to === null || typeof to !== 'object' ? to : JSON.stringify(to)
  const { figure, text } = sayValue(value, { value: scalar, ...(unit === null ? {} : { unit }) })
  if (figure) return `${figure.figure}${figure.isClose || figure.unit === '' ? '' : ' '}${figure.unit}`
  return typeof to === 'boolean' || to === null ? lower(text) : plain(text, 60)
}

/** Values that an entity is about need no name. */
const isMain = (value: string) => value === 'on' || (words.things.senseOf[value] ?? value) in SENSES

/** The device alone where its part is called after what it says: `Hall motion` for the motion of `Hall motion`. */
function shortName({ entity, device }: { entity: string; device: string }, value: string): string {
  const [whole, front] = [entity.toLowerCase(), device.toLowerCase()]
  const part = whole.startsWith(front) ? whole.slice(front.length).trim() : whole
  const isSaid = front.includes(part) || [value, nameOfValue(value)].some(each => each.toLowerCase() === part)
  return plain(isSaid ? device : partName(entity, device), 80)
}

function nameOf({ entity, device, what }: ActivityJson): string {
  if (!entity || !device) return plain((device ?? entity)?.name ?? '', 80)
  return shortName({ entity: entity.name, device: device.name }, what.kind === 'change' ? what.value : '')
}

/** What became of the newest one of a line; of a burst also of each single one. */
export function changeText(item: ActivityJson, to: Json): string {
  const { what } = item
  const name = nameOf(item)
  if (what.kind === 'online') return to === true ? texts.online(name) : texts.offline(name)
  if (what.kind !== 'change') return ''
  const word = wordOf(what.value, to, what.unit)
  return isMain(what.value) ? texts.change(name, word) : texts.changeOf(name, lower(nameOfValue(what.value)), word)
}

function lampOfChange(value: string, to: Json): LampState {
  if (to === false) return 'off'
  if (to !== true) return 'ok'
  if (value === 'on') return 'lit'
  const sense = senseOf(value)
  return sense === 'open' ? 'open' : sense === 'alarm' ? 'fail' : 'ok'
}

const RUN_LAMPS = { done: 'ok', stopped: 'off', failed: 'fail', cancelled: 'off' } as const

function whatOf(item: ActivityJson): Pick<Line, 'lamp' | 'text'> & Partial<Line> {
  const { what } = item
  const name = nameOf(item)
  switch (what.kind) {
    case 'change':
      return { lamp: lampOfChange(what.value, what.to), text: changeText(item, what.to) }
    case 'online':
      return { lamp: what.to ? 'ok' : 'offline', text: changeText(item, what.to) }
    case 'device':
      return { lamp: what.change === 'added' ? 'ok' : 'off', text: texts[what.change](name) }
    case 'command': {
      const command = lower(words.device.control.commands[what.command] ?? toWord(what.command))
      const say = what.state === 'expired' ? texts.expired : texts.refused
      return { lamp: 'fail', text: say(name, command), note: what.state === 'failed' ? plain(what.reason) : null }
    }
    case 'run':
      return {
        lamp: RUN_LAMPS[what.state],
        text: texts.run[what.state](plain(what.name, 80)),
        href: runAt(what.rule, what.run),
      }
  }
}

function addressOf({ kind, id, name, run }: ActivityJson['cause'][number], find: Find, devices: Find): string | null {
  if (kind === 'client' && name !== null) return clientAt(name)
  if (kind === 'message' && name !== null) return `/messages?topic=${encodeURIComponent(name)}`
  if (id === null) return null
  if (kind === 'rule') return run === null ? ruleAt(id) : runAt(id, run)
  const entity = kind === 'change' ? find(id) : kind === 'device' ? devices(id) : undefined
  return entity ? deviceAt(entity.device.slug) : null
}

function causeOf(
  link: ActivityJson['cause'][number],
  { item, find, devices }: { item: ActivityJson; find: Find; devices: Find },
): Told {
  const { kind, name, value, to, id } = link
  if (name === null || (kind === 'device' && id === item.device?.id)) return { text: texts.hidden[kind], href: null }
  const href = addressOf(link, find, devices)
  if (kind !== 'change' || value === null) return { text: texts.causes[kind](plain(name, 80), ''), href }
  const entity = id === null ? undefined : find(id)
  const known = entity ? shortName({ entity: entity.name, device: entity.device.name }, value) : plain(name, 80)
  return { text: texts.causes.change(known, wordOf(value, to)), href }
}

/** Tells something that happened. `entities` are those that whoever looks may see: only they lead somewhere. */
export function tell(item: ActivityJson, entities: readonly Entity[]): Line {
  const find: Find = id => entities.find(each => each.id === id)
  const devices: Find = id => entities.find(each => each.device.id === id)
  const device = item.device && devices(item.device.id)
  return {
    href: device ? deviceAt(device.device.slug) : null,
    note: null,
    causes: item.cause.map(link => causeOf(link, { item, find, devices })),
    ...whatOf(item),
  }
}
