import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHouse, type House } from './support/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse({ hosts: ['hob.example'] })
})
afterAll(() => house.close())

/** Sends bytes as they are and reads until the hub closes. */
function raw(bytes: string): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(house.url).port), '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8').on('data', part => (text += part))
    socket.once('error', reject)
    socket.once('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n')
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1])
      const type = /^content-type: ([^;\r]+)/im.exec(head)?.[1] ?? ''
      resolve({ status, type, body: JSON.parse(body) as Record<string, unknown> })
    })
    socket.end(bytes)
  })
}

const get = (path: string, headers: string) => `GET ${path} HTTP/1.1\r\n${headers}\r\nconnection: close\r\n\r\n`
const problem = 'application/problem+json'

describe('a body', () => {
  const draft = (length: number) => {
    const empty = JSON.stringify({ topic: 'lab/x', payload: '' })
    return JSON.stringify({ topic: 'lab/x', payload: 'x'.repeat(length - empty.length) })
  }
  const send = (body: unknown, headers: Record<string, string> = {}) =>
    house.ask({ method: 'POST', path: '/api/v1/mqtt/publish', who: 'admin', body, headers })

  it('may have a mebibyte and no byte more', async () => {
    expect((await send(draft(1_048_576))).status).toBe(204)
    const answer = await send(draft(1_048_577))
    expect(answer).toMatchObject({ status: 413, json: { code: 'api.too_large', detail: 'request body is too large' } })
  })

  it.each([
    ['broken JSON', '{"topic":', {}, 400, 'api.bad_request'],
    ['nothing', '', {}, 400, 'api.bad_request'],
    ['a forged prototype', '{"__proto__":{"topic":"x"}}', {}, 400, 'api.bad_request'],
    ['another media type', 'topic=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'api.not_json'],
    ['plain text', 'x', { 'content-type': 'text/plain' }, 415, 'api.not_json'],
  ])('of %s is refused', async (_what, body, headers, status, code) => {
    const answer = await send(body, headers)
    expect(answer).toMatchObject({ status, json: { status, code } })
    expect(answer.headers.get('content-type')).toMatch(problem)
  })
})

describe('a host name', () => {
  it.each(['127.0.0.1', '192.168.7.9:8080', '[fe80::1]:8080', 'localhost', 'LOCALHOST:80', 'hob.example'])(
    'may be %s',
    async host => expect((await raw(get('/healthz', `host: ${host}`))).status).toBe(200),
  )

  it.each(['evil.example', 'hob.example.evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', ''])(
    'may not be "%s"',
    async host => {
      expect(await raw(get('/api/v1/devices', `host: ${host}`))).toMatchObject({
        status: 421,
        type: problem,
        body: { code: 'api.misdirected' },
      })
    },
  )
})

describe('an address', () => {
  it.each([
    ['that nothing has', '/api/v1/nothing', 404, 'api.not_found'],
    ['with a part that is too long', `/api/v1/devices/${'x'.repeat(301)}`, 414, 'api.too_large'],
    ['with half an escape', '/api/v1/devices/%', 400, 'api.bad_request'],
    ['that is no UTF-8', '/api/v1/devices/%c3%28', 400, 'api.bad_request'],
  ])('%s gets a problem', async (_what, path, status, code) => {
    expect(await raw(get(path, 'host: localhost'))).toMatchObject({ status, type: problem, body: { status, code } })
  })

  it('is asked with a method it has', async () => {
    const answer = await house.ask({ method: 'PUT', path: '/api/v1/devices', who: 'admin', body: {} })
    expect(answer).toMatchObject({ status: 404, json: { detail: 'there is nothing at PUT /api/v1/devices' } })
  })
})

describe('a connection', () => {
  it('that brings more than 16 KiB of headers is closed with a problem', async () => {
    const fits = await raw(get('/healthz', `host: localhost\r\nx-a: ${'a'.repeat(15_000)}`))
    expect(fits.status).toBe(200)
    const answer = await raw(get('/healthz', `host: localhost\r\nx-a: ${'a'.repeat(17_000)}`))
    expect(answer).toMatchObject({ status: 431, type: problem, body: { code: 'api.too_large' } })
  })

  it('that does not speak HTTP is closed with a problem', async () => {
    expect(await raw('\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0')).toMatchObject({ status: 400, type: problem })
  })
})

describe('every answer', () => {
  it.each(['/healthz', '/api/v1/devices', '/api/v1/nothing', '/'])('of %s tells browsers to be careful', async path => {
    const { headers } = await house.ask({ method: 'GET', path, who: 'nobody' })
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self';/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})
