import fastifyStatic from '@fastify/static'
import type { Api } from './route.ts'
import { sendNotFound } from './errors.ts'

/** The built web UI: files by their names, `index.html` for every other page address. */
export async function registerStatic(app: Api, folder: string | null): Promise<void> {
  if (folder !== null) {
    app.addHook('onRoute', route => {
      if (!route.url.startsWith('/api/')) route.config = { scope: 'public', ...route.config }
    })
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      setHeaders: (reply, path) => {
        const isFixed = path.includes('/assets/')
        void reply.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (folder !== null && wantsPage && !request.url.startsWith('/api/'))
      return reply.header('cache-control', 'no-cache').sendFile('index.html')
    return sendNotFound(request, reply)
  })
}
