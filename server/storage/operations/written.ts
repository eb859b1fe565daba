import { existsSync, readFileSync } from 'node:fs'

/** Linux counts what each thread gave to the disk; nothing else does. */
const COUNTERS = '/proc/thread-self/io'

/** Bytes that this thread gave to the disk since it began, null where the system does not count them. */
export function writtenBytes(): number | null {
  if (!existsSync(COUNTERS)) return null
  const found = /^write_bytes: (\d+)$/m.exec(readFileSync(COUNTERS, 'utf8'))
  return found === null ? null : Number(found[1])
}
