/** Milliseconds that a zone's clock is ahead of UTC at a moment. */
function aheadAt(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(each => each.type === type)?.value)
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return shown - Math.floor(at / 1000) * 1000
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment as a field for times takes it, `2026-01-22T18:04`, by the clock of a zone. */
export function toField(at: number, zone: string = here()): string {
  return new Date(at + aheadAt(zone, at)).toISOString().slice(0, 16)
}

/**
 * The moment of a field for times; null when it holds none. A time that the clock shows twice is the first of the two,
 * one that it leaves out is as long after the change as it says.
 */
export function fromField(text: string, zone: string = here()): number | null {
  const shown = Date.parse(`${text}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) || Number.isNaN(shown)) return null
  // The offset of the day before holds until the clock is changed.
  const before = shown - aheadAt(zone, shown - 86_400_000)
  if (toField(before, zone) === text) return before
  const after = shown - aheadAt(zone, shown + 86_400_000)
  return toField(after, zone) === text ? after : before
}
