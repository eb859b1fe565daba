import type { Ulid } from '#kernel'
import type { Unsupported } from '../face.ts'
import type { Area, Device } from '../model/entity.ts'
import type { LiveEntity } from './entity.ts'
import type { Source } from './source.ts'

/** A device, or a candidate for one as long as nobody adopted it. Written only inside the registry. */
export class LiveDevice implements Device {
  readonly id: Ulid
  slug: string
  /** As people see it: what a person chose, else as it calls itself. */
  name: string
  area: Area | null = null
  dialect: string
  manufacturer: string | null = null
  model: string | null = null
  software: string | null = null
  suggestedArea: string | null = null
  /** Whether it said its own name. */
  isNamed = false
  /** Names it could have as long as it did not. */
  readonly nameHints = new Set<string>()
  identifiers: string[]
  user: string | null
  clientId: string | null = null
  adoptedAt = 0
  version = 0
  firstSeen = 0
  lastSeen = 0
  readonly entities: LiveEntity[] = []
  readonly sources = new Set<Source>()
  readonly unsupportedBy = new Map<Source, readonly Unsupported[]>()

  constructor(id: Ulid, slug: string, own: Pick<Device, 'name' | 'dialect' | 'user'> & { identifiers: string[] }) {
    this.id = id
    this.slug = slug
    this.name = own.name
    this.dialect = own.dialect
    this.user = own.user
    this.identifiers = own.identifiers
  }

  get isAdopted(): boolean {
    return this.adoptedAt > 0
  }

  get topics(): readonly string[] {
    const bound = this.entities.flatMap(entity => (entity.source === null ? [] : [entity.description]))
    const heard = bound.flatMap(({ readings, availability }) => [...readings, ...(availability?.sources ?? [])])
    // A source of several devices is a gateway's.
    const own = [...this.sources].filter(({ devices }) => devices.size === 1)
    return [
      ...new Set([
        ...heard.map(({ filter }) => filter),
        ...bound.flatMap(({ commandTopics }) => commandTopics),
        ...own.flatMap(({ announcements }) => [...announcements.keys()]),
      ]),
    ]
  }

  /** What it announced and the hub cannot show yet. */
  get unsupported(): readonly Unsupported[] {
    return [...this.unsupportedBy.values()].flat()
  }

  /** The entity that a description is about: by key, else by its second identity. */
  find(key: string, uniqueId: string | null, component: string): LiveEntity | undefined {
    const byKey = this.entities.find(entity => entity.key === key)
    if (byKey !== undefined || uniqueId === null) return byKey
    return this.entities.find(entity => entity.description.uniqueId === uniqueId && entity.component === component)
  }
}
