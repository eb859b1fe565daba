import type { AreaJson } from '#api'
import type { Api } from '../api.ts'
import { Problem } from '../problem.ts'

/** The rooms of the house in their order, also those without a thing. */
export class Areas {
  /** Null until the hub has told them. */
  all = $state.raw<readonly AreaJson[] | null>(null)
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Asks the hub. Without an answer what was known stays; things then hang by the names of their rooms. */
  async load(): Promise<void> {
    try {
      this.all = (await this.#api('GET /areas')).items
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.all ??= []
    }
  }
}
