import { join } from 'node:path'
import type { Clock, Log } from '#kernel'
import { certificateNames } from './addresses.ts'
import type { Config } from './config.ts'
import { issueInProcess, openCertificateFiles, openDeviceCertificates, type Certificates } from './system/index.ts'

/** What MQTT over TLS shows of the hub, and what devices need to trust it. */
export interface Tls {
  /** Null where MQTT over TLS is off. */
  readonly certificates: Promise<Certificates> | null
  /** The certificate of the hub's own CA as PEM; null where there is none. */
  readonly ca: () => string | null
  /** What is wrong with the certificate files that the configuration names, or null. */
  readonly certificateFault: () => Promise<string | null>
}

/** Opens the certificate files that the configuration names, else the hub's own certificates. */
export function openTls({ config, clock, log }: { config: Config; clock: Clock; log: Log }): Tls {
  const none = { certificates: null, ca: () => null, certificateFault: async () => null }
  if (config.mqttsPort === 0) return none
  if (config.certificate !== null) {
    const certificates = openCertificateFiles({ files: config.certificate, clock, log })
    return { ...none, certificates, certificateFault: async () => (await certificates).fault() }
  }
  let ca: () => string | null = () => null
  const own = openDeviceCertificates({
    folder: join(config.data, 'certs'),
    names: () => certificateNames(config.host, config.hosts),
    issue: issueInProcess,
    clock,
    log,
  }).then(opened => {
    ca = opened.ca
    return opened
  })
  return { ...none, certificates: own, ca: () => ca() }
}
