import { HobError, toIso } from '#kernel'
import type { Device } from '#devices'
import { z } from 'zod'
import type { ClientCredential } from '../../access/index.ts'
import { deviceConnection, type DeviceConnectionJson } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'
import type { Api } from '../route.ts'

function loginOf(credential: ClientCredential | undefined): DeviceConnectionJson['login'] {
  if (credential === undefined) return null
  return credential.kind === 'software' ? 'software' : credential.origin
}

function connectionJson(
  { user, clientId }: Pick<Device, 'user' | 'clientId'>,
  { access, broker }: Pick<ApiOptions, 'access' | 'broker'>,
): DeviceConnectionJson {
  const sessions = broker.clients().filter(each => each.user === user)
  const session = sessions.find(each => each.clientId === clientId) ?? sessions.find(each => each.connected)
  const isConnected = session?.connected === true
  return {
    username: user,
    clientId: session?.clientId ?? clientId,
    login: loginOf(access.clients().find(each => each.user === user)),
    connected: isConnected,
    address: session?.address ?? null,
    protocol: session?.protocol ?? null,
    since: isConnected && session.connectedAt !== null ? toIso(session.connectedAt) : null,
    lastReason: session?.lastReason ?? null,
  }
}

/** How the MQTT client behind a device stands with the broker. */
export function deviceConnectionRoute(api: Api, { registry, access, broker }: ApiOptions): void {
  api.get(
    '/devices/:id/connection',
    {
      config: { scope: 'admin', house: true },
      schema: { params: z.object({ id: z.string().describe('id or slug') }), response: { 200: deviceConnection } },
    },
    async request => {
      const found = registry.device(request.params.id)
      if (found === undefined) throw new HobError('devices.unknown_device', `there is no device "${request.params.id}"`)
      return connectionJson(found, { access, broker })
    },
  )
}
