import type { Body } from './bodies.ts'

/** Whether nobody may get the message any more. Never asked for a copy that is already in flight [MQTT5-3.3.2-5, 4.3.3-7]. */
export function isExpired(body: Body, now: number): boolean {
  return body.expiresAt !== null && body.expiresAt <= now
}
