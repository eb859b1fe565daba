import {
  Course,
  DAY,
  GAP,
  summariseDay,
  type Recorded,
  type Sample,
  type Scalar,
} from '../../../server/series/index.ts'

/** What was recorded of a value, in memory, with statistics of the days before `summarisedUntil`. */
export function recordedOf(
  samples: readonly Sample[],
  { summarisedUntil = 0, keptSince = 0 }: { summarisedUntil?: number; keptSince?: number } = {},
): Recorded {
  const texts: Scalar[] = []
  const numberOf = (value: Sample['value']): number => {
    if (value === GAP || value === null) return Number.NaN
    if (typeof value === 'number') return value
    if (typeof value === 'boolean') return Number(value)
    if (!texts.includes(value)) texts.push(value)
    return texts.indexOf(value)
  }
  const course = (after: number) => {
    const all = new Course()
    for (const { at, value } of samples) if (at >= after) all.push(at, numberOf(value))
    return all
  }
  return {
    texts,
    summarisedUntil,
    course: () => course(keptSince),
    extent: () => ({ changes: samples.length, chunks: 1, since: keptSince }),
    days(from, to) {
      const end = Math.min(summarisedUntil, to)
      const starts = new Set(samples.map(({ at }) => Math.floor(at / DAY) * DAY))
      return [...starts]
        .filter(start => start < end)
        .toSorted((a, b) => a - b)
        .flatMap(start => {
          const stored = summariseDay(course(0), start)
          return stored === null ? [] : [{ start, ...stored }]
        })
        .filter((_day, i, all) => all[i + 1] === undefined || all[i + 1]!.start + DAY > from)
    },
  }
}
