import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startHouse, type House } from './support/house.ts'

const folder = temporaryFolder()
let house: House
beforeAll(async () => {
  mkdirSync(join(folder.path, 'assets'))
  writeFileSync(join(folder.path, 'index.html'), '<meta property="csp-nonce" nonce="HOB_NONCE"><p nonce="HOB_NONCE">')
  writeFileSync(join(folder.path, 'assets/app-1a2b.js'), 'app()')
  writeFileSync(join(folder.path, 'icon.svg'), '<svg/>')
  house = await startHouse({ webFolder: folder.path })
})
afterAll(async () => {
  await house.close()
  folder.remove()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  house.ask({ method: 'GET', path, who: 'nobody', headers })
// As browsers ask; Node would forbid the answer "not modified".
const revalidate = { 'cache-control': 'max-age=0' }
const policyOf = ({ headers }: { headers: Headers }) => headers.get('content-security-policy') ?? ''

describe('the page', () => {
  it.each(['/', '/index.html', '/rules/porch', '/signin'])(
    'comes at %s with a nonce for styles, the same in text and policy',
    async path => {
      const answer = await get(path, { accept: 'text/html' })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      const [, nonce] = /style-src 'self' 'nonce-([\w+/]{22}==)';/.exec(policyOf(answer)) ?? []
      expect(answer.text).toBe(`<meta property="csp-nonce" nonce="${nonce}"><p nonce="${nonce}">`)
    },
  )

  it('has another nonce each time, and is never answered with "not modified"', async () => {
    const first = await get('/')
    const again = await get('/', { ...revalidate, 'if-none-match': '*', 'if-modified-since': new Date().toUTCString() })
    expect([again.status, again.headers.get('etag'), again.headers.get('last-modified')]).toEqual([200, null, null])
    expect(again.headers.get('cache-control')).toBe('no-cache')
    expect(policyOf(again)).not.toBe(policyOf(first))
  })

  it('loosens nothing but its styles, and nothing else has a nonce', async () => {
    const strict = policyOf(await get('/healthz'))
    expect(strict).toMatch(/;style-src 'self';/)
    expect(policyOf(await get('/')).replace(/ 'nonce-[^']+'/, '')).toBe(strict)
    for (const path of ['/assets/app-1a2b.js', '/icon.svg', '/api/v1/devices', '/nothing'])
      expect(policyOf(await get(path))).toBe(strict)
  })
})

describe('files beside it', () => {
  it.each([
    ['/assets/app-1a2b.js', 'public, max-age=31536000, immutable', 'application/javascript; charset=utf-8'],
    ['/icon.svg', 'no-cache', 'image/svg+xml'],
  ])('%s: %s', async (path, caching, type) => {
    const { status, headers } = await get(path)
    expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([200, caching, type])
    const etag = headers.get('etag')!
    expect((await get(path, { ...revalidate, 'if-none-match': etag })).status).toBe(304)
  })

  it('that are not there get a problem, and so do addresses of the API', async () => {
    expect((await get('/assets/old.js')).status).toBe(404)
    expect((await get('/api/v1/nothing', { accept: 'text/html' })).status).toBe(404)
  })
})
