import { sql } from 'drizzle-orm'
import { HobError } from '#kernel'

/** For each operation of an owner, the function that carries it out in the worker, inside the batch's transaction. */
export type Operations<Op extends { readonly op: string }> = {
  readonly [Name in Op['op']]: (op: Extract<Op, { op: Name }>) => unknown
}

/** Bytes as better-sqlite3 takes them; what crossed to the worker is a plain Uint8Array. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Text of a JSON column. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T
}

/** Reads what rows of history.db hold. @throws HobError `storage.history_damaged` for what the hub never wrote there. */
export function decoded<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError)) throw error
    const what = `what was recorded cannot be read: history.db is damaged (${error.message})`
    throw new HobError('storage.history_damaged', what, {}, error)
  }
}

/** `set column = excluded.column` for each column. */
export function excluded(...columns: string[]): Record<string, ReturnType<typeof sql.raw>> {
  const camel = (column: string) => column.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase())
  return Object.fromEntries(columns.map(column => [camel(column), sql.raw(`excluded."${column}"`)]))
}
