import type { Entity } from '../live/entity.svelte.ts'
import { thingName, valueName } from './rule-names.ts'

export type ExampleId = 'motion' | 'door' | 'night' | 'frost' | 'message'

/** A worked rule that a new one can start from. */
export interface Example {
  readonly id: ExampleId
  /** Proposed for the file. */
  readonly slug: string
  readonly text: string
}

/** How many are offered. */
const OFFERED = 3
const PRESENCE = ['motion', 'occupancy', 'presence']

type House = readonly Entity[]
/** An entity, the value of it that is meant, and how rules call it. */
type Found = { entity: Entity; name: string }

function findValue(house: House, values: readonly string[], fits: (entity: Entity) => boolean = () => true) {
  for (const value of values) {
    const entity = house.find(each => value in each.values && each.facts.category === null && fits(each))
    if (entity) return { entity, name: valueName(entity, value, house) } satisfies Found
  }
  return undefined
}

const isNear = (a: Entity) => (b: Entity) => a.area !== null && a.area.id === b.area?.id
const lightNear = (house: House, to: Entity) => {
  const lights = house.filter(({ component }) => component === 'light')
  return lights.find(isNear(to)) ?? lights[0]
}

/** Each builds its text for this house, or finds that it does not fit. */
const builders: Readonly<Record<ExampleId, (house: House) => string | null>> = {
  motion(house) {
    const motion = findValue(house, PRESENCE, entity => lightNear(house, entity) !== undefined)
    if (!motion) return null
    const light = thingName(lightNear(house, motion.entity)!, house)
    const daylight = findValue(house, ['illuminance'], isNear(motion.entity))
    return [
      '# A state that begins, and what must also hold.',
      'on:',
      `  when: ${motion.name}`,
      ...(daylight ? [`if: ${daylight.name} < 40`] : []),
      '# What waits survives a restart; somebody who moves again begins anew.',
      'mode: restart',
      'do:',
      `  - turn_on: ${light}`,
      '  - wait: 5min',
      `  - turn_off: ${light}`,
    ].join('\n')
  },
  door(house) {
    const door = findValue(house, ['open'])
    const light = door && lightNear(house, door.entity)
    if (!door || !light) return null
    return [
      '# `for`: it must have been so for that long.',
      'on:',
      `  when: ${door.name}`,
      '  for: 2min',
      'do:',
      `  - turn_on: ${thingName(light, house)}`,
      `  - log: ${door.entity.device.slug} stands open`,
    ].join('\n')
  },
  night(house) {
    if (!house.some(({ component }) => component === 'light')) return null
    return ['# A time of day, every day.', 'on:', '  at: 23:00', 'do:', '  turn_off: area.all.lights'].join('\n')
  },
  frost(house) {
    const temperature = findValue(house, ['temperature'])
    if (!temperature) return null
    return [
      'on:',
      `  when: ${temperature.name} < 3`,
      '  for: 10min',
      'do:',
      `  log: 'It is cold: {{ ${temperature.name} | round(1) }} °C'`,
      '  level: warn',
    ].join('\n')
  },
  message: () =>
    [
      '# A message in, a message out. Without `payload` the message would go on unchanged.',
      'on: home/door',
      'do:',
      '  publish: home/porch/light/set',
      "  payload: 'ON'",
    ].join('\n'),
}

const SLUGS: Readonly<Record<ExampleId, string>> = {
  motion: 'motion_light',
  door: 'open_door',
  night: 'good_night',
  frost: 'frost_warning',
  message: 'porch_light',
}

/** One worked rule, written for this house; undefined when it has nothing for it. */
export function exampleOf(id: string, house: House): Example | undefined {
  if (!Object.hasOwn(builders, id)) return undefined
  const known = id as ExampleId
  const text = builders[known](house)
  return text === null ? undefined : { id: known, slug: SLUGS[known], text: `${text}\n` }
}

/** The first worked rules that fit this house. */
export function examplesFor(house: House): Example[] {
  return Object.keys(builders)
    .flatMap(id => exampleOf(id, house) ?? [])
    .slice(0, OFFERED)
}
