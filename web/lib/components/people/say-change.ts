import type { AuditDetailJson } from '#api'
import { formats } from '../../i18n/index.ts'
import { people } from '../../i18n/people.ts'
import type { AuditNames } from '../../state/audit-names.svelte.ts'
import { shorten, toWord } from '../../text.ts'

const texts = people.audit

type Change = AuditDetailJson['changes'][number]
type Value = Change['to']

/** `Role by room: nothing became Children.` */
export function sayChange({ field, from, to }: Change, names: AuditNames): string {
  const say = (value: Value) => shorten(sayValue(value, field, names), 200)
  return texts.became(texts.fields[field] ?? toWord(field), say(from), say(to))
}

function sayValue(value: Value, field: string, names: AuditNames): string {
  if (value === null) return texts.empty
  if (typeof value === 'boolean') return value ? texts.yes : texts.no
  if (typeof value === 'number') return formats.number(value)
  if (typeof value === 'string') return sayWord(value, field, names)
  if (!Array.isArray(value)) return JSON.stringify(value)
  if (value.length === 0) return texts.empty
  return formats.list(value.map(item => sayItem(item, field, names)))
}

function sayWord(value: string, field: string, names: AuditNames): string {
  if (field === 'role' && value in people.roles) return people.roles[value as keyof typeof people.roles].name
  if (field === 'house' && value in people.actions) return actionOf(value)
  return names.nameOf(value) ?? value
}

/** What may be done in a room, or an id. */
function sayItem(item: Value, field: string, names: AuditNames): string {
  const { area, may } = Object(item) as { area?: unknown; may?: unknown }
  if (typeof area === 'string' && typeof may === 'string') return `${names.nameOf(area) ?? area} ${actionOf(may)}`
  return typeof item === 'string' ? sayWord(item, field, names) : JSON.stringify(item)
}

const actionOf = (may: string) => (people.actions[may as keyof typeof people.actions] ?? may).toLowerCase()
