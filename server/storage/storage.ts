import { mkdirSync } from 'node:fs'
import type { DeviceOp, StoredDevices, StoredPoints, StoredValue } from '#devices'
import type { Writes } from '#kernel'
import type { RuleOp, RuleStore, SaveResult, StoredLastRun, StoredRuleFile, StoredRules, StoredTrace } from '#rules'
import type { Cause } from '#kernel'
import type { AuditCheck, AuditEntry, AuditQuery, KnownEntry, StoredAccess } from '../access/index.ts'
import type { StoredBroker } from '../broker/index.ts'
import type { StoredSettings } from '../settings/index.ts'
import type { StoredVersion } from '../versions/index.ts'
import { copyingInThreads } from './copies.ts'
import { watchDamage } from './damage.ts'
import { databasePath, type HubOp } from './executor.ts'
import type { Storage, StorageOptions } from './face.ts'
import { openHistoryFile } from './history-file.ts'
import { openHubFile } from './hub-file.ts'
import { createHistoryStore } from './history-store.ts'
import { createHistoryWriter, type HistoryWriter } from './history-writer.ts'
import { openSequence } from './sequence.ts'
import { openConnection, openInline, type Connection } from './worker.ts'
import { createWriter, type Writer } from './writer.ts'

/**
 * Opens both databases, each behind its own thread, and brings their schemas up to date.
 * @throws HobError `storage.newer_schema`, `storage.damaged`, `storage.cannot_open`.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { folder } = options
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [hub, history] = await openBoth(
    openHubFile(options, () => openWriter(options, 'hub')),
    openHistoryFile(options, () => openWriter(options, 'history')),
  )
  const reader = createLazyReader(options, { hub, history })
  const writer = createWriter<HubOp>(hub, options)
  const historyWriter = createHistoryWriter(history, options)
  const sequence = await openSequence(writer, (await hub.query('load.mark', 'seq')) as number)
  const ask = <T>(connection: Connection, name: string, argument?: unknown) =>
    connection.query(name, argument) as Promise<T>
  const through = <Op extends HubOp>(): Writes<Op> => writer

  return {
    broker: extend(through(), { load: () => ask<StoredBroker>(hub, 'load.broker') }),
    access: extend(through(), {
      load: () => ask<StoredAccess>(hub, 'load.access'),
      async audit(query: AuditQuery) {
        await writer.flush()
        return (await reader.query('hub', 'audit', query)) as AuditEntry[]
      },
      async checkAudit(known: KnownEntry | null) {
        await writer.flush()
        return (await reader.query('hub', 'audit.check', known)) as AuditCheck
      },
    }),
    settings: extend(through(), { load: () => ask<StoredSettings | null>(hub, 'load.settings') }),
    devices: extend(through<DeviceOp>(), {
      async load(): Promise<StoredDevices> {
        const stored = await ask<Omit<StoredDevices, 'values' | 'points'>>(hub, 'load.devices')
        return {
          ...stored,
          values: await ask<StoredValue[]>(history, 'load.values'),
          points: await ask<StoredPoints[]>(history, 'load.points'),
        }
      },
    }),
    rules: ruleStore({ writer, historyWriter, hub, history, reader }),
    versions: {
      async find(query) {
        await writer.flush()
        return (await reader.query('hub', 'versions', query)) as StoredVersion[]
      },
    },
    history: createHistoryStore({
      clock: options.clock,
      writer: historyWriter,
      hub,
      history,
      read: (name, argument) => reader.query('history', name, argument),
    }),
    nextSeq: sequence.next,
    seq: sequence.current,
    pace: () => ({ hub: writer.pace(), history: historyWriter.pace() }),
    historyFault: historyWriter.fault,
    async copy(into, kinds) {
      // First what was recorded: the mark of the sequence in hub.db must not be behind it.
      if (kinds.history) {
        await historyWriter.flush()
        await reader.copy('history', into)
      }
      await writer.flush()
      await reader.copy('hub', into)
    },
    async close() {
      await writer.drain()
      await historyWriter.flush()
      await reader.close()
      await Promise.all([hub.close(), history.close()])
    },
  }
}

// `durable` is a getter, so a spread would freeze it.
function extend<Op, More extends object>(writes: Writes<Op>, more: More): Writes<Op> & More {
  return Object.defineProperties(more, Object.getOwnPropertyDescriptors(writes)) as Writes<Op> & More
}

type TraceOp = Extract<RuleOp, { op: 'rules.trace.put' }>

// Traces may be lost; all else of the rules may not.
function split(writer: Writer<HubOp>, history: HistoryWriter): Writes<RuleOp> {
  const isTrace = (op: RuleOp): op is TraceOp => op.op === 'rules.trace.put'
  return {
    get durable() {
      return writer.durable
    },
    onDurable: writer.onDurable,
    write(op) {
      if (!isTrace(op)) return writer.write(op)
      history.write(op)
      return 0
    },
  }
}

function ruleStore(parts: {
  writer: Writer<HubOp>
  historyWriter: HistoryWriter
  hub: Connection
  history: Connection
  reader: LazyReader
}): RuleStore {
  const { writer, historyWriter, hub, history, reader } = parts
  return extend(split(writer, historyWriter), {
    async load(): Promise<StoredRules> {
      const stored = (await hub.query('load.rules')) as Omit<StoredRules, 'lastRuns'>
      return { ...stored, lastRuns: (await history.query('load.lastRuns')) as StoredLastRun[] }
    },
    saveFile: (save: Parameters<RuleStore['saveFile']>[0]) =>
      writer.call({ op: 'rules.file.save', ...save }) as Promise<SaveResult>,
    removeFile: ({ slug, ifVersion, cause }: Parameters<RuleStore['removeFile']>[0]) =>
      writer.call({ op: 'rules.file.remove', slug, ifVersion, cause }) as Promise<SaveResult>,
    versions: (slug: string) =>
      reader.query('hub', 'rules.versions', slug) as Promise<(StoredRuleFile & { cause: Cause })[]>,
    async traces(query: Parameters<RuleStore['traces']>[0]) {
      await historyWriter.flush()
      return (await reader.query('history', 'rules.traces', query)) as StoredTrace[]
    },
    async trace(id: string) {
      await historyWriter.flush()
      return (await reader.query('history', 'rules.trace', id)) as StoredTrace | undefined
    },
  })
}

interface LazyReader {
  query(kind: 'hub' | 'history', name: string, argument: unknown): Promise<unknown>
  /** Copies a database into another folder. History's copy takes longer than any question: it gets a thread of its own. */
  copy(kind: 'hub' | 'history', into: string): Promise<void>
  close(): Promise<void>
}

