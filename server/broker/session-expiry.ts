import type { Cancel, Clock } from '#kernel'
import type { Session } from './session.ts'

/** Ends sessions whose client stayed away for longer than their expiry; while the hub is down the time counts, too. */
export interface SessionExpiry {
  /** The client is gone since `session.disconnectedAt`. */
  start(session: Session): void
  /** The client is back, or the session has ended. */
  cancel(session: Session): void
}

export function createSessionExpiry(parts: { clock: Clock; onExpired: (session: Session) => void }): SessionExpiry {
  const { clock, onExpired } = parts
  const timers = new Map<Session, Cancel>()
  return {
    start(session) {
      if (session.expiry === null || session.disconnectedAt === null) return
      const left = session.disconnectedAt + session.expiry * 1000 - clock.now()
      const expire = () => {
        timers.delete(session)
        onExpired(session)
      }
      timers.set(session, clock.after(Math.max(0, left), expire))
    },
    cancel(session) {
      timers.get(session)?.()
      timers.delete(session)
    },
  }
}
