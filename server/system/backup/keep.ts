const DAY = 86_400_000

/** How many days, weeks and months keep their newest backup. */
const KEPT = { days: 3, weeks: 4, months: 6 }

/** The day of the house at a time, as days since 1970. */
function dayOf(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(at)
    .map(({ type, value }) => [type, Number(value)] as const)
  const { year, month, day } = Object.fromEntries(parts) as Record<'year' | 'month' | 'day', number>
  return Date.UTC(year, month - 1, day) / DAY
}

/** The night at a time, which lasts until three in the next one: nobody notices a backup then. */
export function nightOf(at: number, zone: string): number {
  return dayOf(at - 3 * 3_600_000, zone)
}

/**
 * Which backups stay: the newest of each of the last 3 days, 4 weeks (from Monday) and 6 months that have one.
 * @param times when each was made, newest first.
 */
export function keptBackups(times: readonly number[], zone: string): ReadonlySet<number> {
  const periods: [number, (day: number) => number][] = [
    [KEPT.days, day => day],
    // 1970 began on a Thursday.
    [KEPT.weeks, day => Math.floor((day + 3) / 7)],
    [KEPT.months, day => new Date(day * DAY).getUTCFullYear() * 12 + new Date(day * DAY).getUTCMonth()],
  ]
  const kept = new Set<number>()
  for (const [count, periodOf] of periods) {
    const seen = new Set<number>()
    for (const at of times) {
      const period = periodOf(nightOf(at, zone))
      if (seen.has(period)) continue
      if (seen.size === count) break
      seen.add(period)
      kept.add(at)
    }
  }
  return kept
}
