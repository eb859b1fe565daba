import type { Clock } from '#kernel'
import type {
  ActivityPage,
  HistoryStore,
  RecorderOp,
  SamplePage,
  StoredHistory,
  StoredSpace,
} from '../history/index.ts'
import type { SeriesAnswer } from '../series/index.ts'
import type { HistoryWriter } from './history-writer.ts'
import type { Connection } from './worker.ts'

/** The recorder's store: it writes through the write budget, and asks in the reader's thread. */
export function createHistoryStore(parts: {
  clock: Clock
  writer: HistoryWriter
  hub: Connection
  history: Connection
  read: (name: string, argument?: unknown) => Promise<unknown>
}): HistoryStore {
  const { clock, writer, hub, history } = parts
  const written = (connection: Connection) => connection.query('written') as Promise<number | null>
  /** What was recorded a moment ago belongs to the answer. */
  const read = async <T>(name: string, argument?: unknown) => {
    await writer.flush()
    return (await parts.read(name, argument)) as T
  }
  return {
    load: () => history.query('load.history') as Promise<StoredHistory>,
    putSeries: writer.putSeries,
    record: writer.record,
    putAlive: () => writer.write({ op: 'history.alive', at: clock.now() }),
    putActivity: writer.putActivity,
    activity: ask => read<ActivityPage>('history.activity', ask),
    flush: writer.flush,
    async roll(unkept, now = clock.now()) {
      await writer.flush()
      const roll: RecorderOp = { op: 'history.roll', now, unkept }
      await history.run([roll])
    },
    async purge(step) {
      const [isMore] = await history.run([{ op: 'history.purge', ...step }])
      return isMore as boolean
    },
    ask: (series, ask) => read<SeriesAnswer>('history.ask', { series, ask }),
    page: (series, ask) => read<SamplePage>('history.page', { series, ask }),
    // A few rows for each series: not worth a thread of its own.
    space: () => history.query('history.space') as Promise<StoredSpace>,
    written: async () => ({
      hub: await written(hub),
      history: await written(history),
      runs: (await history.query('history.runs')) as number,
      activity: (await history.query('history.activityBytes')) as number,
    }),
  }
}
