import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '#kernel'
import { sendNotFound } from './errors.ts'
import type { ApiOptions } from './ports.ts'
import type { Api } from './route.ts'
import { policyWith } from './security-headers.ts'

const PAGE = 'index.html'
/** What the build of the page (web/vite.config.ts) leaves where the nonce belongs. */
const NONCE = 'HOB_NONCE'

/** The built web UI: files by their names, the page for every other address. */
export async function registerStatic(app: Api, options: Pick<ApiOptions, 'webFolder' | 'random'>): Promise<void> {
  const { webFolder: folder, random } = options
  const sendPage = folder === null ? undefined : pageSender(join(folder, PAGE), random)
  if (folder !== null && sendPage !== undefined) {
    app.addHook('onRoute', route => {
      if (!route.url.startsWith('/api/')) route.config = { scope: 'public', ...route.config }
    })
    for (const url of ['/', `/${PAGE}`]) app.get(url, { schema: { hide: true } }, (_request, reply) => sendPage(reply))
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      globIgnore: [PAGE],
      setHeaders: (reply, path) => {
        const isFixed = path.includes('/assets/')
        void reply.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (sendPage !== undefined && wantsPage && !request.url.startsWith('/api/')) return sendPage(reply)
    return sendNotFound(request, reply)
  })
}

/**
 * Sends the page with a nonce of its own each time. It carries nothing by which it could be asked for again under
 * conditions: a page that a browser kept would hold another nonce than the headers that came with "not modified".
 */
function pageSender(path: string, random: Random): (reply: FastifyReply) => FastifyReply {
  const parts = readFileSync(path, 'utf8').split(NONCE)
  return reply => {
    const nonce = Buffer.from(random(16)).toString('base64')
    return reply
      .header('content-security-policy', policyWith(nonce))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(parts.join(nonce))
  }
}
