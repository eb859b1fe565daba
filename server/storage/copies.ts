import { HobError } from '#kernel'
import { isDamage } from './damage.ts'
import { migrationsOf, refuseNewer, type DatabaseKind } from './database.ts'
import { databasePath, type HubOp } from './executor.ts'
import { openConnection, openInline, type Connection, type WorkerStart } from './worker.ts'

/** Numbers of the sequence that a restored hub.db leaves out: history.db may hold those that came after its copy. */
const LEAP = 2 ** 40

/** One of the databases of a folder. */
export interface Place {
  readonly folder: string
  readonly kind: DatabaseKind
}

/** Databases that are copied out of a data folder and brought back into one. */
export interface Copying {
  /** Copies a database as it is at this moment into another folder. @throws HobError `storage.damaged`. */
  copy(place: Place, into: string): Promise<void>
  /**
   * Reads a database that nobody has open from end to end.
   * @throws HobError `storage.newer_schema`, `storage.damaged`.
   */
  check(place: Place): Promise<void>
  /**
   * Makes a copy one that this hub goes on with: its schema is brought up to date, and no number of the sequence that was
   * used after it was made comes again.
   * @throws HobError `storage.newer_schema`, `storage.damaged`.
   */
  prepare(place: Place): Promise<void>
}

function createCopying(open: (start: WorkerStart) => Promise<Connection>): Copying {
  async function withConnection(start: WorkerStart, use: (connection: Connection) => Promise<void>): Promise<void> {
    const path = databasePath(start.folder, start.kind)
    try {
      const connection = await open(start)
      try {
        await use(connection)
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (error instanceof HobError || !isDamage(error)) throw error
      throw new HobError('storage.damaged', `${path} is damaged (${(error as Error).message})`, {}, error)
    }
  }

  return {
    copy: ({ folder, kind }, into) =>
      withConnection({ folder, kind, role: 'reader' }, async connection => {
        await connection.query('copyInto', databasePath(into, kind))
      }),
    check: ({ folder, kind }) =>
      withConnection({ folder, kind, role: 'reader' }, async connection => {
        const path = databasePath(folder, kind)
        const version = (await connection.query('schemaVersion')) as number
        refuseNewer(path, version, migrationsOf[kind].length)
        const damage =
          version === 0 ? 'it holds no tables' : ((await connection.query('damageOf', kind)) as string | null)
        if (damage !== null) throw new HobError('storage.damaged', `${path} is damaged (${damage})`)
      }),
    prepare: ({ folder, kind }) =>
      withConnection({ folder, kind, role: 'writer' }, async connection => {
        if (kind !== 'hub') return
        const mark = ((await connection.query('load.mark', 'seq')) as number) + LEAP
        const raise: HubOp = { op: 'sequence.raise', name: 'seq', mark }
        await connection.run([raise])
      }),
  }
}

/** Each piece of work in a thread that ends with it: whoever looks at a chart does not wait, nor does a message. */
export const copyingInThreads = createCopying(openConnection)
/** In this thread, which has nothing else to do. */
export const copyingHere = createCopying(async start => openInline(start))
