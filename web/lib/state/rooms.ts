import type { AreaJson } from '#api'
import type { Api } from '../api.ts'

/** A room as somebody chose it: one that is there, none, or a new one by its name. */
export type RoomChoice =
  | { readonly kind: 'area'; readonly slug: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'new'; readonly name: string }

export const toChoice = (area: { readonly slug: string } | null | undefined): RoomChoice =>
  area ? { kind: 'area', slug: area.slug } : { kind: 'none' }

/** Makes the room if it is new. @returns what is chosen then, so that a second try makes no second room. @throws Problem */
export async function settleRoom(api: Api, choice: RoomChoice, areas: readonly AreaJson[]): Promise<RoomChoice> {
  if (choice.kind !== 'new') return choice
  const name = choice.name.trim()
  const known = areas.find(area => area.name.toLowerCase() === name.toLowerCase())
  return toChoice(known ?? (await api('POST /areas', { body: { name } })))
}

/** The slug of a settled choice, as requests take it. */
export const slugOf = (choice: RoomChoice): string | null => (choice.kind === 'area' ? choice.slug : null)
