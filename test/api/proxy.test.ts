import { afterEach, describe, expect, it } from 'vitest'
import { PASSWORD, startHouse, type House } from './support/house.ts'

let house: House
afterEach(() => house.close())

// As a proxy hands on what came to https://hub.example from 203.0.113.9.
const handedOn = {
  origin: 'https://hub.example',
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'hub.example',
  'x-forwarded-proto': 'https',
}
const signIn = (password = PASSWORD, headers: Record<string, string> = handedOn) =>
  house.ask({ method: 'POST', path: '/api/v1/session', who: 'nobody', body: { name: 'cleo', password }, headers })

describe('a reverse proxy', () => {
  it('that is trusted speaks for its visitors: protocol, host and address are theirs', async () => {
    house = await startHouse({ hosts: ['hub.example'], trustedProxies: ['127.0.0.0/8'] })
    const answer = await signIn()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-hob_testtest=.*; Secure; SameSite=Lax$/)
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    const headers = { ...handedOn, cookie }
    const sessions = await house.ask({ method: 'GET', path: '/api/v1/sessions', who: 'nobody', headers })
    expect(sessions.json).toMatchObject({ items: [{ address: '203.0.113.9' }] })
    const guesser = { ...handedOn, 'x-forwarded-for': '203.0.113.66' }
    for (let n = 0; n < 10; n++) expect((await signIn('wrong', guesser)).status).toBe(401)
    expect((await signIn(PASSWORD, guesser)).status).toBe(429)
    expect((await signIn()).status).toBe(200)
  })

  it('that is not trusted is believed nothing', async () => {
    house = await startHouse({ hosts: ['hub.example'], trustedProxies: ['192.0.2.1'] })
    expect(await signIn()).toMatchObject({ status: 403, json: { code: 'api.foreign_page' } })
    const headers = { ...handedOn, origin: house.url }
    expect((await signIn(PASSWORD, headers)).headers.get('set-cookie')).toMatch(/^hob_testtest=/)
  })

  it('does not make foreign names the names of the hub', async () => {
    house = await startHouse({ trustedProxies: ['127.0.0.1'] })
    expect(await signIn()).toMatchObject({ status: 421, json: { code: 'api.misdirected' } })
  })
})
