export { openCopiesFolder, makeBackup } from './backup/make.ts'
export type { Contents } from './backup/contents.ts'
export { keyPath, loadKey, openKey } from './backup/key.ts'
export { restoreBackup } from './backup/restore.ts'
export { finishSwap, isSwapPending } from './backup/swap.ts'
export { openCertificateFiles, type CertificateFiles } from './certificate-files.ts'
export type { Certificates } from './certificates.ts'
export { openDeviceCertificates, type DeviceCertificates } from './device-certificates.ts'
export type { Issued } from './issue.ts'
export { issueInProcess } from './issuer.ts'
export {
  createHealth,
  createMachine,
  findSetAside,
  healthMetrics,
  hubMetrics,
  machineFiles,
  metricsText,
  watchLoop,
  type Health,
  type HealthReport,
  type HealthSources,
  type HubFigures,
  type MachineFiles,
  type Trouble,
} from './health/index.ts'
