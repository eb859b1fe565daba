import type { Attachment } from 'svelte/attachments'

/** Pixels a finger may tremble before it drags. */
const TREMBLE = 8

interface Options {
  /** The level as it is, 0 to 100. */
  readonly level: () => number
  /** The hand holds it here. */
  readonly onhold: (level: number) => void
  /** The hand lets go; null when the drag was called off. */
  readonly ondrop: (level: number | null) => void
}

/** Sets a level by dragging sideways over an element, as far as the element is wide. A press without a drag stays a press. */
export function dragLevel({ level, onhold, ondrop }: Options): Attachment<HTMLElement> {
  return element => {
    let start: { x: number; level: number; width: number; sign: number } | null = null
    let now: number | null = null

    function down(event: PointerEvent) {
      if (event.button !== 0 || (event.target as Element).closest('button')) return
      const sign = getComputedStyle(element).direction === 'rtl' ? -1 : 1
      start = { x: event.clientX, level: level(), width: element.clientWidth, sign }
      now = null
    }
    function move(event: PointerEvent) {
      if (!start) return
      const way = event.clientX - start.x
      if (now === null && Math.abs(way) < TREMBLE) return
      if (now === null) element.setPointerCapture(event.pointerId)
      now = Math.round(Math.min(100, Math.max(0, start.level + (start.sign * way * 100) / start.width)))
      onhold(now)
    }
    function up() {
      if (now !== null) ondrop(now)
      start = null
    }
    function cancel() {
      if (now !== null) ondrop(null)
      start = now = null
    }
    // The click that ends a drag opens nothing.
    function click(event: MouseEvent) {
      if (now === null) return
      event.preventDefault()
      event.stopPropagation()
      now = null
    }
    const still = (event: Event) => event.preventDefault()

    element.addEventListener('pointerdown', down)
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', up)
    element.addEventListener('pointercancel', cancel)
    element.addEventListener('click', click, { capture: true })
    element.addEventListener('dragstart', still)
    return () => {
      element.removeEventListener('pointerdown', down)
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', up)
      element.removeEventListener('pointercancel', cancel)
      element.removeEventListener('click', click, { capture: true })
      element.removeEventListener('dragstart', still)
    }
  }
}
