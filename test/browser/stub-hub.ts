import { once } from 'node:events'
import { readFileSync, readdirSync, type Dirent } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../dist/web', import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}
// As strict as the hub's own, so that a page that breaks it fails here.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"

/** The built page and the two health addresses, in the state the test wants. */
export interface StubHub {
  readonly url: string
  state: 'ready' | 'starting' | 'gone'
  /** How often `/healthz` was asked. */
  asked: number
  close(): Promise<void>
}

function readFolder(): ReadonlyMap<string, Buffer> {
  const isFile = (entry: Dirent) => entry.isFile()
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(isFile)
  return new Map(
    paths.map(entry => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length), readFileSync(path)]
    }),
  )
}

export async function startStubHub(): Promise<StubHub> {
  const files = readFolder()
  const about = JSON.stringify({ status: 'ok', name: 'Hob', version: '1.2.3' })

  function answerHealth(response: ServerResponse, isReady: boolean) {
    response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' }).end(about)
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://stub').pathname
    if (path === '/healthz') hub.asked++
    if (path === '/healthz' || path === '/readyz') {
      if (hub.state === 'gone') request.socket.destroy()
      else answerHealth(response, path === '/healthz' || hub.state === 'ready')
      return
    }
    const file = files.get(path === '/' ? '/index.html' : path)
    const type = TYPES[extname(path) || '.html'] ?? 'application/octet-stream'
    response.writeHead(file ? 200 : 404, { 'content-type': type, 'content-security-policy': POLICY }).end(file)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const hub: StubHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    state: 'ready',
    asked: 0,
    close: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
  return hub
}
