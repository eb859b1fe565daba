import { isJsonObject } from '#kernel'
import type { NamedTopics } from '../dialect.ts'
import type { Incoming } from '../incoming.ts'
import { parseConfig } from './config.ts'

/**
 * The device's own trees, by its prefixes and full topic. It also clears its retained `cmnd/.../POWER` at its start, and
 * obeys the group `tasmotas` and its fallback topic `DVES_<half of its address>_fb` beside its own.
 */
export function topicsOf({ topic, json }: Incoming): NamedTopics {
  const mac = topic.split('/')[2]!.toUpperCase()
  const config = topic.endsWith('/config') ? parseConfig(json, mac) : ''
  const announces = ['config', 'sensors'].map(name => topic.replace(/[^/]*$/, name))
  if (typeof config === 'string' || !isJsonObject(json)) return { announces, says: [], takes: [] }
  const powers = ['POWER', ...config.relays.map((_, i) => `POWER${i + 1}`)].map(config.command)
  const others = ['tasmotas', `DVES_${mac.slice(6)}_fb`].flatMap(name => {
    const other = parseConfig({ ...json, t: name }, mac)
    return typeof other === 'string' ? [] : [other.command('#')]
  })
  return {
    announces,
    says: [config.stat('#'), config.tele('#'), ...powers],
    takes: [...new Set([config.command('#'), ...others])],
  }
}
