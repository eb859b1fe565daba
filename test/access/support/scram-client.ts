import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

/** The last message of a SCRAM-SHA-256 client, to the challenge that its first message got. */
export function prove(password: string, first: string, challenge: string): string {
  const [nonce = '', salt = '', iterations = ''] = challenge.split(',').map(part => part.slice(2))
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256')
  const key = createHmac('sha256', salted).update('Client Key').digest()
  const stored = createHash('sha256').update(key).digest()
  const binding = Buffer.from(first.slice(0, 3)).toString('base64')
  const bare = `c=${binding},r=${nonce}`
  const signature = createHmac('sha256', stored)
    .update(`${first.slice(3)},${challenge},${bare}`)
    .digest()
  return `${bare},p=${Buffer.from(key.map((byte, i) => byte ^ signature[i]!)).toString('base64')}`
}
