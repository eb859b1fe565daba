import { defaultLimits } from './limits.ts'
import type { Member, Permissions } from './permissions.ts'

/** Anybody, with all rights. */
export const everyone: Member = {
  kind: 'member',
  user: 'anonymous',
  rules: { mayPublish: () => true, maySubscribe: () => true, mayReceive: () => true },
  limits: { maxPacketSize: 268_435_455 + 5, maxRetained: defaultLimits.maxRetained },
}

/** Lets everybody in, as one user with all rights: for a broker on its own. */
export const allowEveryone: Permissions = { identify: () => everyone }
