import { createDurableWait, HobError, type Cause, type Clock, type Random, type Ulid } from '#kernel'
import { hashSecret, makeSecret, readSecret } from './secrets.ts'
import { createAttempts } from './attempts.ts'
import type { AccessStore, StoredFactor } from './store.ts'
import { KEY_LENGTH, stepOf, toBase32 } from './totp.ts'

/** Recovery codes of one person, each works once; their characters are five random bits each. */
const RECOVERY_CODES = 10
const RECOVERY_LENGTH = 16

export type SecondFactors = ReturnType<typeof createSecondFactors>

/** What a person has beside the password: an app with codes by time, and codes on paper for when the app is gone. */
export function createSecondFactors({ clock, random, store }: { clock: Clock; random: Random; store: AccessStore }) {
  const factors = new Map<Ulid, StoredFactor>()
  /** Keys that were shown and not confirmed. */
  const shown = new Map<Ulid, Uint8Array>()
  const whenDurable = createDurableWait(store)
  // Of whoever knows the password, wherever from.
  const attempts = createAttempts(clock)
  const wrong = () => new HobError('access.wrong_code', 'the code is wrong, or was used already')

  const put = (factor: StoredFactor, cause: Cause | null) => {
    factors.set(factor.user, factor)
    return whenDurable(store.write({ op: 'access.factor.put', factor, cause }))
  }

  return {
    restore: (factor: StoredFactor) => void factors.set(factor.user, factor),
    /** Recovery codes that are left; undefined when there is no second factor. */
    left: (user: Ulid) => factors.get(user)?.codes.length,
    /** Makes a key for an app; it counts when a code of it was shown. @returns it in base 32. */
    begin(user: Ulid): string {
      const key = random(KEY_LENGTH)
      shown.set(user, key)
      return toBase32(key)
    },
    /** @returns recovery codes, shown this once. @throws HobError `access.wrong_code`. */
    async confirm(user: Ulid, code: string, cause: Cause): Promise<readonly string[]> {
      const key = shown.get(user)
      const step = key === undefined ? null : stepOf(key, code, { now: clock.now(), after: 0 })
      if (key === undefined || step === null) throw wrong()
      shown.delete(user)
      const codes = Array.from({ length: RECOVERY_CODES }, () => makeSecret(random).slice(0, RECOVERY_LENGTH))
      const about = { user, key: Buffer.from(key).toString('hex'), step, createdAt: clock.now() }
      await put({ ...about, codes: codes.map(hashSecret) }, cause)
      return codes
    },
    /** Takes a code of the app or of the paper; neither works again. @throws HobError `access.wrong_code`, `access.too_many_tries`. */
    async use(user: Ulid, code: string): Promise<void> {
      const factor = factors.get(user)
      if (factor === undefined) return
      const wasRight = attempts.begin({ address: user, account: null, isKnown: true })
      const key = Buffer.from(factor.key, 'hex')
      const step = stepOf(key, code, { now: clock.now(), after: factor.step })
      const hash = hashSecret(readSecret(code))
      if (step === null && !factor.codes.includes(hash)) throw wrong()
      wasRight()
      const codes = factor.codes.filter(each => each !== hash)
      await put({ ...factor, step: step ?? factor.step, codes }, null)
    },
    async remove(user: Ulid, cause: Cause): Promise<void> {
      shown.delete(user)
      if (factors.delete(user)) await whenDurable(store.write({ op: 'access.factor.remove', user, cause }))
    },
  }
}
