export {
  createNightly,
  finishSwap,
  isSwapPending,
  keyPath,
  listBackups,
  loadKey,
  makeAutomatic,
  makeBackup,
  openCopiesFolder,
  openKey,
  recoverHubDatabase,
  restoreBackup,
  sweepBackups,
  type BackupStatus,
  type Contents,
  type Nightly,
} from './backup/index.ts'
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
