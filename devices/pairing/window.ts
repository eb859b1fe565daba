import { HobError, type Cancel, type Clock } from '#kernel'
import { WINDOW } from './limits.ts'

/** The time in which strangers are let in. */
export interface PairingWindow {
  readonly isOpen: boolean
  /** Wall-clock milliseconds; null when closed. */
  readonly until: number | null
  readonly isBatch: boolean
  /** @throws HobError `pairing.bad_window`. @returns whether it was closed before. */
  open(window: { seconds: number; batch: boolean }): boolean
  close(): void
}

/** A window that ends by itself; `onClosed` is called once for each end. */
export function createWindow({ clock, onClosed }: { clock: Clock; onClosed: () => void }): PairingWindow {
  let until: number | null = null
  let isBatch = false
  let cancel: Cancel = () => {}

  const close = () => {
    cancel()
    if (until === null) return
    until = null
    isBatch = false
    onClosed()
  }

  return {
    get isOpen() {
      return until !== null
    },
    get until() {
      return until
    },
    get isBatch() {
      return isBatch
    },
    open({ seconds, batch }) {
      if (!Number.isInteger(seconds) || seconds < WINDOW.least || seconds > WINDOW.most) {
        throw new HobError(
          'pairing.bad_window',
          `a pairing window is open for ${WINDOW.least} to ${WINDOW.most} seconds, not ${seconds}`,
          { pointer: '/seconds' },
        )
      }
      const wasClosed = until === null
      cancel()
      cancel = clock.after(seconds * 1000, close)
      until = clock.now() + seconds * 1000
      isBatch = batch
      return wasClosed
    },
    close,
  }
}
