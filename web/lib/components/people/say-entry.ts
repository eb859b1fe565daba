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

/** What is no edit of a thing. */
const SAID: Readonly<Record<string, (name: string | null, entry: AuditEntryJson) => string>> = {
  sign_in: () => texts.signedIn,
  'sign_in.failed': () => texts.failed,
  'sign_in.link': texts.linkMade,
  sign_out: () => texts.signedOut,
  'sign_out.all': texts.signedOutAll,
  'view.begin': texts.viewBegan,
  'view.end': () => texts.viewEnded,
  'mqtt.publish': (_name, { object }) => texts.published(object ?? ''),
  'mqtt.disconnect': (_name, { object }) => texts.disconnected(object ?? ''),
  'pairing.open': () => texts.opened,
  'pairing.close': () => texts.closed,
  'pairing.reject': () => texts.rejected,
  'pairing.dismiss': () => texts.dismissed,
  'rule_file.enable': (name, { detail }) =>
    texts.switched(texts.things['rule_file']!(name), detail['enabled'] === true),
}

function doing(entry: AuditEntryJson, names: AuditNames): string {
  const { action, object, detail } = entry
  const name = names.objectOf(entry)
  const plainly = SAID[action]?.(name ?? null, entry)
  if (plainly !== undefined) return plainly
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
