import type { Ulid } from '#kernel'
import type { Scope } from './store.ts'

/** What can be done to things: `edit` changes names and areas, `rules` are of the whole house, `admin` is all. */
export type Right = Scope | 'edit'
/** What a role may do in a place; each includes those before it. */
export type Action = 'see' | 'control' | 'edit' | 'manage'

// Bits: a check is one `and`, on the path of every frame of every stream.
const READ = 1
const CONTROL = 2
const EDIT = 4
const RULES = 8
const ADMIN = 16

const BIT: Readonly<Record<Right, number>> = { read: READ, control: CONTROL, edit: EDIT, rules: RULES, admin: ADMIN }
const OF_SCOPE: Readonly<Record<Scope, number>> = {
  read: READ,
  control: READ | CONTROL,
  rules: READ | RULES,
  admin: READ | CONTROL | EDIT | RULES | ADMIN,
}
const OF_ACTION: Readonly<Record<Action, number>> = {
  see: READ,
  control: READ | CONTROL,
  edit: READ | CONTROL | EDIT,
  manage: OF_SCOPE.admin,
}

/** What rights are asked about: an entity, or a device by its area. */
export interface Thing {
  readonly id: Ulid
  readonly area: { readonly id: Ulid } | null
}

/** Rights as a page is told them: what may be done in the house, in areas, with single entities. */
interface ShownRights {
  readonly house: Action | null
  readonly areas: readonly { readonly area: Ulid; readonly may: Action }[]
  readonly entities: readonly { readonly entity: Ulid; readonly may: Action }[]
}

const NONE: ReadonlyMap<Ulid, number> = new Map()

/** The widest action that bits hold all of. */
function actionOf(bits: number): Action | null {
  const holds = (action: Action) => (bits & OF_ACTION[action]) === OF_ACTION[action]
  return (['manage', 'edit', 'control', 'see'] as const).find(holds) ?? null
}

function shownMap<Key extends string>(map: ReadonlyMap<Ulid, number>, key: Key) {
  return [...map].flatMap(([id, bits]) => {
    const may = actionOf(bits)
    return may === null ? [] : [{ [key]: id, may } as Record<Key, Ulid> & { readonly may: Action }]
  })
}

/** What somebody may do: in the whole house, in areas, with single entities. */
export class Rights {
  readonly #house: number
  readonly #areas: ReadonlyMap<Ulid, number>
  readonly #entities: ReadonlyMap<Ulid, number>

  private constructor(house: number, areas: ReadonlyMap<Ulid, number>, entities: ReadonlyMap<Ulid, number>) {
    this.#house = house
    this.#areas = areas
    this.#entities = entities
  }

  /** In the house, and in areas. Who edits the whole house edits its rules, too. */
  static inHouse(action: Action | null, areas: readonly { readonly area: Ulid; readonly may: Action }[] = []): Rights {
    const house = action === null ? 0 : OF_ACTION[action] | (action === 'edit' ? RULES : 0)
    return new Rights(house, new Map(areas.map(({ area, may }) => [area, OF_ACTION[may]])), NONE)
  }

  /** With chosen entities alone. */
  static ofEntities(action: 'see' | 'control', entities: readonly Ulid[]): Rights {
    return new Rights(0, NONE, new Map(entities.map(entity => [entity, OF_ACTION[action]])))
  }

  /** What is left for a token: by its scopes, and by its areas when it has some. */
  limited(scopes: readonly Scope[], only: readonly Ulid[] | null): Rights {
    const mask = scopes.reduce((bits, scope) => bits | OF_SCOPE[scope], 0)
    const masked = (map: ReadonlyMap<Ulid, number>) => new Map([...map].map(([id, bits]) => [id, bits & mask]))
    if (only === null) return new Rights(this.#house & mask, masked(this.#areas), masked(this.#entities))
    const inArea = (area: Ulid) => (this.#house | (this.#areas.get(area) ?? 0)) & mask
    return new Rights(0, new Map(only.map(area => [area, inArea(area)])), NONE)
  }

  /** Whether a right reaches an entity. */
  may(right: Right, { id, area }: Thing): boolean {
    return this.mayIn(right, area === null ? null : area.id) || ((this.#entities.get(id) ?? 0) & BIT[right]) !== 0
  }

  /** Whether a right reaches all of an area; without one, the whole house. */
  mayIn(right: Right, area: Ulid | null): boolean {
    return this.mayInHouse(right) || (area !== null && ((this.#areas.get(area) ?? 0) & BIT[right]) !== 0)
  }

  mayInHouse(right: Right): boolean {
    return (this.#house & BIT[right]) !== 0
  }

  /** Whether a right reaches anything at all. */
  maySomewhere(right: Right): boolean {
    const bit = BIT[right]
    if ((this.#house & bit) !== 0) return true
    for (const bits of this.#areas.values()) if ((bits & bit) !== 0) return true
    for (const bits of this.#entities.values()) if ((bits & bit) !== 0) return true
    return false
  }

  /** Whether some place gives all that a scope stands for: only then a token may carry it. */
  includesScope(scope: Scope): boolean {
    const wanted = OF_SCOPE[scope]
    return [this.#house, ...this.#areas.values()].some(bits => (bits & wanted) === wanted)
  }

  /** The scopes that they amount to, as the page needs them: `rules` and `admin` count for the whole house alone. */
  scopes(): Scope[] {
    const isHeld = (scope: Scope) =>
      scope === 'read' || scope === 'control' ? this.maySomewhere(scope) : this.mayInHouse(scope)
    return (['admin', 'rules', 'control', 'read'] as const).filter(isHeld)
  }

  shown(): ShownRights {
    return {
      house: actionOf(this.#house),
      areas: shownMap(this.#areas, 'area'),
      entities: shownMap(this.#entities, 'entity'),
    }
  }
}
