import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const long = ['test/**/*.long.test.ts']
const browser = ['test/browser/**/*.test.ts']
const aside = ['**/node_modules/**', 'dist/**', 'data/**']

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 10_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...aside, ...long, ...browser] },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browser,
          exclude: [...aside, ...long],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'long', include: long, exclude: aside, testTimeout: 600_000, hookTimeout: 60_000 },
      },
    ],
  },
})
