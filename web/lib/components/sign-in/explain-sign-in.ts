import { formats, words } from '../../i18n/index.ts'
import { Problem } from '../../problem.ts'

/** What to say for a failed way in; null where it is no matter of signing in. */
export function explainSignIn(error: unknown): string | null {
  if (!(error instanceof Problem)) return null
  const { retryAfter } = error.facts
  switch (error.code) {
    case 'access.bad_credentials':
      return words.signIn.wrong
    case 'access.wrong_code':
      return words.signIn.code.wrong
    case 'access.too_many_tries':
      return words.signIn.tooMany(formats.duration((typeof retryAfter === 'number' ? retryAfter : 60) * 1000))
    case 'access.weak_password':
      return words.signIn.weak
    default:
      return null
  }
}
