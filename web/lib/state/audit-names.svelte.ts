import type { AuditEntryJson, PassJson, TokenJson, UserJson } from '#api'
import type { App } from '../app.ts'
import { Problem } from '../problem.ts'

/** What ids of the audit log stand for: names of what is still there. */
export class AuditNames {
  #users = $state.raw<readonly UserJson[]>([])
  #tokens = $state.raw<readonly TokenJson[]>([])
  #passes = $state.raw<readonly PassJson[]>([])
  #roles = $state.raw<ReadonlyMap<string, string>>(new Map())
  readonly #app: App

  constructor(app: App) {
    this.#app = app
  }

  /** Without an answer ids are told as they are. */
  async load(): Promise<void> {
    const { api, areas } = this.#app
    try {
      const [users, tokens, passes, roles] = await Promise.all([
        api('GET /users'),
        api('GET /tokens'),
        api('GET /passes'),
        api('GET /roles'),
        areas.load(),
      ])
      this.#users = users.items
      this.#tokens = tokens.items
      this.#passes = passes.items
      this.#roles = new Map(roles.items.map(({ slug, name }) => [slug, name]))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  }

  /** People of the house, to choose one. */
  get people(): readonly string[] {
    return this.#users.map(({ name }) => name)
  }

  /** Whose token it is. */
  tokenOf(id: string): string | undefined {
    const token = this.#tokens.find(each => each.id === id)
    return this.#users.find(user => user.id === token?.user)?.name
  }

  passOf(id: string): string | undefined {
    return this.#passes.find(pass => pass.id === id)?.name
  }

  /** Whatever an id or slug stands for. */
  nameOf(id: string): string | undefined {
    const { areas, live } = this.#app
    return (
      areas.all?.find(area => area.id === id)?.name ??
      live.entities.get(id)?.name ??
      live.entities.all.find(({ device }) => device.id === id)?.device.name ??
      this.#users.find(user => user.id === id)?.name ??
      this.#roles.get(id)
    )
  }

  /** What an entry is about, by name. */
  objectOf({ action, object }: Pick<AuditEntryJson, 'action' | 'object'>): string | null {
    if (object === null) return null
    const [kind] = action.split('.')
    switch (kind) {
      case 'token':
        return this.tokenOf(object) ?? null
      case 'pass':
        return this.passOf(object) ?? null
      case 'role':
        return this.nameOf(object) ?? object
      case 'settings':
        return null
      case 'mqtt':
      case 'rule_file':
        return object
      default:
        return this.nameOf(object) ?? null
    }
  }
}
