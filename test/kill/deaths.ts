import type { BrokerProcess } from '../support/broker-process.ts'
import type { Chances } from '../support/chances.ts'
import type { FaultDisk } from '../support/fault-disk.ts'
import { faultsOfDatabases } from './integrity.ts'

/** How a broker dies in a campaign, and what of its data folder is left. */
export interface Deaths {
  /** What the broker runs with. */
  readonly env: Readonly<Record<string, string>>
  /** Ends the broker; resolves when it is gone. */
  end(broker: BrokerProcess): Promise<void>
  /** It is gone. @returns what is wrong with what is left. */
  after(): string[]
}

/** kill -9: all that it wrote is there. */
export function kills(): Deaths {
  return { env: {}, end: broker => broker.kill(), after: () => [] }
}

/**
 * The power is cut behind kill -9, an orderly stop, or an fsync that failed. A broker that died of its disk may be
 * started again, in between, on what the page cache still shows.
 */
export function powerCuts(disk: FaultDisk, folder: string, chances: Chances): Deaths {
  let isCut = true
  const slow = () => disk.set({ delay: chances.between(0, 15) })
  slow()
  disk.begin(chances)
  return {
    env: disk.env,
    async end(broker) {
      isCut = true
      const dice = chances.between(1, 100)
      if (dice <= 10) await broker.stop()
      else if (dice <= 25) {
        isCut = chances.chance(0.3)
        disk.set({ fails: true })
        await broker.gone
      } else await broker.kill()
      slow()
    },
    after() {
      if (!isCut) return []
      disk.cut(chances)
      return faultsOfDatabases(folder)
    },
  }
}
