import { defineConfig } from 'drizzle-kit'

const tables = './server/storage/tables'

export default defineConfig({
  dialect: 'sqlite',
  schema: `${tables}/history.ts`,
  out: './server/storage/migrations/history',
})
