import { createContext, type Context, type LocalMoment } from '#expression'
import type { Random } from '#kernel'
import { createZone, DAY, type Zone } from './schedule/zone.ts'

/** What evaluations are given: the time of the event in the zone of the house, and chance. */
export interface Contexts {
  contextOf(now: number): Context
  zone(): Zone
  setZone(name: string): void
}

export function createContexts(options: { zone: string; random: Random }): Contexts {
  let zone = createZone(options.zone)

  function local(at: number): LocalMoment {
    const day = new Date(zone.toLocal(at))
    const weekday = day.getUTCDay()
    return {
      year: day.getUTCFullYear(),
      month: day.getUTCMonth() + 1,
      day: day.getUTCDate(),
      weekday: weekday === 0 ? 7 : weekday,
      ms: ((day.getTime() % DAY) + DAY) % DAY,
    }
  }

  function random(): number {
    const [a, b, c, d] = options.random(4)
    return (((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0) / 4_294_967_296
  }

  return {
    contextOf: now => createContext(now, { local, random }),
    zone: () => zone,
    setZone(name) {
      zone = createZone(name)
    },
  }
}
