import type { Fault } from '../codec/index.ts'
import { endings } from '../reason.ts'

/** DISCONNECT: the will is deleted for good [MQTT5-3.14.4-3]. */
export function handleDisconnect(): Fault {
  return endings.disconnected
}
