import type { Client } from '../client.ts'
import { encode } from '../codec/index.ts'

const PINGRESP = encode({ type: 'pingresp' }, 4)

/** PINGREQ is answered at once, whatever the disk does [MQTT5-3.12.4-1]. */
export function handlePingreq({ outbox }: Client): null {
  outbox.packet(PINGRESP, 'prompt', 0)
  return null
}
