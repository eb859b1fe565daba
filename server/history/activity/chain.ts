import type { Device, Entity } from '#devices'
import type { Cause, Ulid } from '#kernel'
import type { CauseLink } from './entry.ts'

/** Links of one chain; what lies further back is left out. */
export const MAX_LINKS = 16
/** Characters of a name in a chain. */
const MAX_NAME = 100

/** Whom causes speak of; undefined for who is gone. */
export interface Names {
  rule(id: string): string | undefined
  /** Whose token it is. */
  token(id: Ulid): string | undefined
  pass(id: Ulid): string | undefined
  entity(id: Ulid): Entity | undefined
  /** Whether an MQTT client is known by that user and id. */
  isClient(user: string, clientId: string): boolean
}

/** What people call an entity. */
export function labelOf({ name, device }: Pick<Entity, 'name' | 'device'>): string {
  return name === device.name ? name : `${device.name} ${name}`
}

/** What is told of a device; of one that is gone no more than its name. */
export type Thing = { readonly id: Ulid; readonly name: string } & Partial<Pick<Device, 'user' | 'clientId'>>

/** A device that nobody logged in as, or that logged in since as another client, speaks for itself all the same. */
function isItself({ user = null, clientId = null }: Thing, who: string, names: Names): boolean {
  return user === null || clientId === null || clientId === who || names.isClient(user, who)
}

function root({ kind, who }: Cause, device: Thing | undefined, names: Names): CauseLink | null {
  switch (kind) {
    case 'token':
      return { kind, id: who, name: names.token(who) ?? who }
    case 'pass':
      return { kind, id: who, name: names.pass(who) ?? who }
    case 'device':
      return device !== undefined && isItself(device, who, names)
        ? { kind, id: device.id, name: device.name }
        : { kind: 'client', name: who }
    case 'user':
    case 'schedule':
    case 'hub':
      return { kind, name: who }
    case 'rule':
      return null
  }
}

/** The chain of a cause, from the nearest to the first. `device`: the one that the cause changed something of. */
export function linksOf(cause: Cause, device: Thing | undefined, names: Names): CauseLink[] {
  const links: CauseLink[] = []
  let about: Thing | undefined = device
  for (let each: Cause | undefined = cause; each !== undefined && links.length < MAX_LINKS; each = each.from) {
    const { who, id, occasion } = each
    links.push(root(each, about, names) ?? { kind: 'rule', id: who, name: names.rule(who) ?? who, run: id })
    const entity = occasion && 'entity' in occasion ? names.entity(occasion.entity) : undefined
    if (occasion && 'topic' in occasion) links.push({ kind: 'message', name: occasion.topic })
    if (occasion && 'entity' in occasion) {
      const name = entity === undefined ? occasion.name : labelOf(entity)
      links.push({ kind: 'change', id: occasion.entity, name, value: occasion.value, to: occasion.to })
    }
    about = entity?.device
  }
  return links.slice(0, MAX_LINKS).map(link => ({ ...link, name: link.name.slice(0, MAX_NAME) }))
}
