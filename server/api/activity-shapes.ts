import { toIso } from '#kernel'
import type { Activity, CauseLink } from '../history/index.ts'
import type { ActivityJson, CauseLinkJson } from './contract.ts'

/** What of the house and its people one caller may read by name. */
export interface Known {
  readonly seesHouse: boolean
  /** The caller's own name in causes. */
  readonly who: string
  readonly entities: ReadonlySet<string>
  readonly devices: ReadonlySet<string>
  readonly areas: ReadonlySet<string>
}

function mayName(link: CauseLink, { seesHouse, who, entities, devices }: Known): boolean {
  if (seesHouse) return true
  switch (link.kind) {
    case 'change':
      return entities.has(link.id)
    case 'device':
      return devices.has(link.id)
    case 'user':
      return link.name === who
    case 'token':
    case 'pass':
      return link.id === who
    case 'schedule':
    case 'hub':
      return true
    case 'rule':
    case 'client':
    case 'message':
      return false
  }
}

type Scalar = CauseLinkJson['to']

/** A link that the caller may not read keeps its kind alone. */
function linkJson(link: CauseLink, known: Known): CauseLinkJson {
  if (!mayName(link, known)) return { kind: link.kind, name: null, id: null, run: null, value: null, to: null }
  const { kind, name } = link
  return {
    kind,
    name,
    id: 'id' in link ? link.id : null,
    run: link.kind === 'rule' ? link.run : null,
    value: link.kind === 'change' ? link.value : null,
    to: link.kind === 'change' ? (link.to as Scalar) : null,
  }
}

function whatJson({ what }: Activity): ActivityJson['what'] {
  switch (what.kind) {
    case 'change':
      return { ...what, from: what.from as Scalar, to: what.to as Scalar }
    case 'command':
      return { ...what, values: what.values as Record<string, Scalar> }
    case 'run':
      return { ...what, startedAt: toIso(what.startedAt) }
    case 'online':
    case 'device':
      return what
  }
}

export function activityJson(activity: Activity, known: Known): ActivityJson {
  const { first, entity, device, area, cause, count, since, newest } = activity
  const isHidden = area !== null && !known.seesHouse && !known.areas.has(area.id)
  return {
    id: String(first),
    at: toIso(newest[0]!.at),
    seq: newest[0]!.seq,
    entity,
    device,
    area: isHidden ? null : area,
    what: whatJson(activity),
    cause: cause.map(link => linkJson(link, known)),
    count,
    first: toIso(since),
    newest: newest.map(({ at, seq, to, run }) => ({
      at: toIso(at),
      seq,
      to: to as Scalar,
      run: known.seesHouse ? run : null,
    })),
  }
}
