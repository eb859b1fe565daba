import type { Entity } from '#devices'
import { didYouMean } from '#expression'
import type { Catalogue } from '../world.ts'
import { ambiguous, problem, type NameProblem, type Parts } from './name.ts'
import { nameOf, suggestDevice } from './words.ts'

/** First words that mean something else than a device. */
const RESERVED: ReadonlySet<string> = new Set(['house', 'people', 'anyone_home', 'lists', 'sun'])
/** What every value and entity will tell beside its value. */
export const FACTS: ReadonlySet<string> = new Set(['online', 'age', 'confirmed', 'old', 'changed_by'])

/** The parts of a name, with an old or foreign name in front replaced: `light.hall.on` may be `hall_lamp.on`. */
export function take(name: string, catalogue: Catalogue): Parts {
  const words = name.split('.')
  const aliases = catalogue.aliases()
  if (aliases.size > 0) {
    for (const length of [2, 1]) {
      const now = words.length < length ? undefined : aliases.get(words.slice(0, length).join('.'))
      const known = length === 1 && isKnown(words[0]!, catalogue)
      if (now !== undefined && !known) return { name, words: [...now.split('.'), ...words.slice(length)], catalogue }
    }
  }
  return { name, words, catalogue }
}

function isKnown(slug: string, catalogue: Catalogue): boolean {
  return catalogue.entities().some(entity => entity.device.slug === slug || entity.slug === slug)
}

/** The entities that the first word of a name can mean: those of a device, else one by its own slug. */
export function headed(parts: Parts): readonly Entity[] | NameProblem {
  const head = parts.words[0]!
  if (RESERVED.has(head)) {
    return problem(parts, 0, { id: 'not-available', message: `\`${head}\` is not available yet` })
  }
  const all = parts.catalogue.entities()
  const ofDevice = all.filter(entity => entity.device.slug === head)
  if (ofDevice.length > 0) return ofDevice
  const own = all.filter(entity => entity.slug === head)
  if (own.length === 1) return own
  if (own.length > 1) return ambiguous(parts, 0, own.map(nameOf))
  return problem(parts, 0, {
    id: 'unknown-device',
    message: `there is no device "${head}"`,
    suggestion: suggestDevice(head, parts.words[1], all),
  })
}

/** The entities of `area.hall.lights`. Only what people use: no configuration, no diagnostics. */
export function listed(parts: Parts): readonly Entity[] | NameProblem {
  const { words, catalogue } = parts
  const [, areaWord, plural] = words
  if (areaWord === undefined || plural === undefined) {
    return problem(parts, words.length - 1, {
      id: 'unknown-area',
      message: `"${parts.name}" is no list`,
      suggestion: 'write area.<area>.<kind>, for example area.all.lights',
    })
  }
  const slug =
    areaWord === 'all'
      ? null
      : (catalogue.areas().find(area => area.slug === areaWord)?.slug ?? catalogue.aliases().get(areaWord))
  if (slug === undefined || (slug !== null && !catalogue.areas().some(area => area.slug === slug))) {
    return problem(parts, 1, {
      id: 'unknown-area',
      message: `there is no area "${areaWord}"`,
      suggestion: didYouMean(areaWord, ['all', ...catalogue.areas().map(area => area.slug)]),
    })
  }
  const plurals = [...catalogue.components.values()].map(each => each.plural)
  const component = [...catalogue.components.values()].find(each => each.plural === plural)
  if (component === undefined) {
    return problem(parts, 2, {
      id: 'unknown-component',
      message: `there is no kind of thing "${plural}"`,
      suggestion: didYouMean(plural, plurals) ?? (plurals.length > 0 ? `there are ${plurals.join(', ')}` : null),
    })
  }
  return catalogue
    .entities()
    .filter(
      entity =>
        entity.component === component.name &&
        entity.category === null &&
        (slug === null || entity.area?.slug === slug),
    )
}
