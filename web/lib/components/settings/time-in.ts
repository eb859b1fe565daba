import { language } from '../../i18n/index.ts'

/** The time in a zone, `18:04`; null when there is no such zone. */
export function timeIn(timeZone: string, at: number): string | null {
  try {
    return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZone, hourCycle: 'h23' }).format(
      at,
    )
  } catch {
    // Half typed.
    return null
  }
}
