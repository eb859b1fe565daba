import type { Dialect } from '../dialect.ts'
import { discover, sourceOf } from './discover.ts'
import { topicsOf } from './topics.ts'

/** Home Assistant MQTT discovery 2026.1: one entity or a whole device in an announcement. */
export const homeAssistant: Dialect = {
  name: 'home-assistant',
  announcements: ['homeassistant/+/+/config', 'homeassistant/+/+/+/config'],
  greetings: [{ topic: 'homeassistant/status', payload: 'online' }],
  clearsOnForget: true,
  sourceOf,
  discover,
  topicsOf,
}
