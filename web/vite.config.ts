import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const hub = { target: `http://127.0.0.1:${process.env['HOB_HTTP_PORT'] ?? 8080}`, ws: true }

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [svelte({ configFile: false })],
  // The hub puts a nonce in its place, new with each answer.
  html: { cspNonce: 'HOB_NONCE' },
  server: { host: '127.0.0.1', proxy: { '/api': hub, '/healthz': hub, '/readyz': hub } },
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    // The first browsers with light-dark().
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The hub's content security policy takes fonts from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
