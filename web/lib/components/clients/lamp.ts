import type { ClientJson } from '#api'
import { troubleOf } from '../../state/mqtt-clients.ts'
import type { LampState } from '../shared/Lamp.svelte'

/** How a client stands, as a lamp: somebody must act where messages are lost or held back. */
export function lampOf(client: ClientJson): LampState {
  if (!client.connected) return 'offline'
  if (troubleOf(client) !== null) return 'warn'
  return client.kind === 'guest' ? 'never' : 'ok'
}
