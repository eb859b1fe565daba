import type { Body } from './bodies.ts'

class Node {
  readonly parent: Node | null
  readonly level: string
  children: Map<string, Node> | null = null
  body: Body | null = null

  constructor(parent: Node | null, level: string) {
    this.parent = parent
    this.level = level
  }
}

/** Bodies hung on topic names, found by topic filter. No walk recurses; each visits a node at most once. */
export class RetainedTree {
  readonly #root = new Node(null, '')
  #count = 0

  get count(): number {
    return this.#count
  }

  get(topic: string): Body | null {
    return this.#find(topic)?.body ?? null
  }

  /** Hangs `body` on its topic. @returns the body it takes the place of. */
  set(body: Body): Body | null {
    let node = this.#root
    for (const level of body.topic.split('/')) {
      node.children ??= new Map()
      let next = node.children.get(level)
      if (next === undefined) node.children.set(level, (next = new Node(node, level)))
      node = next
    }
    const former = node.body
    node.body = body
    if (former === null) this.#count++
    return former
  }

  /** @returns the body that hung there. */
  remove(topic: string): Body | null {
    let node = this.#find(topic)
    const former = node?.body ?? null
    if (node === null || former === null) return null
    node.body = null
    this.#count--
    while (node.parent !== null && node.body === null && node.children === null) {
      const parent: Node = node.parent
      parent.children!.delete(node.level)
      if (parent.children!.size === 0) parent.children = null
      node = parent
    }
    return former
  }

  /** The bodies whose topics match a valid filter [MQTT5-4.7.1-1, -2, 4.7.2-1]. */
  match(filter: string): Body[] {
    const found: Body[] = []
    let reached = [this.#root]
    for (const level of filter.split('/')) {
      const atRoot = reached[0] === this.#root
      if (level === '#') {
        for (const node of reached) collect(node, atRoot, found)
        return found
      }
      const next: Node[] = []
      for (const node of reached) {
        if (node.children === null) continue
        if (level !== '+') {
          const child = node.children.get(level)
          if (child !== undefined) next.push(child)
        } else for (const child of node.children.values()) if (!atRoot || !child.level.startsWith('$')) next.push(child)
      }
      if (next.length === 0) return found
      reached = next
    }
    for (const node of reached) if (node.body !== null) found.push(node.body)
    return found
  }

  #find(topic: string): Node | null {
    let node = this.#root
    for (const level of topic.split('/')) {
      const next = node.children?.get(level)
      if (next === undefined) return null
      node = next
    }
    return node
  }
}

function collect(top: Node, isRoot: boolean, found: Body[]): void {
  const reached = [top]
  for (const node of reached) {
    if (node.body !== null) found.push(node.body)
    if (node.children === null) continue
    for (const child of node.children.values())
      if (!(isRoot && node === top && child.level.startsWith('$'))) reached.push(child)
  }
}
