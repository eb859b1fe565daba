// Writes the generated SQL of each database into one module, so that source, tests and bundle carry the same texts.
//   node server/storage/embed-migrations.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'migrations')

/** The module's text for one database. */
export function moduleOf(database) {
  const journal = JSON.parse(readFileSync(join(folder, database, 'meta', '_journal.json'), 'utf8'))
  const steps = journal.entries.map(({ tag }) => {
    const statements = readFileSync(join(folder, database, `${tag}.sql`), 'utf8')
      .split('--> statement-breakpoint')
      .map(statement => statement.trim())
    return `  { name: ${JSON.stringify(tag)}, statements: [\n${statements.map(text => `    ${JSON.stringify(text)},`).join('\n')}\n  ] },`
  })
  return `// Generated from the SQL beside it: npm run db:generate\nexport const ${database}Migrations = [\n${steps.join('\n')}\n]\n`
}

if (process.argv[1] === import.meta.filename) {
  for (const database of ['hub', 'history']) writeFileSync(join(folder, `${database}.ts`), moduleOf(database))
}
