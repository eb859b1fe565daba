/** Things of the hub that a block lists: asked for when it is shown, and again after each change. */
export class Listed<Item> {
  /** Null until the hub has told them. */
  items = $state.raw<readonly Item[] | null>(null)
  /** Why they could not be read or changed, in words. */
  fault = $state<string | null>(null)
  readonly #read: () => Promise<readonly Item[]>
  readonly #explain: (error: unknown) => string

  constructor(read: () => Promise<readonly Item[]>, explain: (error: unknown) => string) {
    this.#read = read
    this.#explain = explain
  }

  readonly load = async (): Promise<void> => {
    this.fault = null
    try {
      this.items = await this.#read()
    } catch (error) {
      this.fault = this.#explain(error)
    }
  }
}
