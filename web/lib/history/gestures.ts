import type { HistoryView } from './view.svelte.ts'

/** Pixels that a pointer moves before it selects. */
const SLACK = 6
/** Milliseconds after the last turn of a wheel. */
const WHEEL_ENDS = 200

/** Where the charts of a box are, in pixels of the page. */
export interface Field {
  readonly start: number
  readonly width: number
}

/** A stretch that is being drawn, as shares of the field. */
export interface Selection {
  readonly from: number
  readonly to: number
}

interface Options {
  readonly view: HistoryView
  readonly field: () => Field
  readonly onselect: (selection: Selection | null) => void
}

/**
 * What hands do on charts. Mouse: moving points, dragging selects a stretch, the wheel with Ctrl zooms, sideways moves.
 * Touch: one finger points, two zoom and move.
 */
export function createGestures({ view, field, onselect }: Options) {
  const fingers = new Map<number, number>()
  let pressedAt: number | null = null
  let pinch: { a: number; b: number } | null = null
  let wheelEnds: ReturnType<typeof setTimeout> | undefined

  const shareOf = (x: number) => (x - field().start) / field().width
  const timeOf = (x: number) => {
    const { from, to } = view.range
    return from + Math.min(1, Math.max(0, shareOf(x))) * (to - from)
  }
  const isInside = (x: number) => shareOf(x) >= 0 && shareOf(x) <= 1
  const point = (x: number) => (view.moment = Math.min(view.until, timeOf(x)))

  function startPinch(): void {
    const [a, b] = [...fingers.values()].toSorted((one, other) => one - other).map(timeOf)
    pinch = { a: a!, b: b! }
    view.moment = null
  }

  /** Puts what the two fingers took hold of back under them. */
  function movePinch(): void {
    const [p, q] = [...fingers.values()].map(shareOf).toSorted((one, other) => one - other)
    if (!pinch || q! - p! < 0.05) return
    const length = Math.max(1, (pinch.b - pinch.a) / (q! - p!))
    const from = pinch.a - p! * length
    view.sketch({ from, to: from + length })
  }

  function drop(id: number): void {
    fingers.delete(id)
    if (!pinch || fingers.size > 1) return
    pinch = null
    view.settle()
  }

  return {
    onpointerdown(event: PointerEvent): void {
      if (!isInside(event.clientX) || (event.target as Element).closest('button, a')) return
      if (event.pointerType === 'touch') {
        fingers.set(event.pointerId, event.clientX)
        if (fingers.size === 2) startPinch()
        else if (fingers.size === 1) point(event.clientX)
      } else if (event.button === 0) {
        pressedAt = event.clientX
        ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      }
    },
    onpointermove(event: PointerEvent): void {
      const { clientX: x, pointerId } = event
      if (event.pointerType === 'touch') {
        if (!fingers.has(pointerId)) return
        fingers.set(pointerId, x)
        if (pinch) movePinch()
        else point(x)
        return
      }
      if (pressedAt !== null) {
        const [from, to] = [pressedAt, x].map(each => Math.min(1, Math.max(0, shareOf(each)))).toSorted((a, b) => a - b)
        onselect(Math.abs(x - pressedAt) > SLACK ? { from: from!, to: to! } : null)
      }
      if (pressedAt !== null || isInside(x)) point(x)
      else view.moment = null
    },
    onpointerup(event: PointerEvent): void {
      if (event.pointerType === 'touch') return drop(event.pointerId)
      const start = pressedAt
      pressedAt = null
      onselect(null)
      if (start !== null && Math.abs(event.clientX - start) > SLACK) view.select(timeOf(start), timeOf(event.clientX))
    },
    onpointercancel(event: PointerEvent): void {
      pressedAt = null
      onselect(null)
      drop(event.pointerId)
    },
    onpointerleave(event: PointerEvent): void {
      if (event.pointerType !== 'touch' && pressedAt === null) view.moment = null
    },
    ondblclick(event: MouseEvent): void {
      if (isInside(event.clientX)) view.reset()
    },
    onwheel(event: WheelEvent): void {
      const isZoom = event.ctrlKey || event.metaKey
      if (!isInside(event.clientX) || (!isZoom && Math.abs(event.deltaX) <= Math.abs(event.deltaY))) return
      event.preventDefault()
      if (isZoom) view.sketchZoom(1.002 ** event.deltaY, timeOf(event.clientX))
      else view.sketchPan(event.deltaX / field().width)
      clearTimeout(wheelEnds)
      wheelEnds = setTimeout(() => view.settle(), WHEEL_ENDS)
    },
  }
}
