import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { didYouMean, type Suggestion } from '#expression'
import { isBareNumber, MAX_DURATION, parseDuration, showDuration } from './duration.ts'
import { follow, type Field, type Reader } from './fields.ts'
import { alignText, type ScalarStyle, type SourceText } from './source-text.ts'
import { reportAt } from './yaml-text.ts'

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
}

/** Whether it was written in quotes or as a block, so that it is meant as text. */
export function isQuoted(scalar: Scalar): boolean {
  return STYLES[scalar.type ?? ''] !== undefined
}

/** A scalar as text, also a number or `true` as it was written, with the place of each character. */
export function sourceText({ reading }: Reader, scalar: Scalar): SourceText {
  const [start, end] = scalar.range ?? [0, 0]
  const raw = reading.text.slice(start, end)
  const style = STYLES[scalar.type ?? ''] ?? 'plain'
  const text = typeof scalar.value === 'string' ? scalar.value : raw.trim()
  let map: Uint32Array | undefined
  return {
    text,
    place(from = 0, to = text.length) {
      map ??= alignText(text, raw, style)
      const first = start + (map[Math.min(from, text.length)] ?? 0)
      const last = to > from ? start + (map[Math.min(to, text.length) - 1] ?? 0) + 1 : first
      return reading.place(first, Math.max(last, first))
    },
  }
}

interface Wanted {
  /** For the message: `a duration such as 5min`. */
  readonly wanted: string
  readonly suggestion?: Suggestion
}

function shown(reader: Reader, node: Node): string {
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list'
  if (!isScalar(node)) return 'this'
  const { text } = sourceText(reader, node)
  return `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`
}

/** Notes that `node` is not what its key takes. */
export function reportValue(reader: Reader, node: Node, { wanted, suggestion }: Wanted): undefined {
  const message = `this takes ${wanted}, not ${shown(reader, node)}`
  reportAt(reader.reading, node, { id: 'bad-value', message, suggestion: suggestion ?? null })
  return undefined
}

/** The scalar of a field; anything else, and nothing at all, is reported. */
export function readScalar(reader: Reader, field: Field, wanted: string): Scalar | undefined {
  const node = follow(reader, field.value)
  if (node === null || (isScalar(node) && node.value === null && !isQuoted(node))) {
    if (!reader.reading.broken.has(field.value) && reader.budget >= 0) {
      reportAt(reader.reading, field.key, {
        id: 'bad-value',
        message: `\`${String(field.key.value)}\` has no value: it takes ${wanted}`,
      })
    }
    return undefined
  }
  if (isScalar(node)) return node
  return reportValue(reader, node, { wanted })
}

/** A text; a number or `true` is taken as it was written. */
export function readText(reader: Reader, field: Field | undefined): string | undefined {
  if (field === undefined) return undefined
  const scalar = readScalar(reader, field, 'a text')
  return scalar === undefined ? undefined : sourceText(reader, scalar).text
}

export function readBool(reader: Reader, field: Field | undefined): boolean | undefined {
  if (field === undefined) return undefined
  const scalar = readScalar(reader, field, 'true or false')
  if (scalar === undefined || typeof scalar.value === 'boolean') return scalar?.value as boolean | undefined
  const given = String(scalar.value).toLowerCase()
  const meant = ['yes', 'on', 'true'].includes(given) ? 'true' : ['no', 'off', 'false'].includes(given) ? 'false' : null
  return reportValue(reader, scalar, {
    wanted: 'true or false',
    suggestion: meant === null ? null : { text: `write ${meant}`, replacements: [meant] },
  })
}

export function readInteger(
  reader: Reader,
  field: Field | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (field === undefined) return undefined
  const wanted = `a whole number from ${min} to ${max}`
  const scalar = readScalar(reader, field, wanted)
  if (scalar === undefined) return undefined
  const { value } = scalar
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  return reportValue(reader, scalar, { wanted })
}

/** One of the given words. */
export function readChoice<T extends string>(
  reader: Reader,
  field: Field | undefined,
  choices: readonly T[],
): T | undefined {
  if (field === undefined) return undefined
  const wanted = choices.join(', ').replace(/, ([^,]*)$/, ' or $1')
  const scalar = readScalar(reader, field, wanted)
  if (scalar === undefined) return undefined
  const { text } = sourceText(reader, scalar)
  const choice = choices.find(each => each === text)
  return choice ?? reportValue(reader, scalar, { wanted, suggestion: didYouMean(text, choices) })
}

/** A duration in milliseconds. */
export function readDuration(
  reader: Reader,
  field: Field | undefined,
  { min }: { min: number } = { min: 0 },
): number | undefined {
  if (field === undefined) return undefined
  const wanted = 'a duration such as 30s, 5min or 1h30m'
  const scalar = readScalar(reader, field, wanted)
  if (scalar === undefined) return undefined
  const { text } = sourceText(reader, scalar)
  const duration = parseDuration(text)
  if (duration === undefined) {
    const suggestion = isBareNumber(text)
      ? { text: `say the unit: ${text}s or ${text}min`, replacements: [`${text}s`, `${text}min`] }
      : null
    return reportValue(reader, scalar, { wanted, suggestion })
  }
  if (duration < min) return reportValue(reader, scalar, { wanted: `at least ${showDuration(min)}` })
  if (duration > MAX_DURATION) return reportValue(reader, scalar, { wanted: 'at most 10 years' })
  return duration
}
