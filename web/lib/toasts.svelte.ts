/** Milliseconds that a toast stays. */
const STAYS = 6000

export interface Toast {
  readonly text: string
  /** What takes it back; a toast without it only reports. */
  readonly undo?: () => unknown
}

/** What was just done, one at a time: a new one takes the place of the last. Faults that ask for action stand in the page. */
export class Toasts {
  current = $state.raw<Toast | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  show(toast: Toast): void {
    this.current = toast
    this.resume()
  }

  /** Takes the last thing back. */
  undo(): void {
    const toast = this.current
    this.dismiss()
    toast?.undo?.()
  }

  dismiss(): void {
    clearTimeout(this.#timer)
    this.current = null
  }

  /** Holds it while somebody points at it or has the focus in it. */
  hold(): void {
    clearTimeout(this.#timer)
  }

  resume(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.dismiss(), STAYS)
  }
}
