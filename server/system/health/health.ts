import type { Cancel, Clock, Log } from '#kernel'
import type { LoopMeter } from './loop.ts'
import type { MachineLook } from './machine.ts'
import { createProblems, troubleOf, type Problem, type Trouble } from './problems.ts'
import { LOOK_EVERY, readings, SLOWLY, type Kind, type ReadingKey } from './readings.ts'
import { isWorse, Judge, type Found, type Limit, type State } from './state.ts'

export interface Reading {
  readonly key: ReadingKey
  readonly value: number | string | null
  readonly unit: string | null
  readonly limit: Limit | null
  readonly state: State
}

export interface HealthReport {
  /** Wall-clock milliseconds of the last look, 0 before the first. */
  readonly at: number
  /** The worst of the problems. */
  readonly state: Exclude<State, 'unknown'>
  readonly readings: readonly Reading[]
  /** Worst first. */
  readonly problems: readonly Problem[]
}

/** How the database of all that must not be lost keeps up: the longest commit since the last look, null without one, and what waits. */
export interface CommitLook {
  readonly longest: number | null
  readonly waiting: number
}

/** What is looked at. None of it stands on the way of a message. */
export interface HealthSources {
  readonly loop: LoopMeter
  /** Bytes of memory of this process. */
  readonly memory: () => number
  readonly commits: () => CommitLook
  readonly queues: () => { readonly fullest: { readonly clientId: string; readonly share: number } | null }
  readonly machine: { look(): Promise<MachineLook> }
  readonly disk: () => Promise<{ readonly free: number } | null>
  /** Bytes a day, null while that is not known. */
  readonly writes: () => Promise<{ readonly perDay: number | null }>
  /** Days until the disk is full; null when that is more than ten years away. */
  readonly space: () => Promise<{ readonly fullIn: number | null }>
  /** What others know to be wrong. */
  readonly troubles: () => Promise<readonly Trouble[]>
}

export interface Health {
  /** Looks for the first time and from then on every 10 s. */
  open(): void
  report(): HealthReport
  /** Looks now, or takes part in a look that is on its way. */
  look(): Promise<void>
  /** Called when a problem came, went, or is worse or better. */
  onChange(listener: (report: HealthReport) => void): void
  close(): void
}

export interface HealthOptions {
  readonly clock: Clock
  readonly log: Log
  readonly folder: string
  readonly sources: HealthSources
}

const KEYS = Object.keys(readings) as ReadingKey[]
const NEVER_FULL: Found = { word: 'years', state: 'good' }

type Looks = Partial<Record<ReadingKey, Found>>

/** Watches how the hub and its machine are, and says what is wrong. */
export function createHealth({ clock, log, folder, sources }: HealthOptions): Health {
  const judges = new Map(KEYS.map(key => [key, new Judge(readings[key].limit, readings[key].patience)]))
  const problems = createProblems()
  const listeners: ((report: HealthReport) => void)[] = []
  const failing = new Set<string>()
  let others: readonly Trouble[] = []
  let client: string | null = null
  let looks = 0
  let at = 0
  let next: Cancel | undefined
  let isClosed = false

  /** One source that fails leaves its readings unknown and takes no other along. */
  async function ask<T>(name: string, source: () => Promise<T>): Promise<T | null> {
    try {
      const found = await source()
      failing.delete(name)
      return found
    } catch (error) {
      if (!failing.has(name) && !isClosed)
        log.warn({ source: name, error: String(error) }, 'a part of health cannot be read')
      failing.add(name)
      return null
    }
  }

  /** What can be said without asking anybody. */
  function lookInside(): Looks {
    const { longest, waiting } = sources.commits()
    const { fullest } = sources.queues()
    client = fullest?.clientId ?? client
    return {
      loop_delay: sources.loop.look()?.p99 ?? null,
      commit_time: longest ?? 'idle',
      commit_queue: waiting,
      client_queue: Math.round((fullest?.share ?? 0) * 100),
      memory: sources.memory(),
    }
  }

  async function lookSlowly(): Promise<Looks> {
    const writes = await ask('writes', sources.writes)
    const space = await ask('space', sources.space)
    others = (await ask('troubles', sources.troubles)) ?? []
    return { written: writes?.perDay ?? null, full_in: space === null ? null : (space.fullIn ?? NEVER_FULL) }
  }

  async function lookOnce(): Promise<void> {
    const isSlow = looks++ % SLOWLY === 0
    const disk = await ask('disk', sources.disk)
    const machine = await ask('machine', sources.machine.look)
    const found: Looks = {
      ...lookInside(),
      disk_free: disk?.free ?? null,
      ...(machine ?? { temperature: null, power: null, clock: null }),
      ...(isSlow ? await lookSlowly() : {}),
    }
    if (isClosed) return
    for (const [key, each] of Object.entries(found)) judges.get(key as ReadingKey)!.take(each)
    at = clock.now()
    if (problems.set(troubles(), at)) for (const listener of listeners) listener(report())
  }

  function troubles(): Trouble[] {
    const ill = KEYS.flatMap(key => {
      const { state, value } = judges.get(key)!
      return state === 'warning' || state === 'bad' ? [troubleOf(key, { value, state, folder, client })] : []
    })
    return [...ill, ...others].toSorted((a, b) => Number(isWorse(b.state, a.state)) - Number(isWorse(a.state, b.state)))
  }

  function report(): HealthReport {
    return {
      at,
      state: problems.current()[0]?.state ?? 'good',
      readings: KEYS.map(key => {
        const { unit, limit }: Kind = readings[key]
        const { value, state } = judges.get(key)!
        return { key, value, unit, limit, state }
      }),
      problems: problems.current(),
    }
  }

  let looking: Promise<void> | null = null
  const look = () => (looking ??= lookOnce().finally(() => (looking = null)))

  async function watch(): Promise<void> {
    await look()
    if (!isClosed) next = clock.after(LOOK_EVERY, () => void watch())
  }

  return {
    open: () => void watch(),
    report,
    look,
    onChange: listener => void listeners.push(listener),
    close() {
      isClosed = true
      next?.()
      sources.loop.close()
    },
  }
}
