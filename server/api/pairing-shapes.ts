import type { GuestInfo, Heard, HeardMessage, Knock, Visitor } from '#devices'
import { toIso } from '#kernel'
import type { CandidateJson, GuestJson, KnockJson, PairingJson } from './contract.ts'
import { payloadJson } from './payload.ts'
import { candidateJson } from './shapes.ts'

/** Topics of a guest that are shown, and bytes of each payload. */
const SHOWN_TOPICS = 20
const SHOWN_BYTES = 200

const loginJson = ({ address, clientId, username }: Pick<Visitor, 'address' | 'clientId' | 'username'>) => ({
  address,
  clientId,
  username,
})

function heardJson({ topic, payload, at }: HeardMessage): GuestJson['topics'][number] {
  return { topic, ...payloadJson(payload.subarray(0, SHOWN_BYTES), payload.length), at: toIso(at) }
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

/** Candidates of known clients and of guests. */
export function candidatesJson({ candidates, guests }: Pick<Heard, 'candidates' | 'guests'>): CandidateJson[] {
  return [
    ...candidates.map(each => candidateJson(each, null)),
    ...guests.flatMap(guest => guest.candidates.map(each => candidateJson(each, guest.id))),
  ]
}

/** Everything that is heard and not adopted. */
export function pairingJson(heard: Heard): PairingJson {
  return {
    until: heard.until === null ? null : toIso(heard.until),
    batch: heard.isBatch,
    candidates: candidatesJson(heard),
    guests: heard.guests.map(guestJson),
    knocks: heard.knocks.map(knockJson),
    faults: [...heard.faults],
  }
}
