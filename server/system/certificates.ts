import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { HobError, isHobError } from '#kernel'
import type { KeyPair } from './issue.ts'

/** A source of what a TLS server shows of itself. */
export interface Certificates {
  /** Null while there is none that could be used. */
  current(): KeyPair | null
  /** Told when `current` has become another one. */
  onChange(listener: () => void): void
  close(): void
}

/** Where a pair was read. */
export interface PairFiles {
  readonly cert: string
  readonly key: string
}

/**
 * The first certificate of a pair whose halves belong together.
 * @throws HobError `certificates.malformed`, `certificates.mismatch`
 */
export function checkPair(pair: KeyPair, files: PairFiles): X509Certificate {
  const cert = parsed(files.cert, 'PEM certificate', () => new X509Certificate(pair.cert))
  const key = parsed(files.key, 'PEM private key without a passphrase', (): KeyObject => createPrivateKey(pair.key))
  if (cert.checkPrivateKey(key)) return cert
  throw new HobError(
    'certificates.mismatch',
    `${files.key} is not the key of ${files.cert}; give the two that were made together, the server's own certificate first`,
  )
}

function parsed<T>(path: string, kind: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new HobError('certificates.malformed', `${path} holds no ${kind}`, {}, error)
  }
}

/** What the owner reads of a fault with certificates. */
export function faultText(error: unknown): string {
  if (isHobError(error)) return error.message
  return `certificates: ${error instanceof Error ? error.message : String(error)}`
}
