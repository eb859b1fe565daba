import type { AreaJson, AreaRoleJson, RightsJson, UserJson } from '#api'
import { formats } from '../../i18n/index.ts'
import { people } from '../../i18n/people.ts'
import { byAction } from '../../state/rights.ts'
import { plain } from '../../text.ts'

const texts = people.rights

type Rights = Pick<RightsJson, 'house' | 'areas'>

/** `Sees the whole house, controls Hall and Kitchen.` */
export function sayRights(rights: Rights, areas: readonly AreaJson[]): string {
  const nameOf = (id: string) => plain(areas.find(area => area.id === id)?.name ?? texts.goneRoom, 40)
  const parts = byAction(rights).map(({ may, areas: ids }) => texts.in[may](formats.list(ids.map(nameOf))))
  const all = rights.house === null ? parts : [texts.house[rights.house], ...parts]
  if (all.length === 0) return texts.none
  const text = all.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

const OF_ROLE = { owner: 'manage', admin: 'manage', user: 'control', guest: 'see' } as const

/** What a user may do: a role by room takes the place of what the role allows. */
export function rightsOf(
  { role, areaRole }: Pick<UserJson, 'role' | 'areaRole'>,
  roles: readonly AreaRoleJson[],
): Rights {
  const found = areaRole === null ? undefined : roles.find(({ slug }) => slug === areaRole)
  return found ?? { house: OF_ROLE[role], areas: [] }
}
