import type { ActionJson, RightsJson } from '#api'

/** What may be done in a place, least first; each includes those before it. */
export const ACTIONS = ['see', 'control', 'edit', 'manage'] as const satisfies readonly ActionJson[]

/** 0 for nothing, 4 for all. */
export const levelOf = (action: ActionJson | null): number => (action === null ? 0 : ACTIONS.indexOf(action) + 1)

/** Whether rights reach an entity. */
export function mayWith(
  { house, areas, entities }: RightsJson,
  action: ActionJson,
  { id, area }: { readonly id: string; readonly area: { readonly id: string } | null },
): boolean {
  const reaches = (given: ActionJson | null | undefined) => levelOf(given ?? null) >= levelOf(action)
  return (
    reaches(house) ||
    (area !== null && reaches(areas.find(each => each.area === area.id)?.may)) ||
    reaches(entities.find(({ entity }) => entity === id)?.may)
  )
}

/** Areas by what may be done in them beyond the house, most first. */
export function byAction({ house, areas }: Pick<RightsJson, 'house' | 'areas'>): {
  readonly may: ActionJson
  readonly areas: readonly string[]
}[] {
  return ACTIONS.toReversed()
    .filter(action => levelOf(action) > levelOf(house))
    .map(may => ({ may, areas: areas.filter(each => each.may === may).map(({ area }) => area) }))
    .filter(({ areas: found }) => found.length > 0)
}
