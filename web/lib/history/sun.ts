import type { Range } from './range.ts'

// Where the sun is, as the Astronomical Almanac gives it for the layman: good to a few minutes, which a shade in a chart needs.

const DAY = 86_400_000
const RAD = Math.PI / 180
/** Noon of 1 January 2000. */
const J2000 = Date.UTC(2000, 0, 1, 12)
/** The middle of the sun is that far below the horizon when its edge goes, bent by the air: degrees. */
const EDGE = -0.833
/** Beyond that a day is too narrow for its night to be seen. */
const LONGEST = 10 * DAY

export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** The day around a noon of UTC: when the sun rises and sets. Null where it does neither; `isUp` then tells which. */
function sunOf(day: number, { latitude, longitude }: Place): { rise: number; set: number } | { isUp: boolean } {
  const noon = Math.floor(day / DAY) * DAY + DAY / 2 - (longitude / 360) * DAY
  const days = (noon - J2000) / DAY
  const anomaly = (357.528 + 0.9856003 * days) * RAD
  const mean = 280.46 + 0.9856474 * days
  const ecliptic = (mean + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RAD
  const tilt = 23.439 * RAD
  const declination = Math.asin(Math.sin(tilt) * Math.sin(ecliptic))
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic)) / RAD
  // Degrees that the sun is ahead of the clock.
  const ahead = ((((mean - ascension) % 360) + 540) % 360) - 180
  const transit = noon - (ahead / 360) * DAY
  const cosine =
    (Math.sin(EDGE * RAD) - Math.sin(latitude * RAD) * Math.sin(declination)) /
    (Math.cos(latitude * RAD) * Math.cos(declination))
  if (Math.abs(cosine) > 1) return { isUp: cosine < -1 }
  const half = (Math.acos(cosine) / RAD / 360) * DAY
  return { rise: transit - half, set: transit + half }
}

/** The nights of a stretch, dusk to dawn; none when it is too long to show them. */
export function nightsOf({ from, to }: Range, place: Place): Range[] {
  if (to - from > LONGEST) return []
  const nights: Range[] = []
  let dusk = from
  for (let day = from - DAY; day <= to + DAY; day += DAY) {
    const sun = sunOf(day, place)
    if ('isUp' in sun) {
      if (sun.isUp) dusk = Math.max(dusk, day + DAY)
      continue
    }
    if (sun.rise > dusk) nights.push({ from: dusk, to: Math.min(sun.rise, to) })
    dusk = Math.max(from, sun.set)
  }
  if (dusk < to) nights.push({ from: dusk, to })
  return nights.filter(night => night.to > night.from && night.from < to)
}
