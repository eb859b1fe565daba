/** The text of the module that carries the migrations of one database. */
export function moduleOf(database: 'hub' | 'history'): string
