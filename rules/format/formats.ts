import type { Node } from 'yaml'
import { readExpression } from './expression-text.ts'
import { follow, readItems, type Field, type Fields, type Reader } from './fields.ts'
import type { Step, Trigger } from './rule.ts'
import { sourceText } from './scalars.ts'
import { reportAt } from './yaml-text.ts'

/** A trigger or a step as it stands in the text, its common keys read. */
export interface ItemText<Base> {
  readonly map: Node
  readonly fields: Fields
  /** The field of the main key. */
  readonly main: Field
  readonly base: Base
}

/** How one kind of trigger or step is written. */
export interface ItemFormat<Item extends Trigger | Step, Base> {
  /** The main key, which is also the kind. */
  readonly key: Item['kind']
  /** Further keys, without the common ones. */
  readonly keys: readonly string[]
  /** Keys of the language that are refused as not supported yet. */
  readonly later: readonly string[]
  /** Reports what is wrong. @returns undefined when not even its main value can be used. */
  read(reader: Reader, text: ItemText<Base>): Item | undefined
}

/** What stands behind `on` or `do`: one item or a list. */
export function readList<Item>(
  reader: Reader,
  field: Field,
  list: { key: string; what: string; read: (reader: Reader, node: Node, path: string) => readonly Item[] },
): readonly Item[] {
  const items = readItems(reader, field.value)
  if (items.length === 0 && !reader.reading.broken.has(field.value)) {
    reportAt(reader.reading, field.key, { id: 'bad-value', message: `\`${list.key}\` has no ${list.what}` })
  }
  return items.flatMap((item, index) => {
    const node = follow(reader, item)
    return node === null ? [] : list.read(reader, node, `${list.key}[${index}]`)
  })
}

/** The guard behind `if`. */
export function readGuard(reader: Reader, fields: Fields): Trigger['if'] {
  const guard = fields.get('if')
  return guard === undefined ? null : (readExpression(reader, guard) ?? null)
}

/** A map in each of the formats whose main key it has. */
export function readFormats<Item extends Trigger | Step, Base>(
  reader: Reader,
  formats: readonly ItemFormat<Item, Base>[],
  { map, fields, baseAt }: { map: Node; fields: Fields; baseAt: (place: Item['place']) => Base },
): readonly Item[] {
  return formats.flatMap(format => {
    const main = fields.get(format.key)
    if (main === undefined) return []
    const base = baseAt(sourceText(reader, main.key).place())
    return format.read(reader, { map, fields, main, base }) ?? []
  })
}
