import type { Point } from '../../state/points.svelte.ts'

/** Above and below the line, so that the dot of the present fits. */
const MARGIN = 4

export interface SparkPath {
  readonly line: string
  readonly area: string
  readonly now: string
}

/** Draws a course into a box: time to the right, the highest value on top. Null when there are fewer than two points. */
export function sparkPath(
  points: readonly Point[],
  { width, height }: { width: number; height: number },
): SparkPath | null {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 2) return null
  let low = Infinity
  let high = -Infinity
  for (const [, value] of points) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const span = last[0] - first[0] || 1
  // A value that never moved is a line in the middle.
  const range = high - low || 1
  const base = high === low ? low - 0.5 : low
  const x = (at: number) => (((at - first[0]) / span) * width).toFixed(1)
  const y = (value: number) => (height - MARGIN - ((value - base) / range) * (height - 2 * MARGIN)).toFixed(1)
  let line = ''
  for (const [at, value] of points) line += `${line === '' ? 'M' : 'L'}${x(at)} ${y(value)}`
  return {
    line,
    area: `${line}L${x(last[0])} ${height}L0 ${height}Z`,
    now: `M${x(last[0])} ${y(last[1])}h.01`,
  }
}
