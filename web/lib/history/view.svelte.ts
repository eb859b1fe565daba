import type { Router } from '../router.svelte.ts'
import {
  between,
  pan,
  rangeOf,
  readPeriod,
  readSpan,
  writeSpan,
  zoom,
  type Period,
  type Preset,
  type Range,
} from './range.ts'

/** Shares of the stretch in view by which the cursor steps. */
const STEP = 1 / 100
const STRIDE = 1 / 10

/** What is looked at: the stretch of time, the moment within it, and what it is compared with. All but the moment is in the address. */
export class HistoryView {
  readonly #router: Pick<Router, 'query' | 'setQuery'>
  readonly #now: () => number
  /** The moment that is pointed at, in the charts or in the list. */
  moment = $state<number | null>(null)
  /** The dialog that is open. */
  open = $state<'values' | 'own' | 'export' | null>(null)
  /** The stretch while a hand is still on it. */
  #draft = $state.raw<Range | null>(null)
  #shown: Range | null = null
  readonly span = $derived.by(() => readSpan(this.#router.query))
  readonly compare = $derived.by(() => readPeriod(this.#router.query))
  /** What the address says. */
  readonly settled = $derived.by(() => rangeOf(this.span, this.#now()))
  readonly range = $derived.by(() => this.#same(this.#draft ?? this.settled))
  /** It ends now, and goes on. */
  readonly isLive = $derived.by(() => this.#draft === null && this.span.own === null)
  /** Until when anything can be known of it. */
  readonly until = $derived.by(() => Math.min(this.range.to, this.#now()))
  readonly now = $derived.by(() => this.#now())

  constructor(router: Pick<Router, 'query' | 'setQuery'>, now: () => number) {
    this.#router = router
    this.#now = now
  }

  /** What a gesture showed and the address then says is one and the same: nothing is drawn anew. */
  #same(range: Range): Range {
    const shown = this.#shown
    return shown?.from === range.from && shown.to === range.to ? shown : (this.#shown = range)
  }

  choose(preset: Preset): void {
    this.#draft = null
    this.#router.setQuery(writeSpan({ preset, own: null }))
  }

  /** Back to the last hours or days, up to now. */
  reset(): void {
    this.choose(this.span.preset)
  }

  compareWith(period: Period | null): void {
    this.#router.setQuery({ compare: period })
  }

  show(range: Range): void {
    this.#draft = null
    this.#router.setQuery(writeSpan({ preset: this.span.preset, own: range }))
  }

  /** Shows a stretch for as long as a gesture lasts; `settle` ends it. */
  sketch(range: Range): void {
    this.#draft = zoom(range, { around: range.from, factor: 1, now: this.#now() })
  }

  settle(): void {
    if (this.#draft) this.show(this.#draft)
  }

  /** Shows what lies between two moments. */
  select(a: number, b: number): void {
    this.show(between(a, b, this.#now()))
  }

  zoom(factor: number, around = this.moment ?? this.until): void {
    this.show(zoom(this.range, { around, factor, now: this.#now() }))
  }

  pan(share: number): void {
    this.show(pan(this.range, share, this.#now()))
  }

  /** What a wheel or a pinch asks for. */
  sketchZoom(factor: number, around: number): void {
    this.#draft = zoom(this.range, { around, factor, now: this.#now() })
  }

  sketchPan(share: number): void {
    this.#draft = pan(this.range, share, this.#now())
  }

  /** What a key on the charts does. @returns whether it is one of theirs. */
  key({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): boolean {
    const { from, to } = this.range
    const step = (to - from) * (shiftKey ? STRIDE : STEP)
    const at = this.moment ?? this.until
    const moveTo = (moment: number) => (this.moment = Math.min(this.until, Math.max(from, moment)))
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowDown':
        moveTo(at - step)
        return true
      case 'ArrowRight':
      case 'ArrowUp':
        moveTo(at + step)
        return true
      case 'Home':
        moveTo(from)
        return true
      case 'End':
        moveTo(this.until)
        return true
      case 'PageUp':
        this.pan(-0.5)
        return true
      case 'PageDown':
        this.pan(0.5)
        return true
      case '+':
      case '=':
        this.zoom(0.5)
        return true
      case '-':
        this.zoom(2)
        return true
      case '0':
        this.reset()
        return true
      default:
        return false
    }
  }
}
