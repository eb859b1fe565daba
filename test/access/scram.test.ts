import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createInventor, createScramExchange, makeVerifier } from '../../server/access/scram.ts'
import { prove } from './support/scram-client.ts'

// RFC 7677, section 3.
const RFC = {
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  final: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  signature: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

const inventVerifier = createInventor(randomBytes)
const user = makeVerifier('pencil', length => new Uint8Array(RFC.salt.subarray(0, length)))

function exchange(ourNonce = 'ours') {
  return createScramExchange({
    verifierOf: name => (name === 'user' || name === 'a,b=c' ? user : null),
    inventVerifier,
    makeNonce: () => ourNonce,
  })
}

describe('SCRAM-SHA-256', () => {
  it('speaks the example of RFC 7677 word for word', () => {
    const scram = exchange(RFC.serverNonce)
    expect(scram.first(RFC.first)).toBe(RFC.challenge)
    expect(scram.final(RFC.final)).toEqual({ username: 'user', signature: RFC.signature })
  })

  it.each(['n,,n=user,r=abc', 'y,,n=user,r=abc', 'n,,n=a=2Cb=3Dc,r=abc'])('lets in who has the password: %s', first => {
    const scram = exchange()
    const challenge = scram.first(first)!
    expect(challenge).toMatch(/^r=abcours,s=/)
    expect(scram.final(prove('pencil', first, challenge))).not.toBeNull()
  })

  it.each([
    ['channel binding', 'p=tls-unique,,n=user,r=abc'],
    ['another identity', 'n,a=admin,n=user,r=abc'],
    ['no user', 'n,,n=,r=abc'],
    ['a bare equals sign', 'n,,n=a=b,r=abc'],
    ['no nonce', 'n,,n=user,r='],
    ['an extension that must be understood', 'n,,m=x,n=user,r=abc'],
    ['nothing', ''],
  ])('takes no first message with %s', (_what, first) => {
    expect(exchange().first(first)).toBeNull()
  })

  it('refuses a wrong password, an unknown user, another nonce, a cut proof and a last message before the first', () => {
    const first = 'n,,n=user,r=abc'
    const last = (change: (text: string) => string, password = 'pencil', opening = first) => {
      const scram = exchange()
      const challenge = scram.first(opening)!
      return scram.final(change(prove(password, opening, challenge)))
    }
    const same = (text: string) => text
    expect(last(same)).not.toBeNull()
    expect(last(same, 'pencils')).toBeNull()
    expect(last(same, 'pencil', 'n,,n=nobody,r=abc')).toBeNull()
    expect(last(text => text.replace('r=abcours', 'r=abcyours'))).toBeNull()
    expect(last(text => text.replace('c=biws', 'c=cD10bHM'))).toBeNull()
    expect(last(text => text.slice(0, -8))).toBeNull()
    expect(last(text => text.replace(/,p=.*/, ''))).toBeNull()
    expect(exchange().final(RFC.final)).toBeNull()
  })

  it('asks a user nobody knows the same each time, so that it cannot be told from others', () => {
    const challenge = (name: string) => exchange().first(`n,,n=${name},r=abc`)
    expect(challenge('nobody')).toBe(challenge('nobody'))
    expect(challenge('nobody')).not.toBe(challenge('somebody'))
    expect(challenge('nobody')).toMatch(/,s=[\w+/]{22}==,i=4096$/)
  })
})
