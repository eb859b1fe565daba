import type { Entity } from '../live/entity.svelte.ts'

type Named = Pick<Entity, 'device' | 'values'> & { readonly facts: Pick<Entity['facts'], 'slug'> }

/** The entity's word within its device: its slug without the device's in front. */
function partOf({ facts, device }: Named): string {
  const front = `${device.slug}_`
  return facts.slug.startsWith(front) ? facts.slug.slice(front.length) : facts.slug
}

const siblings = (entity: Named, all: readonly Named[]) => all.filter(({ device }) => device.id === entity.device.id)

/** How a rule names a thing: its device alone when nothing else is in it. */
export function thingName(entity: Named, all: readonly Named[]): string {
  return siblings(entity, all).length === 1 ? entity.device.slug : `${entity.device.slug}.${partOf(entity)}`
}

/** How a rule names a value: `device.value` where that can mean only one, else with the entity between. */
export function valueName(entity: Named, value: string, all: readonly Named[]): string {
  const isSame = siblings(entity, all).filter(each => value in each.values).length === 1
  return isSame ? `${entity.device.slug}.${value}` : `${entity.device.slug}.${partOf(entity)}.${value}`
}
