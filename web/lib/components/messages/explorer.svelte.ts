import type { Api } from '../../api.ts'
import type { Live } from '../../live/live.svelte.ts'
import type { MessageFrame } from './message.ts'
import { TopicDetail } from './topic-detail.svelte.ts'
import { TopicTree, type TreeRow } from './topic-tree.svelte.ts'

/** Milliseconds in which messages gather before they are shown. */
const SHOW_EVERY = 100
/** Milliseconds of stillness before the stream is asked for what is in view. */
const SETTLES = 150
/** Milliseconds between two looks at the levels in view. */
const LOOK_EVERY = 5000
/** Milliseconds that the page says messages were left out. */
const TELLS_DROPPED = 10_000
/** Characters of all topics that the stream is asked for: a frame to the hub holds 64 KiB. */
const MOST_ASKED = 10_000

export interface ExplorerOptions {
  readonly api: Api
  readonly live: Pick<Live, 'on' | 'onMessages'>
  readonly explain: (error: unknown) => string
  readonly now: () => number
}

/** The messages of the house: the tree, the topic in view, and what the stream says of what is in view. */
export class Explorer {
  readonly tree: TopicTree
  detail = $state.raw<TopicDetail | null>(null)
  /** Since when nothing moves; null while it does. */
  pausedAt = $state<number | null>(null)
  /** Messages that came in the pause. */
  missed = $state(0)
  /** Messages that the hub left out lately: more came than a page takes. */
  dropped = $state(0)

  readonly #options: ExplorerOptions
  #view: readonly TreeRow[] = []
  #asked: readonly string[] = []
  #gathered: MessageFrame[] = []
  #unsubscribe: (() => void) | undefined
  #stopDropped: (() => void) | undefined
  #showing: ReturnType<typeof setTimeout> | undefined
  #settling: ReturnType<typeof setTimeout> | undefined
  #looking: ReturnType<typeof setTimeout> | undefined
  #telling: ReturnType<typeof setTimeout> | undefined
  #isRunning = false

  constructor(options: ExplorerOptions) {
    this.#options = options
    this.tree = new TopicTree(options)
  }

  /** Begins to follow what is in view. @returns how to stop. */
  start(): () => void {
    this.#stopDropped = this.#options.live.on('dropped', ({ messages }) => this.#tellDropped(messages))
    this.#isRunning = true
    this.#planLook()
    return () => {
      this.#isRunning = false
      this.#unsubscribe?.()
      this.#stopDropped?.()
      this.tree.stop()
      for (const timer of [this.#showing, this.#settling, this.#looking, this.#telling]) clearTimeout(timer)
    }
  }

  /** The lines of the tree that somebody sees. */
  see(rows: readonly TreeRow[]): void {
    this.#view = rows
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#subscribe(), SETTLES)
  }

  /** Shows a topic, or none. */
  choose(topic: string | null): void {
    if (topic === (this.detail?.topic ?? null)) return
    this.detail = topic === null ? null : new TopicDetail(topic, this.#options)
    void this.detail?.load()
    this.#subscribe()
  }

  /** What has come until now is shown; nothing moves after that. */
  pause(): void {
    clearTimeout(this.#showing)
    this.#show()
    this.pausedAt = this.#options.now()
    this.missed = 0
  }

  /** Goes on with what is true by now. */
  resume(): void {
    this.pausedAt = null
    this.#subscribe()
    this.look()
  }

  /** Asks anew for all that is in view: it may have changed unheard. */
  look(): void {
    void this.detail?.load()
    if (this.tree.state === 'read') void this.tree.refresh(this.#view)
    else void this.tree.show(this.tree.match)
  }

  #planLook(): void {
    this.#looking = setTimeout(() => void this.#lookAgain(), LOOK_EVERY)
  }

  async #lookAgain(): Promise<void> {
    const isSeen = document.visibilityState === 'visible' && this.pausedAt === null
    if (isSeen && this.tree.state === 'read') await this.tree.refresh(this.#view)
    if (this.#isRunning) this.#planLook()
  }

  #subscribe(): void {
    // A new subscription begins with what is retained, which would count as missed.
    if (this.pausedAt !== null) return
    const topics = [this.detail?.topic, ...this.#view.map(({ kind, node }) => (kind === 'topic' ? node.topic : ''))]
    let room = MOST_ASKED
    const asked = [...new Set(topics)].filter(topic => {
      if (topic === undefined || topic === '' || topic.length > room) return false
      room -= topic.length
      return true
    }) as string[]
    if (asked.join('\n') === this.#asked.join('\n')) return
    this.#asked = asked
    this.#unsubscribe?.()
    this.#unsubscribe =
      asked.length === 0 ? undefined : this.#options.live.onMessages(asked, frame => this.#gather(frame))
  }

  #gather(frame: MessageFrame): void {
    if (this.pausedAt !== null) {
      this.missed++
      return
    }
    this.#gathered.push(frame)
    this.#showing ??= setTimeout(() => this.#show(), SHOW_EVERY)
  }

  #show(): void {
    const frames = this.#gathered
    this.#gathered = []
    this.#showing = undefined
    // Of each topic in the tree only the last one is seen.
    for (const frame of new Map(frames.map(frame => [frame.topic, frame])).values()) this.tree.take(frame)
    const { detail } = this
    if (detail) for (const frame of frames) if (frame.topic === detail.topic) detail.take(frame)
  }

  #tellDropped(messages: number): void {
    this.dropped += messages
    clearTimeout(this.#telling)
    this.#telling = setTimeout(() => (this.dropped = 0), TELLS_DROPPED)
  }
}
