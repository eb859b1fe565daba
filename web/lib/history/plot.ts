import type { Course } from './course.ts'
import type { Range } from './range.ts'

/** A line of a chart, and the one of the period before. */
export interface Drawn {
  readonly course: Course
  readonly before: Course | null
}

type Cells = (number | null | undefined)[]

/** A line of its own. */
type Points = { at: number[]; cells: (number | null)[] }

/** Columns for uPlot: moments, then for each line its values, lowest and highest, and those before, as far as there are any. */
export interface Plot {
  readonly columns: [at: number[], ...cells: Cells[]]
  /** Places of each line's columns; 0 where there is none. */
  readonly places: readonly {
    readonly value: number
    readonly low: number
    readonly high: number
    readonly before: number
  }[]
  /** The same line by line. */
  readonly points: readonly Points[]
}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const toNumber = (value: unknown) => (isNumber(value) ? value : null)

/** Bands are drawn through their middle, changes from when they hold; the last one holds until `until`. */
function pointsOf(course: Course, values: readonly unknown[], until: number): Points {
  const middle = course.sum === undefined ? course.width / 2 : 0
  const at: number[] = []
  const cells: (number | null)[] = []
  course.at.forEach((each, index) => {
    const cell = toNumber(values[index])
    const before = cells.at(-1)
    // A change holds until its gap begins.
    if (cell === null && isNumber(before) && !course.isBanded && each - 1 > at.at(-1)!) {
      at.push(each - 1)
      cells.push(before)
    }
    at.push(middle === 0 ? each : Math.min(each + middle, until))
    cells.push(cell)
  })
  const last = cells.at(-1)
  const end = course.sum === undefined || course.width === 0 ? until : Math.min(until, course.at.at(-1)! + course.width)
  if (isNumber(last) && (at.at(-1) ?? until) < end) {
    at.push(end)
    cells.push(last)
  }
  return { at, cells }
}

/** Puts points of several lines over one row of moments: what a line does not know there is left out, a gap is null. */
export function merge(lines: readonly Points[]): [number[], ...Cells[]] {
  const all = new Float64Array(lines.reduce((sum, { at }) => sum + at.length, 0))
  let filled = 0
  for (const { at } of lines) {
    all.set(at, filled)
    filled += at.length
  }
  all.sort()
  const moments: number[] = []
  for (const at of all) if (at !== moments.at(-1)) moments.push(at)
  return [
    moments,
    ...lines.map(({ at, cells }) => {
      const column: Cells = Array.from({ length: moments.length })
      let next = 0
      let isGap = false
      for (let place = 0; place < moments.length; place++) {
        let isOwn = false
        while (next < at.length && at[next]! <= moments[place]!) {
          column[place] = cells[next]!
          isGap = cells[next] === null
          isOwn = true
          next++
        }
        if (isGap && !isOwn) column[place] = null
      }
      return column
    }),
  ]
}

/** Everything that a chart draws of its lines, of which something can be known until a moment. */
export function toPlot(lines: readonly Drawn[], until: number): Plot {
  const points: Points[] = []
  const add = (course: Course, values: readonly unknown[] | undefined) =>
    values === undefined || course.at.length === 0 ? 0 : points.push(pointsOf(course, values, until))
  const places = lines.map(({ course, before }) => ({
    value: add(course, course.sum ?? course.values),
    low: add(course, course.sum ? undefined : course.min),
    high: add(course, course.sum ? undefined : course.max),
    before: before === null ? 0 : add(before, before.sum ?? before.values),
  }))
  return { columns: points.length === 0 ? [[0, until]] : merge(points), places, points }
}

/** Lowest and highest of what is in view, with what holds when it begins; null when nothing is. */
export function extentOf({ points }: Plot, { from, to }: Range): { low: number; high: number } | null {
  let [low, high] = [Infinity, -Infinity]
  for (const { at, cells } of points) {
    for (let index = 0; index < at.length; index++) {
      const value = cells[index]
      if (!isNumber(value) || at[index]! > to || (at[index + 1] ?? Infinity) < from) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? { low, high } : null
}

/** A stretch of a state. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly value: Course['values'][number]
}

/** How a state went: stretches of one value each; what is not known is left out. */
export function stretchesOf({ at, values, width }: Course, until: number): Stretch[] {
  const stretches: { from: number; to: number; value: Stretch['value'] }[] = []
  at.forEach((from, index) => {
    const value = values[index] ?? null
    const to = Math.min(until, at[index + 1] ?? (width > 0 ? from + width : until))
    const last = stretches.at(-1)
    if (value === null || to <= from) return
    if (last && last.value === value && last.to === from) last.to = to
    else stretches.push({ from, to, value })
  })
  return stretches
}
