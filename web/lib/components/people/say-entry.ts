import type { AuditEntryJson } from '#api'
import { people } from '../../i18n/people.ts'
import type { AuditNames } from '../../state/audit-names.svelte.ts'
import { plain } from '../../text.ts'

const texts = people.audit

/** An entry of the audit log for people: who, what, and what else is known. */
export interface Said {
  readonly who: string
  readonly what: string
  readonly more: string
  /** Somebody was refused. */
  readonly isFault: boolean
  /** What changed can be told. */
  readonly isEdit: boolean
}

export function sayEntry(entry: AuditEntryJson, names: AuditNames): Said {
  const { action, detail } = entry
  return {
    who: plain(actorOf(entry, names), 60),
    what: plain(doing(entry, names), 160),
    more: moreOf(detail),
    isFault: action === 'sign_in.failed',
    isEdit: action.endsWith('.put') && typeof detail['version'] === 'number' && detail['version'] > 1,
  }
}

function actorOf({ cause: { kind, who } }: AuditEntryJson, names: AuditNames): string {
  const { actors } = texts
  switch (kind) {
    case 'token': {
      const user = names.tokenOf(who)
      return user === undefined ? actors.goneToken : actors.token(user)
    }
    case 'pass': {
      const name = names.passOf(who)
      return name === undefined ? actors.gonePass : actors.pass(name)
    }
    case 'rule':
      return actors.rule(who)
    case 'user':
      return who === 'unknown' ? actors.somebody : who
    case 'device':
    case 'schedule':
      return who
    case 'hub':
      return actors.hub
  }
}

function doing(entry: AuditEntryJson, names: AuditNames): string {
  const { action, object, detail } = entry
  const name = names.objectOf(entry)
  switch (action) {
    case 'sign_in':
      return texts.signedIn
    case 'sign_in.failed':
      return texts.failed
    case 'sign_out':
      return texts.signedOut
    case 'view.begin':
      return texts.viewBegan(name)
    case 'view.end':
      return texts.viewEnded
    case 'mqtt.publish':
      return texts.published(object ?? '')
  }
  const [kind = '', done] = action.split('.')
  const thing = texts.things[kind]?.(name)
  if (thing === undefined) return `${action} ${name ?? object ?? ''}`
  if (done === 'remove') return texts.removed(thing)
  return detail['version'] === 1 ? texts.made(thing) : texts.changed(thing)
}

/** By which way, from where, why not. */
function moreOf({ way, address, code }: AuditEntryJson['detail']): string {
  return [
    ...(typeof way === 'string' ? [texts.ways[way] ?? way] : []),
    ...(typeof code === 'string' ? [texts.reasons[code] ?? code] : []),
    ...(typeof address === 'string' ? [texts.from(plain(address, 60))] : []),
  ].join(', ')
}
