import { words } from '../../i18n/index.ts'
import { HOUSE_OPENINGS } from '../threshold/House.svelte'

/** Which openings of the drawn house rooms light: their own if they have one, else the next that is free. */
export function lightsOf(rooms: readonly string[]): (string | false)[] {
  const openings = words.welcome.rooms.openings
  const lit: (string | false)[] = Array.from({ length: HOUSE_OPENINGS }, () => false)
  const rest = rooms.filter(room => {
    const own = openings.indexOf(room)
    if (own !== -1) lit[own] = room
    return own === -1
  })
  for (const room of rest) {
    const free = lit.indexOf(false, 1)
    if (free === -1) break
    lit[free] = room.length > 14 ? `${room.slice(0, 13)}…` : room
  }
  return lit
}
