import type { Dialect } from '../dialects/dialect.ts'
import type { StoredAnnouncement } from '../store.ts'
import type { LiveDevice } from './device.ts'
import type { LiveEntity } from './entity.ts'

/** Announcements that are read together, and what they describe at present. */
export class Source {
  readonly dialect: Dialect
  readonly id: string
  readonly announcements = new Map<string, StoredAnnouncement>()
  readonly devices = new Set<LiveDevice>()
  readonly entities = new Set<LiveEntity>()

  constructor(dialect: Dialect, id: string) {
    this.dialect = dialect
    this.id = id
  }
}
