import { stat } from 'node:fs/promises'
import { HobError, toIso, type Clock, type Cancel, type Log } from '#kernel'
import { checkPair, faultText, type Certificates, type PairFiles } from './certificates.ts'
import { readText } from './files.ts'
import type { KeyPair } from './issue.ts'

/** Milliseconds between two looks at whether the files have changed. */
const LOOK_EVERY = 60_000

export interface CertificateFiles extends Certificates {
  /** What is wrong with the files as they are now, or null. */
  fault(): string | null
}

/**
 * Somebody else's certificate, from files that are read again when they change. What cannot be used is logged, and the
 * last that could stays; one that is out of date is used, since many devices have no clock to see it by.
 */
export async function openCertificateFiles(options: {
  files: PairFiles
  clock: Clock
  log: Log
}): Promise<CertificateFiles> {
  const { files, clock, log } = options
  const listeners = new Set<() => void>()
  let pair: KeyPair | null = null
  let seen = ''
  let fault: string | null = null
  let isLooking = false
  let next: Cancel | null = null

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      const marks = await marksOf(files)
      if (marks !== seen) {
        seen = marks
        fault = null
        const read = await load(files)
        const isFirst = pair === null
        pair = read
        warnOfDates(read)
        if (!isFirst) log.info({ ...files }, 'the certificate files have changed and are used from now on')
        for (const listener of listeners) listener()
      }
    } catch (error) {
      fault = faultText(error)
      log.error({}, pair === null ? fault : `${fault}; the certificate that was read before stays in use`)
    }
    isLooking = false
  }

  function warnOfDates(read: KeyPair): void {
    const { validFromDate, validToDate } = checkPair(read, files)
    const now = clock.now()
    if (now >= validToDate.getTime())
      log.warn({}, `${files.cert} is valid until ${toIso(validToDate.getTime())} only: clients refuse it; renew it`)
    else if (now < validFromDate.getTime())
      log.warn({}, `${files.cert} is valid from ${toIso(validFromDate.getTime())} on: see the clock of this machine`)
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
    fault: () => fault,
    onChange: listener => void listeners.add(listener),
    close: () => next?.(),
  }
}

/** What differs when one of the files is another one. */
async function marksOf({ cert, key }: PairFiles): Promise<string> {
  const mark = async (path: string) => {
    try {
      const { ino, size, mtimeMs } = await stat(path)
      return `${ino} ${size} ${mtimeMs}`
    } catch (error) {
      return String((error as NodeJS.ErrnoException).code)
    }
  }
  return `${await mark(cert)} ${await mark(key)}`
}

async function load(files: PairFiles): Promise<KeyPair> {
  const read = async (path: string) => {
    const text = await readText(path)
    if (text === null) throw new HobError('certificates.missing', `${path} is not there; name the right file`)
    return text
  }
  const pair = { cert: await read(files.cert), key: await read(files.key) }
  checkPair(pair, files)
  return pair
}
