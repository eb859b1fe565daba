import { createUlids, type Cause, type Json } from '#kernel'
import { createEngine, type Engine, type RuleFileInfo, type RunDetail, type RunInfo } from '#rules'
import { createTestClock, type TestClock } from '../../support/clock.ts'
import { createHouse, type Effect, type House, type ThingSpec } from './house.ts'
import { createDisk, createFakeStore, type Disk, type FakeStore } from './store.ts'

/** 21:00 in Berlin. */
export const START = Date.UTC(2026, 2, 1, 20)

export const USER: Cause = {
  id: '01KJM7QA000000000000000000',
  parent: null,
  kind: 'user',
  who: 'anna',
  depth: 0,
  byRule: false,
}

export interface HubSpec {
  readonly things: Readonly<Record<string, ThingSpec>>
  readonly start?: number
  readonly paused?: boolean
}

/** An engine in a house without sockets, over a disk that outlives it. */
export class TestHub {
  readonly clock: TestClock
  readonly disk: Disk = createDisk()
  readonly retained = new Map<string, string>()
  house!: House
  store!: FakeStore
  engine!: Engine
  runs: RunInfo[] = []
  /** Files that were said to be different, oldest first. */
  files: string[] = []
  warnings: string[] = []
  /** Whether the disk is as fast as can be: each turn is on it before the next begins. */
  isFast = true
  paused: boolean
  readonly #things: Readonly<Record<string, ThingSpec>>
  readonly #newId: () => string
  #seed = 0

  constructor({ things, start = START, paused = false }: HubSpec) {
    this.#things = things
    this.paused = paused
    this.clock = createTestClock(start)
    this.#newId = createUlids(
      () => start,
      length => new Uint8Array(length).fill(this.#seed++ % 7),
    )
  }

  async boot(things = this.#things): Promise<this> {
    const { clock, retained } = this
    this.house = createHouse({
      clock,
      newId: this.#newId,
      things,
      retained,
      onEvent: event => this.engine.event(event),
    })
    this.store = createFakeStore(this.disk)
    this.runs = []
    this.files = []
    this.warnings = []
    this.engine = createEngine({
      clock,
      causes: this.house.causes,
      newId: this.#newId,
      random: length => new Uint8Array(length),
      store: this.store,
      world: this.house.world,
      log: {
        debug() {},
        info: (_facts, text) => void this.house.effects.push({ effect: { log: text }, cause: USER }),
        warn: (_facts, text) => void this.warnings.push(text),
        error: (facts, text) => void this.warnings.push(`${text} ${JSON.stringify(facts)}`),
      },
      paused: this.paused,
      onRun: run => void this.runs.push(run),
      onFile: slug => void this.files.push(slug),
    })
    await this.engine.open()
    this.#rest()
    return this
  }

  /** kill -9 and a start: what was not flushed is lost. */
  async kill({ downFor = 0, things }: { downFor?: number; things?: Readonly<Record<string, ThingSpec>> } = {}) {
    this.engine.close()
    this.clock.advance(downFor)
    return this.boot(things)
  }

  save(text: string, slug = 'rule'): Promise<RuleFileInfo> {
    return this.engine.save({ slug, text, ifVersion: null }, USER).finally(() => this.#rest())
  }

  message(...how: Parameters<House['message']>): void {
    this.house.message(...how)
    this.#rest()
  }

  report(...how: Parameters<House['report']>): void {
    this.house.report(...how)
    this.#rest()
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    const until = this.clock.monotonic() + milliseconds
    this.#rest()
    // A timer at a time: what it sets off comes to rest, and the disk takes it, before the next.
    for (let next = this.clock.next(until); next !== null; next = this.clock.next(until)) {
      this.clock.advance(next - this.clock.monotonic())
      this.#rest()
    }
    this.clock.advance(until - this.clock.monotonic())
  }

  get effects(): Effect[] {
    return this.house.effects.map(({ effect }) => effect)
  }

  get logged(): string[] {
    return this.effects.flatMap(effect => ('log' in effect ? [effect.log] : []))
  }

  /** The newest run of a file. */
  async newest(slug = 'rule'): Promise<RunDetail> {
    const [run] = await this.engine.runs({ slug, limit: 1 })
    if (run === undefined) throw new Error(`no run of ${slug}`)
    return (await this.engine.run(run.id))!
  }

  /** What became of the rows that wait. */
  continuations(): Json[] {
    return [...this.disk.runs.values()].map(({ continuation }) => continuation)
  }

  #rest(): void {
    this.house.settle()
    while (this.isFast && this.store.waiting.length > 0) {
      this.store.flush()
      this.house.settle()
    }
  }
}
