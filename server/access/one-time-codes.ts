import type { Clock, Random } from '#kernel'
import { hashSecret, makeSecret, readSecret } from './secrets.ts'

/** Codes that wait to be used at a time; the oldest gives way. */
const MAX_CODES = 100

export type OneTimeCodes<T> = ReturnType<typeof createOneTimeCodes<T>>

/** Codes that open something once. They live in memory, by their hash: a restart ends them all. */
export function createOneTimeCodes<T>({ clock, random }: { clock: Clock; random: Random }) {
  const codes = new Map<string, { readonly opens: T; readonly until: number }>()

  const find = (code: string) => {
    const hash = hashSecret(readSecret(code))
    const found = codes.get(hash)
    return found === undefined || found.until <= clock.monotonic() ? undefined : { hash, opens: found.opens }
  }

  return {
    /** @param lifetime milliseconds, `Infinity` for no end before the restart. */
    make(opens: T, lifetime: number): string {
      const code = makeSecret(random)
      codes.set(hashSecret(code), { opens, until: clock.monotonic() + lifetime })
      if (codes.size > MAX_CODES) codes.delete(codes.keys().next().value!)
      return code
    },
    /** What a code opens; it stays. */
    look: (code: string): T | undefined => find(code)?.opens,
    /** What a code opens; it works no more. */
    take(code: string): T | undefined {
      const found = find(code)
      if (found !== undefined) codes.delete(found.hash)
      return found?.opens
    },
    /** All codes that open this work no more. */
    drop(opens: T): void {
      for (const [hash, code] of codes) if (code.opens === opens) codes.delete(hash)
    },
    clear: () => codes.clear(),
  }
}
