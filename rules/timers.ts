import type { Cancel, Clock } from '#kernel'

/** How long the one clock timer sleeps at most: so long can a jump of the wall clock stay unseen. */
const LONGEST_SLEEP = 60_000
/** A wall clock that differs by less from the monotonic one was slewed, not set. */
const SMALLEST_JUMP = 1000

/** Something to do at a time. */
export class Timer {
  /** Wall-clock milliseconds. */
  due: number
  /** Breaks ties: first come, first served. */
  order = 0
  /** Place in the heap, -1 when it does not wait. */
  place = -1
  /** Counts elapsed time: a wall clock that is set back does not make it longer. */
  readonly isElapsed: boolean
  readonly task: (timer: Timer) => void

  constructor(due: number, task: (timer: Timer) => void, isElapsed: boolean) {
    this.due = due
    this.task = task
    this.isElapsed = isElapsed
  }

  get isWaiting(): boolean {
    return this.place !== -1
  }
}

export interface TimersOptions {
  readonly clock: Clock
  /**
   * The wall clock was set: by so many milliseconds forward, or back when negative. After a step back the timers that
   * count elapsed time have been moved with it. Timers that fall due come after this.
   */
  readonly onJump: (milliseconds: number) => void
  /** How tasks are run; at once unless given. */
  readonly inTurn?: (task: () => void) => void
  /** A task threw. */
  readonly onFault: (error: unknown) => void
}

/** All timers of the engine behind one timer of the clock. */
export interface Timers {
  /** Starts or moves a timer. */
  set(timer: Timer, due: number): void
  cancel(timer: Timer): void
  /** How many wait. */
  readonly size: number
  close(): void
}

const isBefore = (a: Timer, b: Timer) => a.due < b.due || (a.due === b.due && a.order < b.order)

/** A binary heap, the earliest first. */
class Heap {
  readonly #items: Timer[] = []

  get size(): number {
    return this.#items.length
  }

  get first(): Timer | undefined {
    return this.#items[0]
  }

  all(): readonly Timer[] {
    return this.#items
  }

  add(timer: Timer): void {
    this.#items.push(timer)
    this.#rise(timer, this.#items.length - 1)
  }

  remove(timer: Timer): void {
    const { place } = timer
    const last = this.#items.pop()!
    timer.place = -1
    if (last !== timer) this.#settle(last, place)
  }

  #settle(timer: Timer, place: number): void {
    this.#rise(timer, place)
    if (timer.place === place) this.#sink(timer, place)
  }

  #put(timer: Timer, place: number): void {
    this.#items[place] = timer
    timer.place = place
  }

  #rise(timer: Timer, from: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = this.#items[parent]!
      if (!isBefore(timer, above)) break
      this.#put(above, place)
      place = parent
    }
    this.#put(timer, place)
  }

  #sink(timer: Timer, from: number): void {
    const items = this.#items
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= items.length) break
      if (child + 1 < items.length && isBefore(items[child + 1]!, items[child]!)) child++
      const below = items[child]!
      if (!isBefore(below, timer)) break
      this.#put(below, place)
      place = child
    }
    this.#put(timer, place)
  }
}

export function createTimers({ clock, onJump, onFault, inTurn = task => task() }: TimersOptions): Timers {
  const heap = new Heap()
  let order = 0
  let wake: Cancel | null = null
  /** When the clock timer goes off, by the monotonic clock; Infinity when it is not set. */
  let wakeAt = Infinity
  let isRunning = false
  let offset = clock.now() - clock.monotonic()

  function sleep(): void {
    const head = heap.first
    if (isRunning || head === undefined) return
    const delay = Math.max(0, Math.min(LONGEST_SLEEP, head.due - clock.now()))
    if (clock.monotonic() + delay >= wakeAt) return
    wake?.()
    wakeAt = clock.monotonic() + delay
    wake = clock.after(delay, onWake)
  }

  function noticeJump(): void {
    const now = clock.now() - clock.monotonic()
    const jump = Math.round(now - offset)
    offset = now
    if (Math.abs(jump) < SMALLEST_JUMP) return
    if (jump < 0) {
      const moved = heap.all().filter(timer => timer.isElapsed)
      for (const timer of moved) heap.remove(timer)
      for (const timer of moved) {
        timer.due += jump
        heap.add(timer)
      }
    }
    inTurn(() => guard(() => onJump(jump)))
  }

  function guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      onFault(error)
    }
  }

  function onWake(): void {
    wake = null
    wakeAt = Infinity
    isRunning = true
    noticeJump()
    const now = clock.now()
    for (let head = heap.first; head !== undefined && head.due <= now; head = heap.first) {
      const timer = head
      heap.remove(timer)
      inTurn(() => guard(() => timer.task(timer)))
    }
    isRunning = false
    sleep()
  }

  return {
    set(timer, due) {
      if (timer.isWaiting) heap.remove(timer)
      timer.due = due
      timer.order = order++
      heap.add(timer)
      sleep()
    },
    cancel(timer) {
      if (timer.isWaiting) heap.remove(timer)
    },
    get size() {
      return heap.size
    },
    close() {
      wake?.()
      wake = null
      wakeAt = -Infinity
    },
  }
}
