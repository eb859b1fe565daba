import { isHobError } from '#kernel'

/** Whether an error says that a file is damaged, and not that something else went wrong. */
export function isDamage(error: unknown): boolean {
  return (
    isHobError(error, 'storage.damaged') || /^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '')
  )
}
