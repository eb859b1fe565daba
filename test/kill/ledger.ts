/** Milliseconds. */
const PATIENCE = 20_000

/** What publishers and subscribers saw of every message, to be compared at the end. */
export class Ledger {
  readonly #started = performance.now()
  /** Messages by publisher, in the order they were sent; a message is `publisher number`. */
  readonly #events = new Map<string, string[]>()
  readonly #acknowledged = new Set<string>()
  readonly #received = new Map<string, Map<string, number>>()
  /** How many of the acknowledged messages each receiver has. */
  readonly #complete = new Map<string, number>()
  /** Highest number received from each publisher, by receiver. */
  readonly #highest = new Map<string, number>()
  readonly faults: string[] = []
  #waiting: { isDone: () => boolean; resolve: () => void; patience: NodeJS.Timeout }[] = []

  get acknowledged(): number {
    return this.#acknowledged.size
  }

  /** Notes what happened to a message; the notes of a message that went wrong are part of the finding. */
  note(message: string, what: string): void {
    const events = this.#events.get(message) ?? []
    events.push(`${(performance.now() - this.#started).toFixed(1)} ms ${what}`)
    this.#events.set(message, events)
  }

  fault(text: string): void {
    this.faults.push(text)
  }

  /** The broker took the message over: PUBACK, or PUBREC with QoS 2. */
  acknowledge(message: string): void {
    if (!this.#acknowledged.has(message)) {
      for (const [receiver, counts] of this.#received) if (counts.has(message)) this.#completes(receiver)
    }
    this.#acknowledged.add(message)
    this.note(message, 'acknowledged')
    this.#check()
  }

  /** A receiver took a message. */
  receive(receiver: string, message: string): void {
    const counts = this.#received.get(receiver) ?? new Map<string, number>()
    this.#received.set(receiver, counts)
    const count = (counts.get(message) ?? 0) + 1
    counts.set(message, count)
    if (count === 1 && this.#acknowledged.has(message)) this.#completes(receiver)
    this.note(message, `${receiver} received it`)
    const [publisher = '', number] = message.split(' ')
    const key = `${receiver} ${publisher}`
    const highest = this.#highest.get(key) ?? -1
    if (count === 1 && Number(number) < highest)
      this.fault(`${message}: ${receiver} got it behind ${highest}${this.#story(message)}`)
    this.#highest.set(key, Math.max(highest, Number(number)))
    this.#check()
  }

  /** Whether a receiver has all acknowledged messages. */
  isComplete(receiver: string): boolean {
    return this.#complete.get(receiver) === this.#acknowledged.size
  }

  #completes(receiver: string): void {
    this.#complete.set(receiver, (this.#complete.get(receiver) ?? 0) + 1)
  }

  /** Notes every acknowledged message that a receiver lacks, and every one of QoS 2 that it got twice. */
  compare(receiver: string): void {
    const received = this.#received.get(receiver) ?? new Map<string, number>()
    for (const message of this.#acknowledged) {
      if (!received.has(message)) this.fault(`${message}: lost for ${receiver}${this.#story(message)}`)
    }
    for (const [message, count] of received) {
      if (count > 1 && message.startsWith('q2')) {
        this.fault(`${message}: ${receiver} got it ${count} times${this.#story(message)}`)
      }
    }
  }

  /** Resolves when `isDone`, which is asked after each event; rejects when nothing happens for 20 s. */
  until(what: string, isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`${what} did not happen, and nothing else did for ${PATIENCE / 1000} s`))
      this.#waiting.push({ isDone, resolve, patience: setTimeout(giveUp, PATIENCE) })
    })
  }

  /** Something changed that somebody may wait for. */
  #check(): void {
    this.#waiting = this.#waiting.filter(({ isDone, resolve, patience }) => {
      if (!isDone()) {
        patience.refresh()
        return true
      }
      clearTimeout(patience)
      resolve()
      return false
    })
  }

  touch(): void {
    this.#check()
  }

  #story(message: string): string {
    return `\n    ${(this.#events.get(message) ?? []).join('\n    ')}`
  }
}
