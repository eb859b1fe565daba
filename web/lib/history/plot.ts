import { endOf, indexAt, type Course } from './course.ts'
import type { Range } from './range.ts'

/** A line of a chart, and the one of the period before. */
export interface Drawn {
  readonly course: Course
  readonly before: Course | null
}

type Cells = (number | null | undefined)[]

/** Columns of one course over a row of moments of its own, which ascends: its values, and of bands lowest and highest. */
interface Strand {
  readonly at: number[]
  readonly cells: (number | null)[][]
}

/** Columns for uPlot: moments, then for each line its values, lowest and highest, and those before, as far as there are any. */
export interface Plot {
  readonly columns: [at: number[], ...cells: Cells[]]
  /** Places of each line's columns; 0 where there is none. */
  readonly places: readonly Record<'value' | 'low' | 'high' | 'before', number>[]
  readonly strands: readonly Strand[]
}

const isNumber = (value: unknown): value is number => typeof value === 'number'

/** Bands are drawn through their middle, changes from when they hold; the last one holds until nothing can be known. */
function strandOf(course: Course, now: number): Strand {
  const { sum, values, min, max, width, isBanded } = course
  const sources: readonly (readonly unknown[])[] = sum ? [sum] : min && max ? [values, min, max] : [values]
  const until = endOf(course, now)
  const middle = sum ? 0 : width / 2
  const at: number[] = []
  const cells = sources.map((): (number | null)[] => [])
  const put = (moment: number, index: number) => {
    // Of two at the same moment the later one holds.
    const place = moment === at.at(-1) ? at.length - 1 : at.push(moment) - 1
    sources.forEach((source, each) => {
      const value = source[index]
      cells[each]![place] = isNumber(value) ? value : null
    })
  }
  course.at.forEach((each, index) => {
    // A change holds until its gap begins.
    const isGap = !isBanded && !isNumber(values[index]) && isNumber(values[index - 1])
    if (isGap && each - 1 > at.at(-1)!) put(each - 1, index - 1)
    put(middle === 0 ? each : Math.min(each + middle, until), index)
  })
  const last = course.at.length - 1
  const end = sum && width > 0 ? Math.min(until, course.at[last]! + width) : until
  if (isNumber(sources[0]![last]) && at.at(-1)! < end) put(end, last)
  return { at, cells }
}

/** All moments of the strands once, in their order. Bands share theirs. */
function momentsOf(strands: readonly Pick<Strand, 'at'>[]): number[] {
  const first = strands[0]?.at ?? []
  if (strands.every(({ at }) => at.length === first.length && at.every((each, index) => each === first[index])))
    return first
  const all = new Float64Array(strands.reduce((sum, { at }) => sum + at.length, 0))
  let filled = 0
  for (const { at } of strands) {
    all.set(at, filled)
    filled += at.length
  }
  all.sort()
  const moments: number[] = []
  for (const at of all) if (at !== moments.at(-1)) moments.push(at)
  return moments
}

/** A column over other moments: where it says nothing of its own it is left out, within a gap null. */
function over(moments: readonly number[], at: readonly number[], cells: readonly (number | null)[]): Cells {
  const column: Cells = Array.from({ length: moments.length })
  let next = 0
  let isGap = false
  for (let place = 0; place < moments.length; place++) {
    if (at[next] === moments[place]) {
      column[place] = cells[next]!
      isGap = cells[next] === null
      next++
    } else if (isGap) column[place] = null
  }
  return column
}

/** Puts strands over one row of moments. */
export function merge(strands: readonly Strand[]): [number[], ...Cells[]] {
  const moments = momentsOf(strands)
  const columns = strands.flatMap(({ at, cells }) =>
    at.length === moments.length ? cells : cells.map(column => over(moments, at, column)),
  )
  return [moments, ...columns]
}

/** Everything that a chart draws of its lines at a moment. */
export function toPlot(lines: readonly Drawn[], now: number): Plot {
  const strands: Strand[] = []
  let places = 0
  const add = (course: Course | null): number[] => {
    if (course === null || course.at.length === 0) return []
    const strand = strandOf(course, now)
    strands.push(strand)
    return strand.cells.map(() => ++places)
  }
  const placesOf = ({ course, before }: Drawn) => {
    const [value = 0, low = 0, high = 0] = add(course)
    const [there = 0] = add(before && { ...before, min: undefined, max: undefined })
    return { value, low, high, before: there }
  }
  const found = lines.map(placesOf)
  return { columns: places === 0 ? [[0, now]] : merge(strands), places: found, strands }
}

/** Lowest and highest of what is in view, with what holds when it begins; null when nothing is. */
export function extentOf({ strands }: Plot, { from, to }: Range): { low: number; high: number } | null {
  let [low, high] = [Infinity, -Infinity]
  for (const { at, cells } of strands) {
    const start = Math.max(0, indexAt({ at }, from))
    // Of bands, lowest and highest say it.
    for (const column of cells.length > 1 ? cells.slice(1) : cells) {
      for (let index = start; index < at.length && at[index]! <= to; index++) {
        const value = column[index]
        if (!isNumber(value)) continue
        if (value < low) low = value
        if (value > high) high = value
      }
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
export function stretchesOf(course: Course, now: number): Stretch[] {
  const { at, values, width } = course
  const until = endOf(course, now)
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
