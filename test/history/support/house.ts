import type { Change, Entity, Event, Scalar, Value } from '../../../devices/index.ts'
import type { Cause } from '#kernel'
import { createHistory, type History, type HistoryAsk } from '../../../server/history/index.ts'
import type { Settings } from '../../../server/settings/index.ts'
import { openStorage, type Storage } from '../../../server/storage/index.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'

const CAUSE: Cause = { id: 'C', parent: null, kind: 'device', who: 'esp', depth: 0, byRule: false }

const FIVE_MINUTES = 300_000

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

export interface Thing {
  readonly entity: Writable<Entity>
  /** Reports a value of it now, or at another time by a retained message. */
  says(value: Scalar, retainedAt?: number): void
  goes(online: boolean): void
}

/** The recorder and all that stands behind it, on a clock moved by hand. */
export interface RecordedHouse {
  readonly history: History
  readonly storage: Storage
  readonly clock: TestClock
  readonly complaints: string[]
  thing(id: string, about?: { class?: string; type?: Value['spec']['type']; value?: string }): Thing
  forget(id: string): void
  /** Lets time pass in steps of at most five minutes, in which the hub does what it does by itself. */
  pass(time: number): Promise<void>
  /** The course of a value in a range, as `minutes: value`. */
  course(thing: Thing, ask: Partial<HistoryAsk>): Promise<[number, Scalar][]>
  /** Ends as `kill -9` does (what was not written is lost), and starts on the same folder after some time. */
  killed(away: number): Promise<RecordedHouse>
  /** Ends in order and starts again. */
  restarted(away: number): Promise<RecordedHouse>
  close(): Promise<void>
}

export interface HouseOptions {
  readonly folder: string | null
  readonly clock?: TestClock
  readonly settings?: Partial<Pick<Settings, 'zone' | 'writeBudget' | 'retention'>>
}

/** Opens a house. Its things are made by hand, since what matters is what they say. */
export async function openHouse(options: HouseOptions): Promise<RecordedHouse> {
  const clock = options.clock ?? createTestClock(Date.UTC(2026, 2, 1))
  const complaints: string[] = []
  const complain = (facts: object, text: string) => void complaints.push(`${text} ${JSON.stringify(facts)}`)
  const log = { debug() {}, info() {}, warn: complain, error: complain }
  const settings: Settings = {
    name: 'Home',
    zone: 'Europe/Berlin',
    place: null,
    writeBudget: 10,
    retention: { days: 90, classes: {}, entities: {} },
    onboarded: true,
    ...options.settings,
  }
  const onFatal = (error: Error) => void complaints.push(error.message)
  const open = { folder: options.folder, threads: false, clock, log, onFatal }
  const storage = await openStorage({ ...open, writeBudget: () => settings.writeBudget })
  const entities = new Map<string, Writable<Entity>>()
  const history = createHistory({
    ...{ store: storage.history, clock, log, seq: storage.seq },
    settings: { current: () => settings, onChange() {} },
    names: { entity: id => entities.get(id), rule: id => id, token: id => id, pass: id => id, isClient: () => false },
    entities: () => [...entities.values()],
  })
  await history.open()
  const event = (changes: Change[], replayedAt?: number): void => {
    const message = replayedAt === undefined ? null : ({ replayed: true } as Event['message'])
    history.event({
      seq: storage.nextSeq(),
      at: replayedAt ?? clock.now(),
      message,
      matched: [],
      changes,
      cause: CAUSE,
    })
  }

  async function again(away: number): Promise<RecordedHouse> {
    clock.advance(away)
    return openHouse({ ...options, clock })
  }

  return {
    history,
    storage,
    clock,
    complaints,
    thing(id, { class: deviceClass = 'temperature', type = 'number', value: name = deviceClass } = {}) {
      const value: Writable<Value> = {
        ...{ name, spec: { type, unit: '°C' }, value: null, changedAt: 0, at: 0 },
        ...{ confirmed: false, changedBy: null, every: null },
      }
      const entity: Writable<Entity> = {
        ...{
          id,
          slug: id,
          name: id,
          key: id,
          device: { id, slug: id, name: id, area: null } as Entity['device'],
          area: null,
        },
        ...{ component: 'sensor', deviceClass, category: null, commands: [], online: null, pending: null },
        ...{ trouble: null, version: 1 },
        values: new Map([[name, value]]),
      }
      entities.set(id, entity)
      return {
        entity,
        says(to, retainedAt) {
          const from = value.value
          const changes: Change[] = []
          value.at = retainedAt ?? clock.now()
          if (from !== to) {
            Object.assign(value, { value: to, changedAt: value.at })
            changes.push({ kind: 'value', entity, value, from, to, cause: CAUSE })
          }
          if (entity.online === null && retainedAt === undefined) {
            entity.online = true
            changes.push({ kind: 'online', entity, from: null, to: true })
          }
          event(changes, retainedAt)
        },
        goes(online) {
          const from = entity.online
          entity.online = online
          event([{ kind: 'online', entity, from, to: online }])
        },
      }
    },
    forget(id) {
      entities.delete(id)
      event([{ kind: 'removed', entities: [id], device: { id, name: id } }])
    },
    async pass(time) {
      for (let left = time; left > 0; left -= FIVE_MINUTES) {
        clock.advance(Math.min(left, FIVE_MINUTES))
        await new Promise(resolve => setImmediate(resolve))
      }
    },
    async course({ entity }, ask) {
      const range = { from: Date.UTC(2026, 2, 1), to: clock.now() + 1, points: 5_000, resolution: 'auto' as const }
      const [found] = await history.ask(entity, { ...range, ...ask })
      const { at, value } = found!.course
      return at.map((time, i) => [(time - Date.UTC(2026, 2, 1)) / 60_000, value[i]!])
    },
    async killed(away) {
      await storage.close()
      return again(away)
    },
    async restarted(away) {
      await history.close()
      await storage.close()
      return again(away)
    },
    async close() {
      await history.close()
      await storage.close()
    },
  }
}
