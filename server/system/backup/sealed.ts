import { createCipheriv, createDecipheriv, createHash, scrypt } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { HobError, type Random } from '#kernel'

// A sealed file, format 1: a header, then pieces of at most 64 KiB, each behind AES-256-GCM (NIST SP 800-38D).
//
//   'hob backup' LF · format (1 byte) · salt (16) · proof (16) · sum (8: SHA-256 of what is before it, cut)
//   piece: up to 65,536 bytes encrypted, then its tag (16)
//
// scrypt (RFC 7914) of passphrase and salt gives the key and the proof, by which a wrong passphrase is told from damage.
// The salt makes the key this file's alone, so a piece's nonce is its number and whether it is the last: pieces cannot be
// exchanged, repeated or cut off unseen. The header is authenticated with each.

const MAGIC = Buffer.from('hob backup\n')
const FORMAT = 1
const SALT = 16
const PROOF = 16
const SUM = 8
const HEADER = MAGIC.length + 1 + SALT + PROOF + SUM
const KEY = 32
const TAG = 16
/** Bytes of a piece. */
export const PIECE = 65_536
/** A third of a second on a PC, 32 MiB of memory; OWASP's equal to N=2^17, p=1 with a quarter of its memory. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }

/** What is wrong with a file, in one sentence that names it. */
export function damaged(path: string, what: string): HobError {
  return new HobError('backup.damaged', `${path} is damaged (${what}); use another backup`)
}

/** What opens and proves a passphrase: 32 and 16 bytes. */
export type Derive = (passphrase: string, salt: Uint8Array) => Promise<{ key: Buffer; proof: Buffer }>

/** A passphrase, and how a key comes out of it: by scrypt, unless a test is in a hurry. */
export interface Lock {
  readonly passphrase: string
  readonly derive?: Derive
}

const byScrypt: Derive = (passphrase, salt) => {
  return new Promise((resolve, reject) => {
    // The same text however a keyboard composes its letters.
    scrypt(passphrase.normalize('NFKC'), salt, KEY + PROOF, SCRYPT, (error, bytes) => {
      if (error === null) resolve({ key: bytes.subarray(0, KEY), proof: bytes.subarray(KEY) })
      else reject(error)
    })
  })
}

function sumOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, SUM)
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 7)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Gathers bytes into pieces; the last one may be short, and only it may be empty. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
  let waiting = Buffer.alloc(0)
  for await (const part of bytes) {
    waiting = Buffer.concat([waiting, part])
    while (waiting.length > PIECE) {
      yield { piece: waiting.subarray(0, PIECE), isLast: false }
      waiting = waiting.subarray(PIECE)
    }
  }
  yield { piece: waiting, isLast: true }
}

/** Seals bytes behind a passphrase. @returns what is to be written, in order. */
export async function* seal(
  bytes: AsyncIterable<Uint8Array>,
  { passphrase, derive = byScrypt, random }: Lock & { random: Random },
): AsyncGenerator<Buffer> {
  const salt = random(SALT)
  const { key, proof } = await derive(passphrase, salt)
  const body = Buffer.concat([MAGIC, Buffer.of(FORMAT), salt, proof])
  const header = Buffer.concat([body, sumOf(body)])
  yield header
  let number = 0
  for await (const { piece, isLast } of inPieces(bytes)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast)).setAAD(header)
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
}

async function readExactly(file: FileHandle, { length, position }: { length: number; position: number }) {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return bytes.subarray(0, read)
}

function unlock(sealed: Buffer, how: { key: Buffer; nonce: Buffer; header: Buffer }): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', how.key, how.nonce, { authTagLength: TAG }).setAAD(how.header)
  decipher.setAuthTag(sealed.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()])
  } catch {
    // The tag does not fit: the one failure that decrypting has.
    return null
  }
}

function checkHeader(path: string, header: Buffer): void {
  if (!header.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, header.length)) || header.length < MAGIC.length) {
    throw new HobError('backup.foreign', `${path} is not a backup of hob`)
  }
  const format = header[MAGIC.length] ?? FORMAT
  if (format > FORMAT) {
    throw new HobError(
      'backup.newer_format',
      `${path} was written by a newer version of hob (format ${format}, this one reads ${FORMAT}); install that version`,
    )
  }
  if (header.length < HEADER) throw damaged(path, 'it ends in its header')
  if (!sumOf(header.subarray(0, -SUM)).equals(header.subarray(-SUM))) throw damaged(path, 'its header was changed')
}

/**
 * What was sealed, piece by piece.
 * @throws HobError `backup.foreign`, `backup.newer_format`, `backup.damaged`, `backup.wrong_passphrase`.
 */
export async function* unseal(
  file: FileHandle,
  { path, passphrase, derive = byScrypt }: Lock & { path: string },
): AsyncGenerator<Buffer> {
  const { size } = await file.stat()
  const header = await readExactly(file, { length: Math.min(HEADER, size), position: 0 })
  checkHeader(path, header)
  const salt = header.subarray(MAGIC.length + 1, MAGIC.length + 1 + SALT)
  const { key, proof } = await derive(passphrase, salt)
  if (!proof.equals(header.subarray(-SUM - PROOF, -SUM))) {
    throw new HobError('backup.wrong_passphrase', `the passphrase does not open ${path}; give the one it was made with`)
  }
  const step = PIECE + TAG
  const pieces = Math.ceil((size - HEADER) / step)
  if (pieces === 0) throw damaged(path, 'it ends too early')
  for (let number = 0; number < pieces; number++) {
    const position = HEADER + number * step
    const length = Math.min(step, size - position)
    const sealed = await readExactly(file, { length, position })
    if (sealed.length < length || length < TAG) throw damaged(path, 'it ends too early')
    const isLast = number === pieces - 1
    const piece = unlock(sealed, { key, nonce: nonceOf(number, isLast), header })
    if (piece !== null) yield piece
    else if (isLast && unlock(sealed, { key, nonce: nonceOf(number, false), header }) !== null)
      throw damaged(path, 'it ends too early')
    else throw damaged(path, `what stands at byte ${position} was changed`)
  }
}
