import { HobError, isHobError, type Json } from '#kernel'
import type { StoredVersion, Version, VersionedKind, Versions, VersionStore } from './face.ts'
import { changeInWords, changesBetween, textInWords } from './words.ts'

type Fields = Readonly<Record<string, Json>>

const fieldsOf = (content: string) => JSON.parse(content) as Fields

/** The versions of everything that `kinds` speak for: list, difference, restore, merge. */
export function createVersions({ store, kinds }: { store: VersionStore; kinds: readonly VersionedKind[] }): Versions {
  const byName = new Map<string, VersionedKind>(kinds.map(kind => [kind.kind, kind]))

  function need(name: string): VersionedKind {
    const kind = byName.get(name)
    if (kind !== undefined) return kind
    throw new HobError(
      'versions.unknown_kind',
      `"${name}" has no versions; these have: ${[...byName.keys()].join(', ')}`,
    )
  }

  async function oneOf(kind: VersionedKind, id: string, version: number): Promise<StoredVersion | undefined> {
    const [found] = await store.find({ kind: kind.kind, object: id, limit: 1, before: version + 1 })
    return found?.version === version ? found : undefined
  }

  const unknownObject = (kind: string, object: string) =>
    new HobError('versions.unknown_object', `there never was a ${kind} "${object}"`)

  return {
    async list(name, object, { limit, before }) {
      const kind = need(name)
      const id = kind.find(object)?.id ?? object
      const page = before === undefined ? {} : { before }
      // One more than asked: the last one shown is compared with it.
      const found = await store.find({ kind: kind.kind, object: id, limit: limit + 1, ...page })
      if (found.length === 0 && before === undefined) throw unknownObject(name, object)
      return found.slice(0, limit).map((each, index) => told(kind, each, found[index + 1]))
    },
    async one(kind, object, version) {
      const [found, before] = await store.find({ kind, object, limit: 2, before: version + 1 })
      return found?.version === version ? told(byName.get(kind) ?? {}, found, before) : undefined
    },
    async restore(name, object, { version, ...edit }) {
      const kind = need(name)
      const current = kind.find(object)
      const id = current?.id ?? object
      const [newest] = await store.find({ kind: kind.kind, object: id, limit: 1 })
      if (newest === undefined) throw unknownObject(name, object)
      const wanted = await oneOf(kind, id, version)
      if (wanted === undefined)
        throw new HobError(
          'versions.unknown_version',
          `this ${name} has no version ${version}; the newest is ${newest.version}`,
        )
      if (wanted.content === null)
        throw new HobError('versions.removed', `version ${version} is its removal; restore the one before`)
      await kind.restore(id, wanted.content, { ...edit, next: newest.version + 1 })
      return kind.find(id)!.version
    },
    async merging({ kind: name, object, ifVersion, change, show = content => content }, edit) {
      try {
        return await edit()
      } catch (error) {
        if (!isHobError(error) || !error.code.endsWith('.stale_version') || ifVersion === undefined) throw error
        const kind = need(name)
        const id = kind.find(object)?.id ?? object
        const [newest] = await store.find({ kind: name, object: id, limit: 1 })
        const shown = (version: StoredVersion | undefined) => show(read(kind, version?.content ?? null))
        const base = shown(await oneOf(kind, id, ifVersion))
        const yours = kind.isText ? change : { ...(base as Fields | null), ...(change as Fields) }
        const merge = { base, yours, theirs: shown(newest) }
        throw new HobError(error.code, error.message, { ...error.facts, ...merge }, error)
      }
    },
  }
}

function read(kind: VersionedKind, content: string | null): Json | Fields {
  return content === null || kind.isText ? content : fieldsOf(content)
}

function told(
  kind: Pick<VersionedKind, 'isText' | 'show'>,
  version: StoredVersion,
  before: StoredVersion | undefined,
): Version {
  const from = before?.content ?? null
  const to = version.content
  const plain = (says: string) => ({ ...version, changes: [], words: [says] })
  if (to === null) return plain('removed')
  if (from === null) return plain(before === undefined ? 'the oldest version' : 'brought back')
  if (kind.isText) return { ...version, changes: [], words: textInWords(from, to) }
  const changes = changesBetween(fieldsOf(from), fieldsOf(to))
  const show = (field: string, value: Json) => kind.show?.(field, value) ?? value
  const words = changes.map(each =>
    changeInWords({ field: each.field, from: show(each.field, each.from), to: show(each.field, each.to) }),
  )
  return { ...version, changes, words }
}
