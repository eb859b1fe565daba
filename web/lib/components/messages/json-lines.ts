import type { Json } from '../../json.ts'

/** One line of a JSON value as it is shown. */
export interface JsonLine {
  /** Where the value stands: keys and places from the root, as JSON text; what was once there has the same one. */
  readonly path: string
  readonly depth: number
  /** The key in front of it; null in lists and at the root. */
  readonly key: string | null
  /** A bracket, or a value as it was written. */
  readonly source: string
  readonly isNumber: boolean
  readonly hasComma: boolean
  /** `new`: was not there before. `gone`: is not there any more. */
  readonly change: 'none' | 'changed' | 'new' | 'gone'
  /** What stood there before. */
  readonly old: string | null
}

interface Place {
  readonly path: readonly (string | number)[]
  readonly key: string | null
  readonly isLast: boolean
}

/** How a value is told in the place of another: itself, or how much it holds. */
function brief(value: Json): string {
  if (value.kind === 'plain') return value.source
  if (value.kind === 'object') return value.entries.length === 0 ? '{}' : '{…}'
  return value.items.length === 0 ? '[]' : '[…]'
}

const membersOf = (value: Json): readonly (readonly [key: string | number, value: Json])[] => {
  if (value.kind === 'object') return value.entries
  return value.kind === 'list' ? value.items.map((item, index) => [index, item] as const) : []
}

/** A value in lines, at most `most`, each marked against the value `before` when there was one. */
export function jsonLines(value: Json, before: Json | null, most: number): { lines: JsonLine[]; isCut: boolean } {
  const lines: JsonLine[] = []

  function add({ path, key, isLast }: Place, line: Pick<JsonLine, 'source'> & Partial<JsonLine>): void {
    lines.push({
      path: JSON.stringify(path),
      depth: path.length,
      key,
      isNumber: false,
      hasComma: !isLast,
      change: 'none',
      old: null,
      ...line,
    })
  }

  /** `then`: what stood there; undefined when nothing did, null when nothing is compared. */
  function write(now: Json, then: Json | null | undefined, place: Place): void {
    if (lines.length >= most) return
    const members = membersOf(now)
    const isLeaf = now.kind === 'plain' || members.length === 0
    const isOther =
      then !== null && then !== undefined && (isLeaf || then.kind !== now.kind) && brief(then) !== brief(now)
    const mark: Partial<JsonLine> =
      then === undefined ? { change: 'new' } : isOther ? { change: 'changed', old: brief(then) } : {}
    if (isLeaf)
      return add(place, { source: brief(now), isNumber: now.kind === 'plain' && now.number !== null, ...mark })

    const [open, close] = now.kind === 'object' ? ['{', '}'] : ['[', ']']
    const old = then?.kind === now.kind ? new Map(membersOf(then)) : null
    const gone = new Map(old)
    add(place, { source: open, hasComma: false, ...mark })
    for (const [index, [key, member]] of members.entries()) {
      gone.delete(key)
      const path = [...place.path, key]
      const isLast = index === members.length - 1
      write(member, old === null ? null : old.get(key), { path, key: typeof key === 'string' ? key : null, isLast })
    }
    for (const [key, member] of gone) {
      const at = { path: [...place.path, key], key: typeof key === 'string' ? key : null, isLast: true }
      if (lines.length < most) add(at, { source: brief(member), change: 'gone' })
    }
    add({ ...place, key: null }, { source: close })
  }

  write(value, before, { path: [], key: null, isLast: true })
  return { lines: lines.slice(0, most), isCut: lines.length >= most }
}

/** The number at a path of `jsonLines`, if one stands there. */
export function numberAt(value: Json, path: string): number | null {
  let at: Json | undefined = value
  for (const key of JSON.parse(path) as (string | number)[]) {
    if (at === undefined) return null
    at = membersOf(at).findLast(([name]) => name === key)?.[1]
  }
  return at?.kind === 'plain' ? at.number : null
}
