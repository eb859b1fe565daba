import type { TopicBranchJson } from '#api'
import type { Api } from '../../api.ts'
import { messageOf, type MessageFrame } from './message.ts'
import { FRESH_FOR, TopicNode } from './topic-node.svelte.ts'

/** Levels in one answer. */
const PAGE = 500
/** Topics that a search shows. */
const MOST_FOUND = 1000
/** A level with so few topics stands open at first. */
const OPEN_AT_FIRST = 6
/** Lines of the tree beyond which nothing more opens at first: a view and a half. */
const LINES_AT_FIRST = 36
/** Levels that open by themselves below one another. */
const OPEN_BELOW = 6

/** One line of the tree: a level, or what stands in place of the levels that are not here. */
export interface TreeRow {
  readonly kind: 'topic' | 'more' | 'failed'
  readonly node: TopicNode
  readonly setSize: number
  readonly place: number
}

export interface TopicTreeOptions {
  readonly api: Api
  readonly explain: (error: unknown) => string
  readonly now: () => number
}

/** The tree of topics: what is open of it, fetched branch by branch, or what a search found. */
export class TopicTree {
  state = $state<'reading' | 'read' | 'failed'>('reading')
  fault = $state<string | null>(null)
  /** What is searched for; empty shows the whole tree. */
  match = $state('')
  /** A search found more than it shows. */
  isCut = $state(false)
  readonly rows: readonly TreeRow[] = $derived.by(() => {
    void this.#version
    return flatten(this.#root)
  })
  /** Topics with a message, in all or found. */
  readonly topics = $derived(
    this.rows.reduce((sum, { kind, node }) => sum + (kind === 'topic' && node.depth === 0 ? node.topics : 0), 0),
  )

  readonly #options: TopicTreeOptions
  #version = $state(0)
  #root = new TopicNode(null, '')
  #byTopic = new Map<string, TopicNode>()
  readonly #fresh = new Set<TopicNode>()
  #fading: ReturnType<typeof setInterval> | undefined

  constructor(options: TopicTreeOptions) {
    this.#options = options
  }

  /** Shows the whole tree, or what matches a filter or holds a text. */
  async show(match: string): Promise<void> {
    this.match = match
    this.#root = new TopicNode(null, '')
    this.#byTopic = new Map()
    this.#version++
    this.state = 'reading'
    await this.look()
    if (match !== '') return
    const own = this.#root.children.filter(({ level }) => !level.startsWith('$'))
    for (const node of own) if (own.length <= 3 || node.topics <= OPEN_AT_FIRST) await this.#openSmall(node)
  }

  /** Fetches the root, or the search, anew. */
  async look(): Promise<void> {
    const root = this.#root
    try {
      if (this.match === '') await this.#readChildren(root, null)
      else await this.#search(root)
      if (root === this.#root) this.state = 'read'
    } catch (error) {
      const fault = this.#options.explain(error)
      if (root !== this.#root) return
      this.fault = fault
      if (this.#root.children.length === 0) this.state = 'failed'
    }
  }

  /** Opens a level and, as long as there is but one below, that one too. */
  async open(node: TopicNode, below = OPEN_BELOW): Promise<void> {
    if (!node.isBranch) return
    node.isOpen = true
    this.#version++
    if (node.state === 'unread' || node.state === 'failed') await this.more(node)
    const [only, ...others] = node.children
    if (below > 0 && only?.isBranch && others.length === 0 && !only.isOpen) await this.open(only, below - 1)
  }

  async #openSmall(node: TopicNode): Promise<void> {
    if (node.depth > OPEN_BELOW || this.rows.length > LINES_AT_FIRST) return
    await this.open(node, 0)
    for (const child of node.children) if (child.topics <= OPEN_AT_FIRST) await this.#openSmall(child)
  }

  close(node: TopicNode): void {
    node.isOpen = false
    this.#version++
  }

  toggle(node: TopicNode): void {
    if (node.isOpen) this.close(node)
    else void this.open(node)
  }

  /** Fetches the first or the next levels below. */
  async more(node: TopicNode): Promise<void> {
    if (node.state === 'reading') return
    const after = node.state === 'read' ? node.next : null
    node.state = 'reading'
    this.#version++
    try {
      await this.#readChildren(node, after)
    } catch (error) {
      this.fault = this.#options.explain(error)
      node.state = 'failed'
    }
    this.#version++
  }

  /** Opens the levels above a topic. @returns its level, if it is in the tree. */
  async reveal(topic: string): Promise<TopicNode | undefined> {
    let node = this.#root
    for (const level of topic.split('/')) {
      if (node !== this.#root && !node.isOpen) {
        node.isOpen = true
        if (node.state === 'unread') await this.more(node)
      }
      while (node.child(level) === undefined && node.next !== null && node.state === 'read') await this.more(node)
      const child = node.child(level)
      if (child === undefined) break
      node = child
    }
    this.#version++
    return node.topic === topic && node !== this.#root ? node : undefined
  }

  /** Asks again about the levels in view: what came, what went, how many. */
  async refresh(rows: readonly TreeRow[]): Promise<void> {
    if (this.match !== '') return this.look()
    const root = this.#root
    const views = Map.groupBy(
      rows.filter(({ kind }) => kind === 'topic').map(({ node }) => node),
      node => node.parent ?? root,
    )
    try {
      for (const [parent, nodes] of views) {
        const first = parent.children.indexOf(nodes[0]!)
        // Somebody else's tree by now.
        if (first === -1 || root !== this.#root) continue
        const after = parent.children[first - 1]?.level
        await this.#readChildren(parent, after ?? null, Math.min(PAGE, nodes.length + 20))
      }
      this.fault = null
    } catch (error) {
      this.fault = this.#options.explain(error)
    }
  }

  /** Takes a message of the stream. */
  take(frame: MessageFrame): void {
    const node = this.#byTopic.get(frame.topic)
    if (!node?.take(messageOf(frame), this.#options.now())) return
    this.#fresh.add(node)
    this.#fading ??= setInterval(() => this.#fade(), FRESH_FOR / 4)
  }

  /** Ends what runs. */
  stop(): void {
    clearInterval(this.#fading)
    this.#fading = undefined
  }

  #fade(): void {
    const now = this.#options.now()
    for (const node of this.#fresh) if (!node.fade(now)) this.#fresh.delete(node)
    if (this.#fresh.size === 0) this.stop()
  }

  async #readChildren(node: TopicNode, after: string | null, limit = PAGE): Promise<void> {
    const query = { prefix: node.prefix, limit, ...(after === null ? {} : { after }) }
    const { items, next } = await this.#options.api('GET /mqtt/topics', { query })
    const upTo = next === null ? null : (items.at(-1)?.level ?? null)
    const known = new Map(node.children.map(child => [child.level, child]))
    const before = node.children.filter(({ level }) => after !== null && level <= after)
    const rest = node.children.filter(({ level }) => upTo !== null && level > upTo)
    const here = items.map(item => {
      const child = known.get(item.level) ?? new TopicNode(node, item.level)
      known.delete(item.level)
      return this.#told(child, item)
    })
    for (const gone of known.values()) if (!before.includes(gone) && !rest.includes(gone)) this.#forget(gone)
    node.children = [...before, ...here, ...rest]
    if (rest.length === 0) node.next = next
    node.state = 'read'
    this.#version++
  }

  async #search(root: TopicNode): Promise<void> {
    const query = { match: this.match, limit: MOST_FOUND }
    const { items, next } = await this.#options.api('GET /mqtt/topics/search', { query })
    if (root !== this.#root) return
    const known = this.#byTopic
    this.#byTopic = new Map()
    for (const node of [root, ...known.values()]) {
      node.children = []
      node.topics = 0
    }
    const found = new Map<string, TopicNode>()
    for (const item of items) {
      let node = root
      for (const level of item.topic.split('/')) {
        const path = `${node.prefix}${level}`
        let child = found.get(path)
        if (child === undefined) {
          child = known.get(path) ?? openNode(node, level)
          found.set(path, child)
          this.#byTopic.set(path, child)
          node.children.push(child)
        }
        child.topics++
        node = child
      }
      const { topics } = node
      this.#told(node, { ...item, topics })
    }
    this.isCut = next !== null
    this.fault = null
    this.#version++
  }

  #told(node: TopicNode, item: TopicBranchJson): TopicNode {
    node.tell(item, this.#options.now())
    this.#byTopic.set(node.topic, node)
    return node
  }

  #forget(node: TopicNode): void {
    this.#byTopic.delete(node.topic)
    for (const child of node.children) this.#forget(child)
  }
}

function openNode(parent: TopicNode, level: string): TopicNode {
  const node = new TopicNode(parent, level)
  node.isOpen = true
  node.state = 'read'
  return node
}

function flatten(root: TopicNode): TreeRow[] {
  const rows: TreeRow[] = []
  const add = (parent: TopicNode) => {
    const setSize = parent.children.length
    for (const [index, node] of parent.children.entries()) {
      rows.push({ kind: 'topic', node, setSize, place: index + 1 })
      if (node.isOpen) add(node)
    }
    if (parent.state === 'failed') rows.push({ kind: 'failed', node: parent, setSize: 1, place: 1 })
    else if (parent !== root && parent.state === 'reading' && setSize === 0)
      rows.push({ kind: 'more', node: parent, setSize: 1, place: 1 })
    else if (parent.next !== null) rows.push({ kind: 'more', node: parent, setSize: 1, place: 1 })
  }
  add(root)
  return rows
}
