import uPlot from 'uplot'
import { hatch } from './canvas.ts'
import type { Gap } from './course.ts'
import { faded, lookOf, type Colours } from './palette.svelte.ts'
import type { Plot } from './plot.ts'
import type { Range } from './range.ts'
import type { Tick } from './ticks.ts'

const FONT = '450 12.5px "Hanken Grotesk Variable", system-ui, sans-serif'
/** Pixels of the axis below a chart. */
export const AXIS = 26
/** Pixels above the highest mark, for half a label. */
export const HEAD = 10

/** Where everything stands in a box of charts, in pixels. */
export interface Frame {
  readonly width: number
  readonly left: number
  readonly right: number
}

export interface LineStyle {
  /** Steps from change to change, else a line from mean to mean. */
  readonly isStepped: boolean
  readonly isFilled: boolean
  /** Others are looked at. */
  readonly isFaint: boolean
}

export interface Drawing {
  readonly plot: Plot
  readonly lines: readonly LineStyle[]
  readonly gaps: readonly (readonly Gap[])[]
  readonly nights: readonly Range[]
  readonly range: Range
  readonly scale: { readonly min: number; readonly max: number; readonly ticks: readonly number[] }
  readonly ticks: readonly Tick[]
  readonly height: number
  readonly frame: Frame
  readonly colours: Colours
  readonly sayTick: (tick: Tick) => string
  readonly sayValue: (value: number) => string
}

const NO_POINTS = { show: false }

function seriesOf({ plot, lines, colours }: Drawing): uPlot.Series[] {
  const stepped = uPlot.paths.stepped!({ align: 1, alignGaps: 1 })
  const linear = uPlot.paths.linear!()
  const series: uPlot.Series[] = [{}]
  plot.places.forEach(({ value, low, high, before }, index) => {
    const { role, dash } = lookOf(index)
    const { isStepped, isFilled, isFaint } = lines[index]!
    const paths = isStepped ? stepped : linear
    const alpha = isFaint ? 0.22 : 1
    const edge = { paths: linear, points: NO_POINTS, width: 0, alpha }
    const own = { paths, points: NO_POINTS, alpha, stroke: colours[role] }
    if (value)
      series[value] = {
        ...own,
        width: 2.25,
        dash: [...dash],
        ...(isFilled ? { fill: faded(colours[role], 0.12) } : {}),
      }
    if (low) series[low] = edge
    if (high) series[high] = edge
    if (before) series[before] = { ...own, width: 1.25, dash: [...dash], alpha: alpha * 0.5 }
  })
  return series
}

function bandsOf({ plot, colours }: Drawing): uPlot.Band[] {
  return plot.places.flatMap(({ low, high }, index) =>
    low && high ? [{ series: [high, low] as [number, number], fill: faded(colours[lookOf(index).role], 0.16) }] : [],
  )
}

function drawNights(u: uPlot, { nights, colours }: Drawing): void {
  const { ctx, bbox } = u
  ctx.fillStyle = faded(colours.sunken, 0.55)
  for (const { from, to } of nights) {
    const [start, end] = [from, to].map(at =>
      Math.min(Math.max(u.valToPos(at, 'x', true), bbox.left), bbox.left + bbox.width),
    )
    ctx.fillRect(start!, bbox.top, end! - start!, bbox.height)
  }
}

/** A gap lies about as high as what was known on its two sides; of a line alone it takes the whole height. */
function drawGaps(u: uPlot, { gaps, colours, lines }: Drawing): void {
  const { ctx, bbox } = u
  const scale = uPlot.pxRatio
  gaps.forEach((each, index) => {
    if (lines[index]!.isFaint) return
    for (const { from, to, sides } of each) {
      const x = Math.max(u.valToPos(from, 'x', true), bbox.left)
      const width = Math.min(u.valToPos(to, 'x', true), bbox.left + bbox.width) - x
      if (width <= 0) continue
      const heights = sides.map(side => u.valToPos(side, 'y', true))
      const isWhole = heights.length === 0 || gaps.length === 1
      const top = isWhole ? bbox.top : Math.max(bbox.top, Math.min(...heights) - 18 * scale)
      const bottom = isWhole
        ? bbox.top + bbox.height
        : Math.min(bbox.top + bbox.height, Math.max(...heights) + 18 * scale)
      const colour = faded(colours['ink-3'], 0.55)
      hatch(ctx, { x, y: top, width: Math.max(width, 2 * scale), height: bottom - top }, { colour, scale })
    }
  })
}

function axesOf(drawing: () => Drawing): uPlot.Axis[] {
  const { colours, frame } = drawing()
  const common = { font: FONT, stroke: colours['ink-2'], ticks: { show: false } }
  const grid = { stroke: colours.mullion, width: 1 }
  return [
    {
      ...common,
      size: AXIS,
      gap: 6,
      splits: () => drawing().ticks.map(({ at }) => at),
      values: () => drawing().ticks.map(drawing().sayTick),
      // Only where a day begins between hours.
      grid: {
        ...grid,
        filter: (_u, splits) => {
          const { ticks } = drawing()
          const hasTimes = ticks.some(({ kind }) => kind === 'time')
          return splits.map((split, index) => (hasTimes && ticks[index]?.kind === 'day' ? split : null))
        },
      },
    },
    {
      ...common,
      size: frame.left,
      gap: 8,
      grid,
      splits: () => [...drawing().scale.ticks],
      values: (_u, splits) => splits.map(split => drawing().sayValue(split)),
    },
  ]
}

/** One chart on its canvas. `update` takes another drawing of lines of the same number and kind. */
export function createChart(target: HTMLElement, first: Drawing) {
  let drawing = first
  const { frame, height } = first
  const u = new uPlot(
    {
      width: frame.width,
      height,
      ms: 1,
      padding: [HEAD, frame.right, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [drawing.range.from, drawing.range.to] },
        y: { range: () => [drawing.scale.min, drawing.scale.max] },
      },
      axes: axesOf(() => drawing),
      series: seriesOf(first),
      bands: bandsOf(first),
      hooks: { drawClear: [chart => drawNights(chart, drawing)], draw: [chart => drawGaps(chart, drawing)] },
    },
    first.plot.columns as uPlot.AlignedData,
    target,
  )
  return {
    update(next: Drawing) {
      const isResized = next.frame.width !== drawing.frame.width || next.height !== drawing.height
      const isNew = next.plot !== drawing.plot
      drawing = next
      u.batch(() => {
        if (isNew) u.setData(next.plot.columns as uPlot.AlignedData, false)
        if (isResized) u.setSize({ width: next.frame.width, height: next.height })
        u.setScale('x', { min: next.range.from, max: next.range.to })
        u.redraw(isNew, true)
      })
    },
    destroy: () => u.destroy(),
  }
}
