import { createHmac } from 'node:crypto'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An authenticator app that took up a key (RFC 4648, base 32): its code at a moment, RFC 6238. */
export function authenticator(key: string): (at: number) => string {
  const bits = [...key].map(letter => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from(bits.match(/.{8}/g)!.map(byte => Number.parseInt(byte, 2)))
  return at => {
    const count = Buffer.from(
      Math.floor(at / 30_000)
        .toString(16)
        .padStart(16, '0'),
      'hex',
    )
    const mac = createHmac('sha1', bytes).update(count).digest()
    const start = mac[19]! & 15
    return ((mac.readUInt32BE(start) & 0x7fff_ffff) % 1_000_000).toString().padStart(6, '0')
  }
}
