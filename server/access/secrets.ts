import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { HobError, type Random } from '#kernel'

const derive = promisify(argon2)

/** argon2id as OWASP recommends: 19 MiB, 2 passes, 1 lane. */
const MEMORY = 19_456
const PASSES = 2
const LANES = 1
const TAG_LENGTH = 32
const SALT_LENGTH = 16

/** Characters a password must have. */
export const MIN_PASSWORD = 10

// Long enough, and still the first that anybody tries.
const COMMON = new Set([
  '1234567890',
  '0123456789',
  'passwordpassword',
  'password123',
  'password1234',
  'qwertyuiop',
  'qwertzuiop',
  'administrator',
  'letmeinletmein',
  'homeassistant',
])

/** @throws HobError `access.weak_password` */
export function requireStrong(password: string): void {
  if ([...password].length < MIN_PASSWORD)
    throw new HobError('access.weak_password', `a password has at least ${MIN_PASSWORD} characters`)
  const plain = password.toLowerCase()
  if (COMMON.has(plain) || new Set(plain).size === 1)
    throw new HobError('access.weak_password', 'this password is among the first that anybody tries')
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** The PHC string of a person's password; parameters can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_LENGTH)
  const tag = await tagOf(password, { salt, memory: MEMORY, passes: PASSES, lanes: LANES })
  return `$argon2id$v=19$m=${MEMORY},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`
}

function tagOf(
  password: string,
  { salt, memory, passes, lanes }: { salt: Uint8Array; memory: number; passes: number; lanes: number },
): Promise<Buffer> {
  return derive('argon2id', {
    message: password,
    nonce: salt,
    memory,
    passes,
    parallelism: lanes,
    tagLength: TAG_LENGTH,
  }) as Promise<Buffer>
}

// Both computations of one sign-in are the same, whether there is such a user or not; this tag is of no password.
export const NOBODYS_PASSWORD = `$argon2id$v=19$m=${MEMORY},t=${PASSES},p=${LANES}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Whether a password fits a PHC string; both cost the same whatever is wrong. */
export async function fitsPassword(password: string, stored: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored)
  if (match === null) return false
  const [, memory, passes, lanes, salt, tag] = match
  const wanted = Buffer.from(tag!, 'base64')
  const found = await tagOf(password, {
    salt: Buffer.from(salt!, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
  })
  return found.length === wanted.length && timingSafeEqual(found, wanted)
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A machine-made secret: 26 Crockford characters, 130 bits; fits every firmware's password field. */
export function makeSecret(random: Random): string {
  return Array.from(random(26), byte => CROCKFORD[byte & 31]).join('')
}

/** A machine-made secret as people write it: small letters, blanks and hyphens are fine, and so are I, L and O. */
export function readSecret(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0')
}

/** SHA-256 of a machine-made secret, hex. 130 random bits need no slow hash, and a whole house reconnects in a second. */
export function hashSecret(secret: string | Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** What a secret is compared with when nobody has that name, so that the answer takes as long. */
export const NOBODYS_HASH = hashSecret('nobody')

/** Compares two hashes in the same time whatever they hold. */
export function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
