import { X509Certificate } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { HobError, type Cancel, type Clock, type Log } from '#kernel'
import { checkPair, faultText, type Certificates, type PairFiles } from './certificates.ts'
import { readText, replaceFile } from './files.ts'
import type { Issued, IssueRequest, KeyPair } from './issue.ts'

// device-ca.pem, .key   made once; devices keep the .pem, so it never changes by itself
// mqtts.pem, .key       the leaf and the CA behind it; made anew when it ages or the hub has a name that it lacks
// A key is written before its certificate. A key alone is a start that was interrupted; a CA without its key is damage.

/** Milliseconds between two looks at the leaf's age and the hub's names. */
const LOOK_EVERY = 60_000
/** The part of its life after which a leaf is replaced. */
const RENEW_AFTER = 2 / 3

export interface DeviceCertificates extends Certificates {
  /** The certificate of the CA as PEM, which devices need to trust the hub; null when there is none. */
  ca(): string | null
}

export interface DeviceCertificatesOptions {
  /** `certs` in the data folder. */
  readonly folder: string
  /** The hub's host names and addresses at the moment. */
  readonly names: () => readonly string[]
  readonly issue: (request: IssueRequest) => Promise<Issued>
  readonly clock: Clock
  readonly log: Log
}

/** Loads the certificates that the hub made for itself, or makes them, and keeps them valid. Faults are logged: the hub goes on. */
export async function openDeviceCertificates(options: DeviceCertificatesOptions): Promise<DeviceCertificates> {
  const { names, clock, log } = options
  const ca = filesOf(options.folder, 'device-ca')
  const leaf = filesOf(options.folder, 'mqtts')
  const listeners = new Set<() => void>()
  let authority: KeyPair | null = null
  let pair: KeyPair | null = null
  let said = ''
  let isLoaded = false
  let isLooking = false
  let next: Cancel | null = null

  async function renew(): Promise<void> {
    if (authority !== null) checkAuthority(authority, ca)
    const wanted = [...names()]
    const issued = await options.issue({ ca: authority, names: wanted, now: clock.now() })
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    if (authority === null) await save(issued.ca, ca)
    authority = issued.ca
    await save(issued.leaf, leaf)
    pair = issued.leaf
    log.info({ names: wanted }, 'made a certificate for MQTT over TLS')
  }

  /** Renews what is due. Never fails. */
  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      // Not before it is known what there is: a CA that cannot be read now is not to be replaced.
      if (!isLoaded) await load()
      if (pair === null || isDue(pair, { names: names(), now: clock.now() })) {
        await renew()
        for (const listener of listeners) listener()
      }
      said = ''
    } catch (error) {
      const text = faultText(error)
      if (text !== said) log.error({}, text)
      said = text
      // Somebody may mend what is on disk.
      isLoaded = false
    }
    isLooking = false
  }

  async function load(): Promise<void> {
    authority = await loadAuthority(ca)
    pair = authority === null ? null : await loadLeaf(leaf, authority)
    isLoaded = true
  }

  const watch = () => {
    next = clock.after(LOOK_EVERY, () => {
      watch()
      void look()
    })
  }
  await look()
  watch()
  return {
    current: () => pair,
    ca: () => authority?.cert ?? null,
    onChange: listener => void listeners.add(listener),
    close: () => next?.(),
  }
}

function filesOf(folder: string, name: string): PairFiles {
  return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
}

async function save(pair: KeyPair, files: PairFiles): Promise<void> {
  await replaceFile(files.key, pair.key)
  await replaceFile(files.cert, pair.cert)
}

/** The CA as it is on disk, null when none was ever made. Its key is looked at when it has to sign. */
async function loadAuthority(files: PairFiles): Promise<KeyPair | null> {
  const cert = await readText(files.cert)
  return cert === null ? null : { cert, key: (await readText(files.key)) ?? '' }
}

/** @throws HobError `certificates.ca_damaged`: another CA would lock out every device that knows this one. */
function checkAuthority(authority: KeyPair, files: PairFiles): void {
  try {
    checkPair(authority, files)
  } catch (error) {
    throw new HobError(
      'certificates.ca_damaged',
      `the device CA cannot sign: ${faultText(error)}. Put both files back from a backup; or remove both, and the hub makes a CA that every device has to be given anew`,
      {},
      error,
    )
  }
}

/** The leaf as it is on disk, null where it cannot be used with this CA. */
async function loadLeaf(files: PairFiles, authority: KeyPair): Promise<KeyPair | null> {
  const cert = await readText(files.cert)
  const key = await readText(files.key)
  if (cert === null || key === null) return null
  try {
    const own = checkPair({ cert, key }, files)
    return own.verify(new X509Certificate(authority.cert).publicKey) ? { cert, key } : null
  } catch {
    // It is made again: nobody keeps a leaf.
    return null
  }
}

function isDue({ cert }: KeyPair, { names, now }: { names: readonly string[]; now: number }): boolean {
  const leaf = new X509Certificate(cert)
  const from = leaf.validFromDate.getTime()
  const age = now - from
  if (age < 0 || age >= RENEW_AFTER * (leaf.validToDate.getTime() - from)) return true
  return !names.every(name => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined)
}
