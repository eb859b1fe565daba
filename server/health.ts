import { memoryUsage } from 'node:process'
import type { Entity, Registry } from '#devices'
import { toIso, type Clock, type Log } from '#kernel'
import type { Engine } from '#rules'
import type { Backups } from './backups.ts'
import type { Broker } from './broker/index.ts'
import type { History } from './history/index.ts'
import type { Storage } from './storage/index.ts'
import {
  createHealth,
  createMachine,
  findSetAside,
  healthMetrics,
  hubMetrics,
  machineFiles,
  metricsText,
  watchLoop,
  type BackupStatus,
  type Health,
  type HubFigures,
  type MachineFiles,
  type Trouble,
} from './system/index.ts'

/** How many usual pauses a value may be silent. */
const RHYTHMS = 3
/** Names that a problem tells. */
const NAMED = 3

interface HubHealthOptions {
  readonly version: string
  /** The data folder. */
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  readonly storage: Pick<Storage, 'pace' | 'history' | 'historyFault'>
  readonly broker: Pick<Broker, 'stats' | 'queues'>
  readonly history: Pick<History, 'writes' | 'space'>
  readonly registry: Pick<Registry, 'entities'>
  readonly engine: Pick<Engine, 'files'>
  readonly backups: Pick<Backups, 'status'>
  /** What is wrong with the certificate of MQTT over TLS, or null. */
  readonly certificateFault: () => Promise<string | null>
  /** This machine's, unless given. */
  readonly files?: MachineFiles
}

interface HubHealth extends Health {
  /** All figures for Prometheus. */
  metrics(): Promise<string>
}

/** Watches the health of this hub from now on: its parts, and the machine it runs on. */
export function watchHealth(options: HubHealthOptions): HubHealth {
  const { version, folder, clock, log, storage, broker, history, registry, engine, files = machineFiles } = options
  const startedAt = clock.monotonic()
  // A look takes the longest commit along; the counts stay for whoever asks next.
  let pace = storage.pace()
  const disk = () => files.disk(folder)

  const health = createHealth({
    ...{ clock, log, folder },
    sources: {
      loop: watchLoop(),
      memory: () => memoryUsage.rss(),
      commits: () => (pace = storage.pace()).hub,
      queues: broker.queues,
      machine: createMachine({ files, clock }),
      disk,
      writes: history.writes,
      space: history.space,
      troubles: async () => [
        ...(await findSetAside(files, folder)),
        ...historyTrouble(storage.historyFault()),
        ...backupTrouble(options.backups.status()),
        ...certificateTrouble(await options.certificateFault()),
        ...ruleTrouble(engine),
        ...deviceTrouble(registry.entities(), clock.now()),
      ],
    },
  })

  health.open()
  return {
    ...health,
    async metrics() {
      const figures: HubFigures = {
        version,
        uptime: clock.monotonic() - startedAt,
        commits: pace,
        written: await storage.history.written(),
        broker: broker.stats(),
        queues: broker.queues(),
        devices: countDevices(registry.entities()),
        entities: registry.entities().length,
        rules: countRules(engine),
      }
      return metricsText([...hubMetrics(figures), ...healthMetrics(health.report())])
    },
  }
}

function certificateTrouble(fault: string | null): Trouble[] {
  if (fault === null) return []
  const repair = 'Put a certificate and its key where the configuration says; Hob reads them again within a minute.'
  const what = 'The certificate of MQTT over TLS cannot be used'
  return [{ code: 'certificate', state: 'bad', what, where: fault, repair, link: null }]
}

function historyTrouble(fault: string | null): Trouble[] {
  if (fault === null) return []
  const what = 'History cannot be written: what happens now is missing from it'
  const repair = 'See whether the disk is full or fails. Hob goes on trying; the house does not wait for it.'
  return [{ code: 'history_unwritten', state: 'bad', what, where: fault, repair, link: null }]
}

function backupTrouble({ last, fault }: BackupStatus): Trouble[] {
  if (fault === null) return []
  const what = last === null ? 'There is no backup' : `The last backup is of ${toIso(last.madeAt).slice(0, 10)}`
  const repair = `Mend what the last try says: ${fault}. Hob tries again each night.`
  return [{ code: 'backup', state: 'warning', what, where: last?.path ?? null, repair, link: null }]
}

/** `a, b, c and 4 more` */
function namesText(names: readonly string[]): string {
  const more = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function ruleTrouble(engine: Pick<Engine, 'files'>): Trouble[] {
  const ill = engine
    .files()
    .filter(({ enabled }) => enabled)
    .flatMap(({ rules }) => rules.filter(({ problems }) => problems.length > 0))
    .map(({ name }) => name)
  if (ill.length === 0) return []
  const what = ill.length === 1 ? 'A rule has a fault and does not run as it should' : `${ill.length} rules have faults`
  const repair = 'Open it: the line with the fault is marked, with what is there instead.'
  return [{ code: 'rules', state: 'warning', what, where: namesText(ill), repair, link: '/rules' }]
}

const isLate = ({ values }: Entity, now: number) =>
  Array.from(values.values()).some(({ every, at }) => every !== null && now - at > RHYTHMS * every)

/** Devices that are gone, or have been silent for longer than they usually are. */
function deviceTrouble(entities: readonly Entity[], now: number): Trouble[] {
  const gone = new Map<string, string>()
  const late = new Map<string, string>()
  for (const entity of entities) {
    if (entity.online === false) gone.set(entity.device.id, entity.device.name)
    else if (isLate(entity, now)) late.set(entity.device.id, entity.device.name)
  }
  const names = Array.from(new Map([...gone, ...late]).values())
  if (names.length === 0) return []
  const what = names.length === 1 ? 'A device does not answer' : `${names.length} devices do not answer`
  const repair = 'See whether they have power and reach the network; change the battery of those that have one.'
  const link = `/devices?show=${gone.size > 0 ? 'offline' : 'stale'}`
  return [{ code: 'devices', state: 'warning', what, where: namesText(names), repair, link }]
}

function countDevices(entities: readonly Entity[]): HubFigures['devices'] {
  const online = new Map<string, boolean | null>()
  for (const { device, online: is } of entities) {
    const before = online.get(device.id)
    online.set(device.id, before === false || is === false ? false : (is ?? before ?? null))
  }
  const count = (wanted: boolean | null) => Array.from(online.values()).filter(is => is === wanted).length
  return { online: count(true), offline: count(false), unknown: count(null) }
}

function countRules(engine: Pick<Engine, 'files'>): HubFigures['rules'] {
  const rules = engine.files().flatMap(file => file.rules)
  const active = rules.filter(each => each.active).length
  return { active, inactive: rules.length - active }
}
