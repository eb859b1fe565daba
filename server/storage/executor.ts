import { join } from 'node:path'
import { closeDatabase, openDatabase, openForReading, type DatabaseKind, type OpenDatabase } from './database.ts'
import { activityBytes, findActivity } from './operations/activity.ts'
import { accessOperations, loadAccess } from './operations/access.ts'
import { auditOperations, checkAudit, createAudit, findAudit } from './operations/audit.ts'
import { brokerOperations, loadBroker } from './operations/broker.ts'
import { deviceOperations, loadDevices } from './operations/devices.ts'
import {
  findLastRuns,
  findTrace,
  findTraces,
  historyOperations,
  traceBytes,
  type HistoryOp,
} from './operations/history.ts'
import { houseOperations, loadMark, loadSettings, type SequenceOp } from './operations/house.ts'
import { decoded } from './operations/operations.ts'
import {
  askHistory,
  loadHistory,
  loadPoints,
  loadValues,
  pageOfHistory,
  spaceOfHistory,
} from './operations/recorded.ts'
import { loadRules, ruleOperations, ruleVersions, type HubRuleOp, type RuleFileOp } from './operations/rules.ts'
import { createVersions, findVersions } from './operations/versions.ts'
import { copyInto, damageOf, schemaVersion } from './operations/whole.ts'
import { writtenBytes } from './operations/written.ts'
import type { DeviceOp } from '#devices'
import type { AccessOp } from '../access/index.ts'
import type { BrokerOp } from '../broker/index.ts'
import type { SettingsOp } from '../settings/index.ts'

/** Everything that can be written to hub.db. */
export type HubOp = BrokerOp | DeviceOp | HubRuleOp | RuleFileOp | AccessOp | SettingsOp | SequenceOp
export type { HistoryOp }

/** What concerns a database as a whole. */
const whole = { copyInto, damageOf, schemaVersion, written: writtenBytes }

/** What can be read, by the database that answers. */
export const queries = {
  hub: {
    ...whole,
    'load.broker': loadBroker,
    'load.devices': loadDevices,
    'load.rules': loadRules,
    'load.access': loadAccess,
    'load.settings': loadSettings,
    'load.mark': loadMark,
    doubt: ({ doubt }: OpenDatabase) => doubt,
    'rules.versions': ruleVersions,
    versions: findVersions,
    audit: findAudit,
    'audit.check': checkAudit,
  },
  history: {
    ...whole,
    'load.values': loadValues,
    'load.lastRuns': findLastRuns,
    'load.points': loadPoints,
    'load.history': loadHistory,
    'history.ask': askHistory,
    'history.page': pageOfHistory,
    'history.space': spaceOfHistory,
    'history.runs': traceBytes,
    'history.activityBytes': activityBytes,
    'history.activity': findActivity,
    'rules.traces': findTraces,
    'rules.trace': findTrace,
  },
} as const

/** Carries out operations on one open database. */
export interface Executor {
  /** All of `ops` in one transaction. @returns what each operation answered. */
  run(ops: readonly { readonly op: string }[]): unknown[]
  query(name: string, argument: unknown): unknown
  close(): void
}

type Table = Readonly<Record<string, (op: never) => unknown>>

function operationsOf(kind: DatabaseKind, database: OpenDatabase): Table {
  if (kind === 'history') return historyOperations(database)
  const audit = createAudit(database)
  const versions = createVersions(database, audit)
  return {
    ...brokerOperations(database),
    ...deviceOperations(database, versions),
    ...ruleOperations(database, versions),
    ...accessOperations(database, versions),
    ...auditOperations(audit),
    ...houseOperations(database, versions),
  }
}

/** Where a database lives; `null` is memory. */
export function databasePath(folder: string | null, kind: DatabaseKind): string {
  return folder === null ? ':memory:' : join(folder, `${kind}.db`)
}

/** Opens a database to write and read. @throws HobError `storage.newer_schema`. */
export function createExecutor(folder: string | null, kind: DatabaseKind): Executor {
  const database = openDatabase(databasePath(folder, kind), kind)
  const operations = operationsOf(kind, database)
  const transaction = database.raw.transaction((ops: readonly { readonly op: string }[]) =>
    ops.map(op => operations[op.op]!(op as never)),
  )
  return { run: ops => transaction(ops), query: queryOn(kind, database), close: () => closeDatabase(database) }
}

/** Opens a database to read beside its writer. */
export function createReader(folder: string, kind: DatabaseKind): Executor {
  const database = openForReading(databasePath(folder, kind))
  return {
    run() {
      throw new Error('this connection only reads')
    },
    query: queryOn(kind, database),
    close: () => closeDatabase(database),
  }
}

function queryOn(kind: DatabaseKind, database: OpenDatabase): Executor['query'] {
  const known: Readonly<Record<string, (database: OpenDatabase, argument: never) => unknown>> = queries[kind]
  const query: Executor['query'] = (name, argument) => known[name]!(database, argument as never)
  return kind === 'hub' ? query : (name, argument) => decoded(() => query(name, argument))
}
