// The house's days: from midnight to midnight in its zone, so that one lasts 23 hours when summer time begins and 25 when
// it ends. A midnight that summer time skips (Cairo, Havana) is the first moment of its day.

const DAY = 86_400_000

export type Period = 'day' | 'week' | 'month' | 'year'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** What the clock on the wall shows, as if it were UTC. */
function wallOf(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year, month, day, hour, minute, second } = parts as Record<string, number>
  return Date.UTC(year!, month! - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000)
}

/** When the clock on the wall first shows a time; where summer time skips it, when it first shows a later one. */
function atWall(wall: number, zone: string): number {
  // What it shows differs from UTC by less than a day; the true time lies where both guesses agree or between them.
  const guesses = [wall - DAY, wall + DAY].map(near => wall - (wallOf(near, zone) - near))
  const [early, late] = [Math.min(...guesses), Math.max(...guesses)]
  if (wallOf(early, zone) === wall) return early
  if (wallOf(late, zone) === wall) return late
  let [low, high] = [early, late]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (wallOf(middle, zone) < wall) low = middle
    else high = middle
  }
  return high
}

/** The midnights of a zone from the one at or before `from` to the one at or after `to`. */
export function midnights(from: number, to: number, zone: string): number[] {
  const edges: number[] = []
  for (let wall = Math.floor(wallOf(from, zone) / DAY) * DAY; ; wall += DAY) {
    const at = atWall(wall, zone)
    edges.push(at)
    if (at >= to && edges.length > 1) return edges
  }
}

/** The same time of the clock on the wall, a period earlier. 31 March less a month is the last of February. */
export function periodBefore(at: number, period: Period, zone: string): number {
  const wall = new Date(wallOf(at, zone))
  if (period === 'day' || period === 'week') return atWall(wall.getTime() - (period === 'day' ? 1 : 7) * DAY, zone)
  const date = wall.getUTCDate()
  wall.setUTCDate(1)
  wall.setUTCMonth(wall.getUTCMonth() - (period === 'month' ? 1 : 12))
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate()
  wall.setUTCDate(Math.min(date, last))
  return atWall(wall.getTime(), zone)
}
