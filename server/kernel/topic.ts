// Topic names and filters, MQTT 5.0 section 4.7 (3.1.1: the same).
//   sport/+      matches sport/  sport/a         not sport  sport/a/b
//   sport/#      matches sport  sport/  sport/a/b
//   +/+          matches /finance;   # and +/x never match a name that begins with $

/** More levels than this are refused: no device needs them, and a wildcard bomb does. */
export const MAX_TOPIC_LEVELS = 128

function levelCount(text: string): number {
  let levels = 1
  for (let i = text.indexOf('/'); i !== -1; i = text.indexOf('/', i + 1)) levels++
  return levels
}

/** Whether a text can be published to: not empty, no wildcard, no U+0000, at most 128 levels [MQTT5-4.7.1-1, 4.7.3-1]. */
export function isTopicName(text: string): boolean {
  return text.length > 0 && !/[+#\0]/.test(text) && levelCount(text) <= MAX_TOPIC_LEVELS
}

/** Whether a text is a topic filter (without a share name): wildcards fill whole levels, `#` only the last [MQTT5-4.7.1-1, -2]. */
export function isTopicFilter(text: string): boolean {
  if (text.length === 0 || text.includes('\0') || levelCount(text) > MAX_TOPIC_LEVELS) return false
  const levels = text.split('/')
  return levels.every((level, i) => {
    if (level === '#') return i === levels.length - 1
    return level === '+' || !/[+#]/.test(level)
  })
}

/**
 * Splits `$share/group/filter` [MQTT5-4.8.2-1, -2].
 * @returns the parts, `null` when it is no shared filter, `undefined` when it is a malformed one.
 */
export function splitShare(text: string): { group: string; filter: string } | null | undefined {
  if (!text.startsWith('$share/')) return null
  const end = text.indexOf('/', 7)
  const group = text.slice(7, end)
  const filter = text.slice(end + 1)
  if (end <= 7 || /[+#]/.test(group) || !isTopicFilter(filter)) return undefined
  return { group, filter }
}

class Node<T> {
  readonly children = new Map<string, Node<T>>()
  values: T[] = []
}

/** Entries the cache of matches may hold before it starts anew. */
const CACHE_SIZE = 20_000

/**
 * Values hung on topic filters, found by topic name. The one matcher of the product. A match is cached
 * by topic until the tree changes; the caller must not change the list it gets.
 */
export class TopicTree<T> {
  readonly #root = new Node<T>()
  readonly #cache = new Map<string, readonly T[]>()

  /** Hangs `value` on a valid filter; the same value may hang on several filters, and then matches several times. */
  add(filter: string, value: T): void {
    let node = this.#root
    for (const level of filter.split('/')) {
      let next = node.children.get(level)
      if (next === undefined) node.children.set(level, (next = new Node()))
      node = next
    }
    node.values.push(value)
    this.#cache.clear()
  }

  /** Takes one `value` off a filter. @returns whether it hung there. */
  remove(filter: string, value: T): boolean {
    const path: { node: Node<T>; level: string }[] = []
    let node = this.#root
    for (const level of filter.split('/')) {
      const next = node.children.get(level)
      if (next === undefined) return false
      path.push({ node, level })
      node = next
    }
    const at = node.values.indexOf(value)
    if (at === -1) return false
    node.values = node.values.toSpliced(at, 1)
    for (let i = path.length - 1; i >= 0; i--) {
      const { node: parent, level } = path[i]!
      const child = parent.children.get(level)!
      if (child.values.length > 0 || child.children.size > 0) break
      parent.children.delete(level)
    }
    this.#cache.clear()
    return true
  }

  /** The values whose filters match a topic name. */
  match(topic: string): readonly T[] {
    const known = this.#cache.get(topic)
    if (known !== undefined) return known
    const found: T[] = []
    collect(this.#root, topic.split('/'), 0, topic.startsWith('$'), found)
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear()
    this.#cache.set(topic, found)
    return found
  }
}

function collect<T>(node: Node<T>, levels: readonly string[], depth: number, isSystem: boolean, found: T[]): void {
  const mayWildcard = depth > 0 || !isSystem
  if (mayWildcard) {
    // `a/#` also matches `a` itself, hence before the end test.
    const rest = node.children.get('#')
    if (rest !== undefined) found.push(...rest.values)
  }
  if (depth === levels.length) {
    found.push(...node.values)
    return
  }
  const level = levels[depth]!
  const exact = level === '+' || level === '#' ? undefined : node.children.get(level)
  if (exact !== undefined) collect(exact, levels, depth + 1, isSystem, found)
  const plus = mayWildcard ? node.children.get('+') : undefined
  if (plus !== undefined) collect(plus, levels, depth + 1, isSystem, found)
}
