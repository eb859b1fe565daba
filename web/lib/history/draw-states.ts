import { hatch } from './canvas.ts'
import type { Labelled } from './charts.ts'
import { gapsOf } from './course.ts'
import { senseOf } from '../state/kinds.ts'
import { faded, type Colours, type Role } from './palette.svelte.ts'
import { stretchesOf, type Stretch } from './plot.ts'
import type { Range } from './range.ts'

/** Pixels of a bar. */
export const BAR = 14
/** Short states stay as visible as a stroke. */
const LEAST = 3

const SENSE_ROLES: Readonly<Record<ReturnType<typeof senseOf>, Role>> = {
  open: 'sky',
  body: 's1',
  alarm: 'alarm',
  plain: 'hand',
}

/** Lit is lit, open is open: the colours of the panes. */
const roleOf = ({ value }: Labelled): Role => (value === 'on' ? 'flame' : SENSE_ROLES[senseOf(value)])

export interface StatesDrawing {
  readonly states: readonly Labelled[]
  readonly range: Range
  readonly now: number
  readonly width: number
  /** Pixels from one bar to the next, and from above to the first. */
  readonly row: number
  readonly top: number
  readonly colours: Colours
  readonly nights: readonly Range[]
  readonly say: (state: Labelled, value: Stretch['value']) => string
}

/** Bars of states: a block while it holds, a line while not, strokes where nothing is known; of text, the words. */
export function drawStates(canvas: HTMLCanvasElement, drawing: StatesDrawing): void {
  const { states, range, now, width, row, top, colours } = drawing
  const scale = devicePixelRatio
  const height = row * states.length
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d')!
  context.scale(scale, scale)
  const x = (at: number) => ((at - range.from) / (range.to - range.from)) * width
  context.fillStyle = faded(colours.sunken, 0.55)
  for (const night of drawing.nights) context.fillRect(x(night.from), 0, x(night.to) - x(night.from), height)
  states.forEach((state, index) => {
    const y = index * row + top
    context.fillStyle = colours.mullion
    context.fillRect(0, y + BAR - 1, x(Math.min(now, range.to)), 1)
    for (const { from, to } of gapsOf(state.course, now)) {
      const box = { x: x(from), y, width: Math.max(LEAST, x(to) - x(from)), height: BAR }
      hatch(context, box, { colour: faded(colours['ink-3'], 0.55), scale: 1 })
    }
    for (const stretch of stretchesOf(state.course, now)) {
      const box = { x: x(stretch.from), y, width: x(stretch.to) - x(stretch.from), height: BAR }
      if (state.kind === 'text') drawWord(context, box, { text: drawing.say(state, stretch.value), colours })
      else drawBlock(context, box, { value: stretch.value, colour: colours[roleOf(state)] })
    }
  })
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Of a stretch that held both, as high as it was true. */
function drawBlock(
  context: CanvasRenderingContext2D,
  box: Box,
  { value, colour }: { value: Stretch['value']; colour: string },
) {
  const share = typeof value === 'number' ? value : value === true ? 1 : 0
  if (share <= 0) return
  const height = Math.max(2, box.height * Math.min(1, share))
  context.fillStyle = colour
  context.fillRect(box.x, box.y + box.height - height, Math.max(LEAST, box.width), height)
}

function drawWord(context: CanvasRenderingContext2D, box: Box, { text, colours }: { text: string; colours: Colours }) {
  context.fillStyle = colours['hand-tint']
  context.fillRect(box.x, box.y - 2, box.width, box.height + 4)
  context.fillStyle = colours.hand
  context.fillRect(box.x, box.y - 2, Math.min(2, box.width), box.height + 4)
  context.font = '450 12px "Hanken Grotesk Variable", system-ui, sans-serif'
  if (context.measureText(text).width > box.width - 12) return
  context.fillStyle = colours.ink
  context.textBaseline = 'middle'
  context.fillText(text, Math.max(0, box.x) + 7, box.y + box.height / 2 + 1)
}
