import Database from 'better-sqlite3'

/** All that a database file holds, table by table, in the order of its rows; without the marks of sequences. */
export function rowsOf(path: string): Record<string, unknown[]> {
  const database = new Database(path, { readonly: true })
  try {
    const tables = database
      .prepare("select name from sqlite_schema where type = 'table' and name <> 'sequence' order by name")
      .pluck()
      .all() as string[]
    return Object.fromEntries(
      tables.map(name => [name, database.prepare(`select * from "${name}" order by rowid`).all()]),
    )
  } finally {
    database.close()
  }
}
