import type { CandidateJson, GuestJson, KnockJson } from '#api'
import type { Station } from '../shared/Line.svelte'
import { formats, words } from '../../i18n/index.ts'
import { plain } from '../../text.ts'

const texts = words.pairing.stations
const at = (time: string) => formats.second(Date.parse(time))

const reached = ({ address, time }: { address: string; time: string }): Station => ({
  key: 'reached',
  lamp: 'ok',
  name: texts.reached,
  note: texts.reachedFrom(address, at(time)),
})

function letIn({ hasPassword, username }: GuestJson): Station {
  const note = hasPassword ? texts.withPassword(plain(username ?? '', 40)) : texts.withoutPassword
  return { key: 'login', lamp: hasPassword ? 'ok' : 'warn', name: texts.letIn, note }
}

const spoke = ({ messages }: GuestJson): Station =>
  messages > 0
    ? { key: 'message', lamp: 'ok', name: texts.message, note: texts.messages(messages) }
    : { key: 'message', lamp: 'wait', name: texts.message, note: texts.messageAhead, isAhead: true }

/** How far a device that announced itself is. `guest`: the stranger it came with; null when a known client told of it. */
export function stationsOf(candidate: CandidateJson, guest: GuestJson | null): Station[] {
  const { dialect, entities, clientId } = candidate
  const understood: Station = {
    key: 'understood',
    lamp: 'ok',
    name: texts.understood,
    note: texts.understoodAs(words.devices.dialects[dialect] ?? dialect, entities.length),
  }
  if (guest) return [...guestStations(guest).slice(0, 3), understood]
  const known: Station = { key: 'known', lamp: 'ok', name: texts.known, note: texts.knownBy(plain(clientId ?? '', 60)) }
  return [known, understood]
}

/** How far a stranger is that announced nothing yet. */
export function guestStations(guest: GuestJson): Station[] {
  const gone: Station[] = guest.connected
    ? []
    : [{ key: 'gone', lamp: 'offline', name: texts.gone(at(guest.lastSeen)) }]
  const isTalking = guest.messages > 0
  return [
    reached({ address: guest.address, time: guest.since }),
    letIn(guest),
    spoke(guest),
    ...gone,
    {
      key: 'understood',
      lamp: isTalking ? 'wait' : 'never',
      name: isTalking ? texts.notYet : texts.understood,
      ...(isTalking ? { note: texts.notYetNote } : {}),
      isAhead: true,
    },
  ]
}

/** Where somebody who was refused came to stand. */
export function knockStations({ address, firstSeen, reason, count, clientId }: KnockJson): Station[] {
  const { since, times, stops } = words.pairing.knock
  const client = plain(clientId, 60) || words.pairing.heard.unnamed
  return [
    reached({ address, time: firstSeen }),
    { key: 'login', lamp: 'fail', name: stops[reason], note: since(times(count), at(firstSeen), client) },
    { key: 'message', lamp: 'never', name: texts.message, note: texts.ahead, isAhead: true },
    { key: 'understood', lamp: 'never', name: texts.understood, isAhead: true },
  ]
}
