import type { DeviceLogins } from '#devices'
import { createDurableWait, HobError, isSlug, toSlug, type Cause } from '#kernel'
import { Credentials } from './credentials.ts'
import type { Access, AccessOptions, ClientCredential } from './face.ts'
import { makeVerifier } from './scram.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import type { StoredClient } from './store.ts'
import { badFilter } from './topic-rules.ts'

export interface Clients extends Pick<Access, 'addClient' | 'removeClient'> {
  readonly credentials: Credentials
  readonly logins: DeviceLogins
  shown(): ClientCredential[]
}

/** MQTT credentials: those the hub makes for software, and those that devices brought along. */
export function createClients(
  options: Pick<AccessOptions, 'clock' | 'newId' | 'random' | 'store' | 'onCredentialRevoked'>,
): Clients {
  const { clock, newId, random, store } = options
  const credentials = new Credentials()
  const whenDurable = createDurableWait(store)

  function write(client: StoredClient, cause: Cause): Promise<void> {
    return whenDurable(store.write({ op: 'access.client.put', client, cause }))
  }

  function remove(client: StoredClient, cause: Cause): Promise<void> {
    credentials.remove(client)
    options.onCredentialRevoked({ user: Credentials.userOf(client), kind: client.kind })
    return whenDurable(store.write({ op: 'access.client.remove', id: client.id, cause }))
  }

  return {
    credentials,
    logins: deviceLogins({ ...options, credentials, write, remove }),
    shown: () => credentials.values().map(shownClient),
    async addClient({ name, kind, publish, subscribe, full }, cause) {
      const wrong = badFilter(publish) ?? badFilter(subscribe)
      if (wrong !== undefined)
        throw new HobError(
          'access.bad_filter',
          `"${wrong}" is not a topic filter: + and # fill whole levels, # only the last`,
        )
      const username = `c-${toSlug(name, 'client')}`
      if (!isSlug(username.slice(2)) || credentials.get(username) !== undefined)
        throw new HobError('access.name_taken', `there is a client "${username}" already`)
      const password = makeSecret(random)
      const client: StoredClient = {
        id: newId(),
        kind,
        username,
        clientId: null,
        origin: 'issued',
        hash: hashSecret(password),
        scram: makeVerifier(password, random),
        publish,
        subscribe,
        full,
        device: null,
        createdAt: clock.now(),
      }
      credentials.put(client)
      await write(client, cause)
      return { client: shownClient(client), password }
    },
    async removeClient(username, cause) {
      const client = credentials.get(username)
      if (client?.origin !== 'issued') throw new HobError('access.unknown_client', `there is no client "${username}"`)
      await remove(client, cause)
    },
  }
}

function deviceLogins(parts: {
  readonly clock: AccessOptions['clock']
  readonly newId: AccessOptions['newId']
  readonly credentials: Credentials
  readonly write: (client: StoredClient, cause: Cause) => Promise<void>
  readonly remove: (client: StoredClient, cause: Cause) => Promise<void>
}): DeviceLogins {
  const { clock, newId, credentials } = parts
  return {
    grant(visitor, { kind, publish, subscribe }) {
      const { clientId, hasPassword, proof } = visitor
      const username = visitor.username ?? ''
      if (credentials.has(username, clientId)) {
        throw new HobError(
          'pairing.login_taken',
          `another device logs in as "${username}" with the client id "${clientId}"; give this one a client id of its own`,
        )
      }
      const id = newId()
      const origin = hasPassword ? 'own' : 'none'
      const about = { kind, username, clientId, origin, hash: proof, scram: null, publish, subscribe } as const
      const client: StoredClient = { id, ...about, full: false, device: null, createdAt: clock.now() }
      credentials.put(client)
      return Credentials.userOf(client)
    },
    async keep(user, device, cause) {
      const client = { ...credentials.need(user), device }
      credentials.put(client)
      await parts.write(client, cause)
    },
    revoke: async (user, cause) => parts.remove(credentials.need(user), cause),
    topicsOf(user) {
      const client = credentials.get(user)
      return client === undefined || client.kind === 'software' ? null : client
    },
  }
}

function shownClient({ hash: _hash, scram: _scram, ...client }: StoredClient): ClientCredential {
  return { ...client, user: Credentials.userOf(client) }
}
