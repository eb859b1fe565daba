import type { Entity } from '../live/entity.svelte.ts'

type Named = Pick<Entity, 'device' | 'values'> & {
  readonly facts: Pick<Entity['facts'], 'slug' | 'category' | 'commands'>
}

/** The entity's word within its device: its slug without the device's in front. */
function partOf({ facts, device }: Named): string {
  const front = `${device.slug}_`
  return facts.slug.startsWith(front) ? facts.slug.slice(front.length) : facts.slug
}

const siblings = (entity: Named, all: readonly Named[]) => all.filter(({ device }) => device.id === entity.device.id)

const canBeAsked = ({ facts }: Named) => facts.category === null && facts.commands.length > 0

/** How a rule names a thing: its device alone when nothing else in it can be meant. */
export function thingName(entity: Named, all: readonly Named[]): string {
  const same = siblings(entity, all)
  const isOnly = same.length === 1 || (canBeAsked(entity) && same.filter(canBeAsked).length === 1)
  return isOnly ? entity.device.slug : `${entity.device.slug}.${partOf(entity)}`
}

/** How a rule names a value: `device.value` where that can mean only one, else with the entity between. */
export function valueName(entity: Named, value: string, all: readonly Named[]): string {
  const same = siblings(entity, all).filter(each => value in each.values)
  // What people use goes before configuration and diagnostics.
  const meant = same.some(({ facts }) => facts.category === null)
    ? same.filter(({ facts }) => facts.category === null)
    : same
  const isPlain = meant.length === 1 && meant[0] === entity
  return isPlain ? `${entity.device.slug}.${value}` : `${entity.device.slug}.${partOf(entity)}.${value}`
}

/** Whether a text names a value: by itself, or by the thing that it is a part of. */
export function isNamed(
  entity: Named,
  value: string,
  { names, all }: { names: ReadonlySet<string>; all: readonly Named[] },
) {
  const part = `${entity.device.slug}.${partOf(entity)}`
  const own = [valueName(entity, value, all), thingName(entity, all), part, `${part}.${value}`]
  return own.some(name => names.has(name))
}

/** All that may be a name in a text. */
export const namesIn = (text: string): ReadonlySet<string> =>
  new Set(text.match(/[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*/g))