// Queries of people must not stand in the way of writes: they get threads of their own, from the first one on.
function createLazyReader(options: StorageOptions, writers: { hub: Connection; history: Connection }): LazyReader {
  const { folder, threads } = options
  const open: Partial<Record<'hub' | 'history', Promise<Connection>>> = {}
  const openReader = async (kind: 'hub' | 'history', folder: string) => {
    const reader = await openConnection({ folder, kind, role: 'reader' })
    return watchDamage(reader, { path: databasePath(folder, kind), kind, log: options.log })
  }
  const home = threads === false ? null : folder
  const connection = (kind: 'hub' | 'history') => {
    if (home === null) return Promise.resolve(writers[kind])
    return (open[kind] ??= openReader(kind, home).catch((error: unknown) => {
      // The next question tries again.
      delete open[kind]
      throw error
    }))
  }
  return {
    query: async (kind, name, argument) => (await connection(kind)).query(name, argument),
    async copy(kind, into) {
      if (home !== null && kind === 'history') return copyingInThreads.copy({ folder: home, kind }, into)
      await (await connection(kind)).query('copyInto', databasePath(into, kind))
    },
    async close() {
      for (const each of Object.values(open)) await (await each).close()
    },
  }
}

// They start side by side, each in its thread; when one cannot open, the other is closed again.
async function openBoth(hub: Promise<Connection>, history: Promise<Connection>): Promise<[Connection, Connection]> {
  const [first, second] = await Promise.allSettled([hub, history])
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value]
  for (const each of [first, second]) if (each.status === 'fulfilled') await each.value.close()
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason
}

async function openWriter({ folder, threads }: StorageOptions, kind: 'hub' | 'history'): Promise<Connection> {
  return folder === null || threads === false
    ? openInline({ folder, kind, role: 'writer' })
    : openConnection({ folder, kind, role: 'writer' })
}
