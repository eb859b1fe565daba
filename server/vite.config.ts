import { fileURLToPath } from 'node:url'
import { builtinModules } from 'node:module'
import { defineConfig, type InlineConfig, type Plugin } from 'vite'

/** Packages that cannot live in a bundle: one holds a native part, the other serves files beside its code. */
export const unbundled = ['better-sqlite3', '@fastify/swagger-ui']

/** The programs of dist/server. Each is a bundle of its own, so that the hub loads nothing that only a thread or a short process needs. */
export const programs: Readonly<Record<string, string>> = {
  main: 'server/main.ts',
  'storage-worker': 'server/storage/worker-main.ts',
  certificates: 'server/system/issue-main.ts',
}

interface Program {
  readonly name: string
  readonly entry: string
  readonly outDir: string
}

// One character above U+00FF makes V8 keep the whole source with two bytes for each character: 3 MiB more in memory.
const latin: Plugin = {
  name: 'latin',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk') continue
      file.code = file.code.replace(/[^\0-\xff]/g, it => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)
    }
  },
}

/** One program for the packaged Node; what it imports when it needs it stands beside it. */
export const bundle = ({ name, entry, outDir }: Program): InlineConfig => ({
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
  logLevel: 'warn',
  publicDir: false,
  plugins: [latin],
  ssr: { target: 'node', noExternal: true, external: [...unbundled, ...builtinModules] },
  build: {
    ssr: entry,
    target: 'node24',
    outDir,
    emptyOutDir: false,
    sourcemap: true,
    minify: false,
    copyPublicDir: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { format: 'es', entryFileNames: `${name}.js`, chunkFileNames: `${name}-[name].js` } },
  },
})

export default defineConfig(bundle({ name: 'main', entry: 'server/main.ts', outDir: 'dist/server' }))
