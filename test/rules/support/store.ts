import type { Cause } from '#kernel'
import type {
  RuleOp,
  RuleStore,
  SaveResult,
  StoredDeadline,
  StoredLastRun,
  StoredMoment,
  StoredRuleFile,
  StoredRun,
  StoredTrace,
} from '#rules'

type Version = StoredRuleFile & { readonly cause: Cause }

/** What the disk of a hub would hold: outlives engines. */
export interface Disk {
  readonly versions: Map<string, Version[]>
  readonly current: Map<string, StoredRuleFile>
  readonly runs: Map<string, StoredRun>
  readonly deadlines: Map<string, StoredDeadline>
  readonly moments: Map<string, StoredMoment>
  readonly traces: StoredTrace[]
}

export interface FakeStore extends RuleStore {
  readonly disk: Disk
  /** Operations that wait for their batch. */
  readonly waiting: readonly RuleOp[]
  /** All operations that became durable, in order. */
  readonly log: RuleOp[]
  /** Ends the turn: the batch is on disk. */
  flush(): void
}

export function createDisk(): Disk {
  return {
    versions: new Map(),
    current: new Map(),
    runs: new Map(),
    deadlines: new Map(),
    moments: new Map(),
    traces: [],
  }
}

function apply(disk: Disk, op: RuleOp): void {
  switch (op.op) {
    case 'rules.run.put':
      disk.runs.set(op.run.id, op.run)
      return
    case 'rules.run.remove':
      disk.runs.delete(op.id)
      return
    case 'rules.deadline.put':
      disk.deadlines.set(`${op.deadline.rule} ${op.deadline.trigger}`, op.deadline)
      return
    case 'rules.deadline.remove':
      disk.deadlines.delete(`${op.rule} ${op.trigger}`)
      return
    case 'rules.moment.put':
      disk.moments.set(`${op.moment.rule} ${op.moment.trigger}`, op.moment)
      return
    case 'rules.enabled': {
      const file = disk.current.get(op.slug)
      if (file !== undefined) disk.current.set(op.slug, { ...file, enabled: op.enabled })
      return
    }
    case 'rules.trace.put': {
      disk.traces.push(op.trace)
      const own = disk.traces.filter(trace => trace.rule === op.trace.rule)
      for (const old of own.slice(0, Math.max(0, own.length - op.keep))) disk.traces.splice(disk.traces.indexOf(old), 1)
      return
    }
  }
}

/** A store as the engine sees it, over a disk that keeps only what was flushed. */
export function createFakeStore(disk: Disk): FakeStore {
  const listeners: ((batch: number) => void)[] = []
  const log: RuleOp[] = []
  let waiting: RuleOp[] = []
  let durable = 0

  function flush(): void {
    if (waiting.length === 0) return
    for (const op of waiting) {
      apply(disk, op)
      log.push(op)
    }
    waiting = []
    durable++
    for (const listener of listeners) listener(durable)
  }

  const isStale = (slug: string, ifVersion: number | null) =>
    ifVersion !== null && (disk.current.get(slug)?.version ?? 0) !== ifVersion

  return {
    disk,
    log,
    flush,
    get waiting() {
      return waiting
    },
    get durable() {
      return durable
    },
    onDurable: listener => void listeners.push(listener),
    write(op) {
      waiting.push(structuredClone(op))
      return durable + 1
    },
    async load() {
      const files = [...disk.current.values()]
      const needed = [...disk.runs.values()].flatMap(({ file, version }) => {
        if (disk.current.get(file)?.version === version) return []
        return disk.versions.get(file)?.filter(each => each.version === version) ?? []
      })
      return structuredClone({
        files,
        needed,
        runs: [...disk.runs.values()],
        deadlines: [...disk.deadlines.values()],
        moments: [...disk.moments.values()],
        lastRuns: [...new Map(disk.traces.map(each => [each.rule, each])).values()].map(({ trace, ...run }) => ({
          ...run,
          outcome: (trace as { outcome: StoredLastRun['outcome'] }).outcome,
        })),
      })
    },
    async saveFile({ slug, text, ifVersion, cause, at }): Promise<SaveResult> {
      flush()
      if (isStale(slug, ifVersion)) return { stale: disk.current.get(slug) ?? null }
      const versions = disk.versions.get(slug) ?? []
      const saved = {
        slug,
        text,
        version: (versions.at(-1)?.version ?? 0) + 1,
        enabled: disk.current.get(slug)?.enabled ?? true,
        changedAt: at,
      }
      disk.versions.set(slug, [...versions, { ...saved, cause }])
      disk.current.set(slug, saved)
      return { saved }
    },
    async removeFile({ slug, ifVersion }): Promise<SaveResult> {
      flush()
      const file = disk.current.get(slug)
      if (isStale(slug, ifVersion)) return { stale: file ?? null }
      disk.current.delete(slug)
      for (const [id, run] of disk.runs) if (run.file === slug) disk.runs.delete(id)
      return { saved: file! }
    },
    async versions(slug) {
      return disk.versions.get(slug) ?? []
    },
    async traces({ file, rule, limit, before }) {
      return disk.traces
        .filter(trace => trace.file === file && (rule === null || trace.rule === rule))
        .filter(trace => before === null || trace.id < before)
        .toSorted((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit)
    },
    async trace(id) {
      return disk.traces.find(trace => trace.id === id)
    },
  }
}
