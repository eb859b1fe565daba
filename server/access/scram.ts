// SCRAM-SHA-256, RFC 5802 and 7677: the password never crosses the wire, and what is stored cannot be used to log in.
//   client  n,,n=USER,r=NONCE
//   server  r=NONCE+NONCE,s=SALT,i=ITERATIONS
//   client  c=biws,r=NONCE+NONCE,p=PROOF
//   server  v=SIGNATURE
// There is no channel binding: MQTT has no place for it.

import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { Random } from '#kernel'
import type { Exchange, Identity } from '../broker/index.ts'

/** What is stored of a password. All but the iterations in base64. */
export interface ScramVerifier {
  readonly salt: string
  readonly iterations: number
  readonly storedKey: string
  readonly serverKey: string
}

/** Its name as CONNECT gives it. */
export const SCRAM = 'SCRAM-SHA-256'

/** RFC 7677 section 4; machine-made passwords of 130 bits need no more. */
const ITERATIONS = 4096
const SALT_LENGTH = 16
const NONCE_LENGTH = 18

/** Our part of the nonce of an exchange: 144 bits. */
export function makeNonce(random: Random): string {
  return Buffer.from(random(NONCE_LENGTH)).toString('base64')
}

const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** The verifier of a new password. */
export function makeVerifier(password: string, random: Random): ScramVerifier {
  return verifierWith(password, Buffer.from(random(SALT_LENGTH)))
}

function verifierWith(password: string, salt: Buffer): ScramVerifier {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256')
  return {
    salt: salt.toString('base64'),
    iterations: ITERATIONS,
    storedKey: sha256(hmac(salted, 'Client Key')).toString('base64'),
    serverKey: hmac(salted, 'Server Key').toString('base64'),
  }
}

/** The broker's side of one exchange. */
export interface ScramExchange {
  /** Takes the client's first message. @returns the answer, or null when it is none that SCRAM knows. */
  first(message: string): string | null
  /** Takes the client's last message. @returns who it is and the last word, or null when the proof does not fit. */
  final(message: string): { readonly username: string; readonly signature: string } | null
}

/** Fields of a message by their letters; the order is checked by the caller. */
function fields(message: string): Map<string, string> | null {
  const found = new Map<string, string>()
  for (const part of message.split(',')) {
    if (part[1] !== '=' || found.has(part[0]!)) return null
    found.set(part[0]!, part.slice(2))
  }
  return found
}

/** `=2C` and `=3D` stand for comma and equals sign; null for any other use of `=`. */
function userName(text: string): string | null {
  if (/=(?!2C|3D)/.test(text) || text === '') return null
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=').normalize('NFKC')
}

export function createScramExchange(parts: {
  verifierOf: (username: string) => ScramVerifier | null
  /** Makes up a verifier for users nobody knows, the same each time, so that they cannot be told from others. */
  inventVerifier: (username: string) => ScramVerifier
  makeNonce: () => string
}): ScramExchange {
  let begun: { username: string; verifier: ScramVerifier; isKnown: boolean; nonce: string; said: string } | null = null
  return {
    first(message) {
      // `y` says that the client could bind a channel and believes that we cannot, which is so. No other identity.
      const match = /^[ny],,(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]{1,256}))$/.exec(message)
      const username = match === null ? null : userName(match[2]!)
      if (match === null || username === null || begun !== null) return null
      const known = parts.verifierOf(username)
      const verifier = known ?? parts.inventVerifier(username)
      const nonce = match[3]! + parts.makeNonce()
      const answer = `r=${nonce},s=${verifier.salt},i=${verifier.iterations}`
      begun = { username, verifier, isKnown: known !== null, nonce, said: `${match[1]},${answer}` }
      return answer
    },
    final(message) {
      const at = message.lastIndexOf(',p=')
      const given = fields(message)
      if (begun === null || at === -1 || given === null) return null
      const { username, verifier, isKnown, nonce, said } = begun
      const isBound = given.get('c') === 'biws' || given.get('c') === 'eSws'
      if (!isBound || given.get('r') !== nonce) return null
      const whole = `${said},${message.slice(0, at)}`
      const storedKey = Buffer.from(verifier.storedKey, 'base64')
      const mask = hmac(storedKey, whole)
      const proof = Buffer.from(message.slice(at + 3), 'base64')
      if (proof.length !== mask.length) return null
      const clientKey = mask.map((byte, i) => byte ^ proof[i]!)
      const fits = timingSafeEqual(sha256(clientKey), storedKey)
      if (!fits || !isKnown) return null
      const signature = hmac(Buffer.from(verifier.serverKey, 'base64'), whole).toString('base64')
      return { username, signature: `v=${signature}` }
    },
  }
}

/** A verifier that fits no password, derived from a secret of this process. */
export function createInventor(random: Random): (username: string) => ScramVerifier {
  const secret = Buffer.from(random(32))
  return username => {
    const [salt, storedKey, serverKey] = ['salt', 'stored', 'server'].map(what => hmac(secret, `${what} ${username}`))
    return {
      salt: salt!.subarray(0, SALT_LENGTH).toString('base64'),
      iterations: ITERATIONS,
      storedKey: storedKey!.toString('base64'),
      serverKey: serverKey!.toString('base64'),
    }
  }
}

/** The same as the broker takes it: two steps, then `identify` is asked with the name that was proved, or null. */
export function scramSteps(scram: ScramExchange, identify: (username: string | null) => Identity): Exchange {
  let isBegun = false
  return {
    next(data) {
      const message = Buffer.from(data ?? []).toString('utf8')
      if (!isBegun) {
        isBegun = true
        const answer = scram.first(message)
        if (answer === null) return { kind: 'done', data: null, identity: identify(null) }
        return { kind: 'continue', data: Buffer.from(answer) }
      }
      const proved = scram.final(message)
      if (proved === null) return { kind: 'done', data: null, identity: identify(null) }
      return { kind: 'done', data: Buffer.from(proved.signature), identity: identify(proved.username) }
    },
  }
}
