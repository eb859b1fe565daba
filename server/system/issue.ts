// Loads what the next import needs before it runs.
import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'

/** A certificate and its private key, as PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface IssueRequest {
  /** Who signs; null makes a new one. */
  readonly ca: KeyPair | null
  /** Host names and addresses that the leaf is for. */
  readonly names: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface Issued {
  readonly ca: KeyPair
  /** `cert` holds the CA's, too, as servers send it. */
  readonly leaf: KeyPair
}

const DAY = 86_400_000
/** A leaf's life; 397 days is the most that clients of the common makers take. */
export const LEAF_LIFE = 397 * DAY
const CA_LIFE = 20 * 365 * DAY
/** Clocks in a house differ, and a fresh machine's may be behind. */
const BACKDATE = DAY

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Makes a leaf for a TLS server, and the device CA that signs it where there is none. */
export async function issue({ ca, names, now }: IssueRequest): Promise<Issued> {
  const issuer = ca ?? (await createCa(now))
  const issuerCert = new X509Certificate(issuer.cert)
  const signingKey = createPrivateKey(issuer.key).toCryptoKey(P256, false, ['sign'])
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const subjectNames = names.map(name => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name }))
  const cert = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Hob MQTT',
    issuer: issuerCert.subject,
    notBefore: new Date(now - BACKDATE),
    notAfter: new Date(Math.min(now - BACKDATE + LEAF_LIFE, issuerCert.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: P256,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(subjectNames),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuerCert.publicKey),
    ],
  })
  return { ca: issuer, leaf: { cert: `${cert.toString('pem')}\n${issuer.cert}`, key: keyPem(keys.privateKey) } }
}

/** A CA without name constraints: the TLS of small devices refuses those. It signs the hub's own leaf and nothing else. */
async function createCa(now: number): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const cert = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    // Two hubs in one house are told apart by it.
    name: `CN=Hob device CA ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(now - BACKDATE),
    notAfter: new Date(now + CA_LIFE),
    keys,
    signingAlgorithm: P256,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: `${cert.toString('pem')}\n`, key: keyPem(keys.privateKey) }
}

/** 127 random bits, as a positive number. */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.toString('hex')
}

function keyPem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}
