import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const long = ['test/**/*.long.test.ts']
const browser = ['test/browser/**/*.test.ts']
const web = ['test/web/**/*.test.ts']
const aside = ['**/node_modules/**', 'dist/**', 'data/**']

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 5_000,
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...aside, ...long, ...browser, ...web] },
      },
      {
        extends: true,
        // Runes are compiled as for the browser.
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: { name: 'web', include: web, exclude: aside },
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
