import type { GuestInfo, Heard, HeardMessage, Knock, Visitor } from '#devices'
import { toIso } from '#kernel'
import type { CandidateJson, GuestJson, KnockJson, PairingJson } from './contract.ts'
import { payloadJson } from './payload.ts'
import { candidateJson } from './shapes.ts'

// A stranger decides how much it says, and every open page gets the list twice a second: it stays well below what a
// page may be behind.

/** Topics of a guest that are shown, and characters of each text and bytes of each payload. */
const SHOWN_TOPICS = 20
const SHOWN_LENGTH = 200
/** Faults that are shown, and characters of each. */
const SHOWN_FAULTS = 100
const SHOWN_FAULT = 500
/** Characters of all candidates together. */
const SHOWN_CANDIDATES = 262_144

const cut = (text: string, length = SHOWN_LENGTH) => text.slice(0, length)

function loginJson({ address, clientId, username }: Pick<Visitor, 'address' | 'clientId' | 'username'>) {
  return { address, clientId: cut(clientId), username: username === null ? null : cut(username) }
}

function heardJson({ topic, payload, at }: HeardMessage): GuestJson['topics'][number] {
  return { topic: cut(topic), ...payloadJson(payload.subarray(0, SHOWN_LENGTH), payload.length), at: toIso(at) }
}

function guestJson(guest: GuestInfo): GuestJson {
  const { id, visitor, isConnected, since, lastSeen, messages, heard, candidates } = guest
  const { protocol, hasPassword } = visitor
  return {
    id,
    ...loginJson(visitor),
    ...{ protocol, hasPassword, connected: isConnected, messages },
    since: toIso(since),
    lastSeen: toIso(lastSeen),
    topics: heard.slice(0, SHOWN_TOPICS).map(heardJson),
    candidates: candidates.map(candidate => candidate.id),
  }
}

function knockJson(knock: Knock): KnockJson {
  const { id, reason, count, firstSeen, lastSeen } = knock
  return { id, ...loginJson(knock), reason, count, firstSeen: toIso(firstSeen), lastSeen: toIso(lastSeen) }
}

/** Candidates of guests and of known clients, in full. */
export function candidatesJson({ candidates, guests }: Pick<Heard, 'candidates' | 'guests'>): CandidateJson[] {
  return [
    ...guests.flatMap(guest => guest.candidates.map(each => candidateJson(each, guest.id))),
    ...candidates.map(each => candidateJson(each, null)),
  ]
}

/** As many as have room; before one is left out, its entities are. */
function shownCandidates(heard: Heard): CandidateJson[] {
  let left = SHOWN_CANDIDATES
  return candidatesJson(heard).flatMap(whole => {
    for (const candidate of [whole, { ...whole, entities: [] }]) {
      const { length } = JSON.stringify(candidate)
      if (length > left) continue
      left -= length
      return candidate
    }
    return []
  })
}

/** What is heard and not adopted, within bounds. */
export function pairingJson(heard: Heard): PairingJson {
  const faults = heard.faults.slice(-SHOWN_FAULTS)
  return {
    until: heard.until === null ? null : toIso(heard.until),
    batch: heard.isBatch,
    candidates: shownCandidates(heard),
    guests: heard.guests.map(guestJson),
    knocks: heard.knocks.map(knockJson),
    faults: faults.map(({ topic, message }) => ({ topic: cut(topic), message: cut(message, SHOWN_FAULT) })),
  }
}
