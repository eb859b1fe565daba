import type { Registry } from '#devices'
import type { Engine } from '#rules'
import type { Access } from './access/index.ts'
import type { Broker } from './broker/index.ts'
import type { Names } from './history/index.ts'

/** What those are called that causes speak of. */
export function namesOf(
  parts: { registry: Pick<Registry, 'entity'>; engine: Pick<Engine, 'nameOf'> } & {
    access: Pick<Access, 'users' | 'tokens' | 'passes'>
    broker: Pick<Broker, 'client'>
  },
): Names {
  const { registry, engine, access, broker } = parts
  return {
    entity: registry.entity,
    rule: engine.nameOf,
    token(id) {
      const token = access.tokens().find(each => each.id === id)
      return access.users().find(({ id: user }) => user === token?.user)?.name
    },
    pass: id => access.passes().find(each => each.id === id)?.name,
    isClient: (user, clientId) => broker.client(user, clientId) !== undefined,
  }
}
