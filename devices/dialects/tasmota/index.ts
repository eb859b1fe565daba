import type { Dialect } from '../dialect.ts'
import { discover, sourceOf } from './discover.ts'
import { topicsOf } from './topics.ts'

/** Tasmota's own discovery, version 9.2 and later with SetOption19 0. */
export const tasmota: Dialect = {
  name: 'tasmota',
  announcements: ['tasmota/discovery/+/config', 'tasmota/discovery/+/sensors'],
  greetings: [],
  clearsOnForget: true,
  sourceOf,
  discover,
  topicsOf,
}
