import { createDurableWait, HobError, toSlug, uniqueSlug, type Cause } from '#kernel'
import type { Access } from './face.ts'
import { Rights } from './rights.ts'
import type { AccessStore, Role, StoredAreaRole } from './store.ts'

/** Area roles of a house. */
const MAX_ROLES = 100

/** What the four roles may do, everywhere. */
const RIGHTS: Readonly<Record<Role, Rights>> = {
  owner: Rights.inHouse('manage'),
  admin: Rights.inHouse('manage'),
  user: Rights.inHouse('control'),
  guest: Rights.inHouse('see'),
}

export type Roles = ReturnType<typeof createRoles>

/** What people may do: by one of the four roles, or by area. */
export function createRoles(options: {
  store: AccessStore
  /** Whether somebody has it. */
  isHeld: (slug: string) => boolean
  /** Whoever has it may do something else now. */
  onChanged: (slug: string) => void
}) {
  const { store } = options
  const roles = new Map<string, { readonly role: StoredAreaRole; readonly rights: Rights }>()
  const whenDurable = createDurableWait(store)

  const keep = (role: StoredAreaRole) =>
    void roles.set(role.slug, { role, rights: Rights.inHouse(role.house, role.areas) })
  const need = (slug: string) => {
    const found = roles.get(slug)
    if (found === undefined) throw new HobError('access.unknown_role', `there is no role "${slug}" by area`)
    return found.role
  }
  const put = async (role: StoredAreaRole, cause: Cause) => {
    keep(role)
    await whenDurable(store.write({ op: 'access.role.put', role, cause }))
    return role
  }

  return {
    restore: keep,
    need,
    /** A user's; a role by area takes the place of what the role allows, one that is not there allows nothing. */
    rightsOf: ({ role, areaRole }: { readonly role: Role; readonly areaRole: string | null }): Rights =>
      areaRole === null ? RIGHTS[role] : (roles.get(areaRole)?.rights ?? Rights.inHouse(null)),
    areaRoles: () => [...roles.values()].map(({ role }) => role),
    addAreaRole({ name, house, areas }, cause) {
      if (roles.size >= MAX_ROLES)
        throw new HobError('access.too_many_roles', `there are ${MAX_ROLES} roles already; remove one first`)
      const slug = uniqueSlug(toSlug(name, 'role'), taken => roles.has(taken))
      return put({ slug, name, house, areas }, cause)
    },
    async changeAreaRole(slug, change, cause) {
      const changed = await put({ ...need(slug), ...change }, cause)
      options.onChanged(slug)
      return changed
    },
    async removeAreaRole(slug, cause) {
      need(slug)
      if (options.isHeld(slug))
        throw new HobError('access.role_held', `somebody has the role "${slug}"; give them another one first`)
      roles.delete(slug)
      await whenDurable(store.write({ op: 'access.role.remove', slug, cause }))
    },
  } satisfies Partial<Access> & Record<string, unknown>
}
