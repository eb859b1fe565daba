import type { Device, Entity } from '#devices'
import { meant, suggest, type Suggestion } from '#expression'

/** The entity's word within its device: its slug without the device's in front. */
export function partOf(entity: Entity): string {
  const device = `${entity.device.slug}_`
  return entity.slug.startsWith(device) ? entity.slug.slice(device.length) : entity.slug
}

/** The shortest name that always means this entity: its device alone when it is the only one in it. */
export function nameOf(entity: Entity): string {
  return entity.device.entities.length === 1 ? entity.device.slug : `${entity.device.slug}.${partOf(entity)}`
}

/** `area Hall, has occupancy, illuminance`. */
function describe(device: Device, entities: readonly Entity[]): string {
  const names = [...new Set(entities.flatMap(entity => [...entity.values.keys()]))]
  const shown = names.length > 6 ? [...names.slice(0, 6), '...'] : names
  const says = [
    device.area === null ? '' : `area ${device.area.name}`,
    shown.length === 0 ? '' : `has ${shown.join(', ')}`,
  ]
  return says.filter(text => text !== '').join(', ')
}

/** Devices and their entities among `all`, by slug. */
function devicesOf(all: readonly Entity[]): Map<string, Entity[]> {
  const devices = new Map<string, Entity[]>()
  for (const entity of all) {
    const known = devices.get(entity.device.slug)
    if (known === undefined) devices.set(entity.device.slug, [entity])
    else known.push(entity)
  }
  return devices
}

/**
 * The device that was probably meant by `word`: the nearest spelling; else those whose slug or area begins with
 * the same word, first the ones that have the value `wanted`.
 */
export function suggestDevice(word: string, wanted: string | undefined, all: readonly Entity[]): Suggestion {
  const devices = devicesOf(all)
  const near = suggest(word, devices.keys())
  if (near !== null) {
    const entities = devices.get(near)!
    const facts = describe(entities[0]!.device, entities)
    return meant(near, facts === '' ? '' : ` (${facts})`)
  }
  const first = word.split('_')[0]!
  const has = (entities: readonly Entity[]) => entities.some(each => wanted !== undefined && each.values.has(wanted))
  const kin = [...devices]
    .filter(([slug, entities]) => slug.split('_')[0] === first || entities[0]!.device.area?.slug === first)
    .toSorted(([, a], [, b]) => Number(has(b)) - Number(has(a)))
    .slice(0, 3)
  const slugs = kin.map(([slug]) => slug)
  return kin.length === 0 ? null : { text: `near it: ${slugs.join(', ')}`, replacements: slugs }
}
