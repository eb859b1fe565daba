import { defineConfig } from 'drizzle-kit'

const tables = './server/storage/tables'

export default defineConfig({
  dialect: 'sqlite',
  schema: ['broker', 'devices', 'rules', 'access', 'audit', 'house'].map(name => `${tables}/${name}.ts`),
  out: './server/storage/migrations/hub',
})
