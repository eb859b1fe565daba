import { describe, expect, it, vi } from 'vitest'
import { createGestures, type Selection } from '../../web/lib/history/gestures.ts'
import { HistoryView } from '../../web/lib/history/view.svelte.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-01-22T17:04:00Z')
/** Charts of 1000 pixels that begin at 100. */
const FIELD = { start: 100, width: 1_000 }

function setUp() {
  const query = new URLSearchParams(
    `from=${new Date(NOW - 20 * HOUR).toISOString()}&to=${new Date(NOW - 10 * HOUR).toISOString()}`,
  )
  const settled: Record<string, string | null>[] = []
  const view = new HistoryView({ query, setQuery: changes => void settled.push({ ...changes }) }, () => NOW)
  const selections: (Selection | null)[] = []
  const gestures = createGestures({ view, field: () => FIELD, onselect: each => void selections.push(each) })
  return { view, gestures, selections, settled }
}

const pointer = (x: number, more: { id?: number; type?: string } = {}) =>
  ({
    clientX: x,
    pointerId: more.id ?? 1,
    pointerType: more.type ?? 'mouse',
    button: 0,
    target: { closest: () => null },
    currentTarget: { setPointerCapture: () => {} },
  }) as unknown as PointerEvent
const finger = (x: number, id: number) => pointer(x, { id, type: 'touch' })
const wheel = (x: number, more: Partial<WheelEvent>) =>
  ({
    clientX: x,
    ctrlKey: false,
    metaKey: false,
    deltaX: 0,
    deltaY: 0,
    preventDefault: vi.fn<() => void>(),
    ...more,
  }) as WheelEvent

describe('hands on charts', () => {
  it('point with a mouse that moves, and let go of it outside', () => {
    const { view, gestures } = setUp()
    gestures.onpointermove(pointer(600))
    expect(view.moment).toBe(NOW - 15 * HOUR)
    gestures.onpointermove(pointer(50))
    expect(view.moment).toBeNull()
  })

  it('select a stretch by dragging, in either direction, and nothing by a press', () => {
    const { gestures, selections, settled } = setUp()
    gestures.onpointerdown(pointer(600))
    gestures.onpointerup(pointer(602))
    expect(settled).toEqual([])
    gestures.onpointerdown(pointer(600))
    gestures.onpointermove(pointer(300))
    expect(selections.at(-1)).toEqual({ from: 0.2, to: 0.5 })
    gestures.onpointerup(pointer(300))
    expect(selections.at(-1)).toBeNull()
    expect(settled).toEqual([{ range: null, from: '2026-01-21T23:04:00Z', to: '2026-01-22T02:04:00Z' }])
  })

  it('read with one finger; two take hold of what is below them', () => {
    const { view, gestures, settled } = setUp()
    gestures.onpointerdown(finger(350, 1))
    expect(view.moment).toBe(NOW - 17.5 * HOUR)
    gestures.onpointerdown(finger(850, 2))
    expect(view.moment).toBeNull()
    gestures.onpointermove(finger(100, 1))
    gestures.onpointermove(finger(1_100, 2))
    // What was a half is the whole.
    expect(view.range).toEqual({ from: NOW - 17.5 * HOUR, to: NOW - 12.5 * HOUR })
    expect(settled).toEqual([])
    gestures.onpointerup(finger(1_100, 2))
    expect(settled).toEqual([{ range: null, from: '2026-01-21T23:34:00Z', to: '2026-01-22T04:34:00Z' }])
  })

  it('zoom with the wheel and Ctrl, move with it sideways, and leave scrolling to the page', () => {
    vi.useFakeTimers()
    const { view, gestures, settled } = setUp()
    const scroll = wheel(600, { deltaY: 100 })
    gestures.onwheel(scroll)
    expect(scroll.preventDefault).not.toHaveBeenCalled()
    gestures.onwheel(wheel(600, { deltaX: 100 }))
    expect(view.range).toEqual({ from: NOW - 19 * HOUR, to: NOW - 9 * HOUR })
    gestures.onwheel(wheel(600, { deltaY: -350, ctrlKey: true }))
    expect(view.range.to - view.range.from).toBeLessThan(5.1 * HOUR)
    expect(settled).toEqual([])
    vi.advanceTimersByTime(200)
    expect(settled).toHaveLength(1)
    vi.useRealTimers()
  })
})
