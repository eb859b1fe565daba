import type { ExpressionFault, ExpressionMode, Span } from './ast.ts'

export type Token = Span &
  (
    | { readonly kind: 'number'; readonly value: number; readonly unit: string | null }
    | { readonly kind: 'duration'; readonly value: number }
    | { readonly kind: 'time'; readonly value: number }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'name'; readonly value: string }
    | { readonly kind: 'op'; readonly value: string }
    | { readonly kind: 'end' }
  )

/** Thrown inside the parser for the first thing it cannot read; never leaves `parse`. */
export class SyntaxFault extends Error {
  readonly fault: ExpressionFault

  constructor({ start, end }: Span, message: string, suggestion: string | null = null) {
    super(message)
    this.fault = { span: { start, end }, id: 'syntax', message, suggestion }
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const DURATION = /(?:\d+(?:\.\d+)?(?:ms|min|[smhdw]))+(?![\p{L}\p{N}_°])/uy
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|min|[smhdw])/g
const TIME = /(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])/y
const NUMBER = /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y
const UNIT = /(?:°[CFK]?|[A-Za-zµμΩ][A-Za-z0-9µμ²³/]{0,11})/y
const NAME = /\$?[\p{L}_][\p{L}\p{N}_]*/uy
const OPERATORS = [
  '**',
  '//',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '??',
  '..',
  '+',
  '-',
  '*',
  '/',
  '%',
  '~',
  '<',
  '>',
  '!',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '.',
  ',',
  ':',
  '|',
  '?',
  '=',
]
const SPACE = /\s+/y
/** What may follow `40%`: then it is a share, not the rest of a division. */
const AFTER_PERCENT = /\s*(?:$|[)\]},|:]|\.\.|\?\?|[=!<>]=?|(?:and|or|if|else|in|is|not|for)\b|&&|\|\|)/y

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '/': '/',
  b: '\b',
  f: '\f',
  '0': '\0',
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function readText(text: string, start: number): Token {
  const quote = text[start]!
  let value = ''
  let i = start + 1
  for (; i < text.length && text[i] !== quote; i++) {
    if (text[i] !== '\\') {
      value += text[i]
      continue
    }
    const next = text[++i] ?? ''
    if (next === 'u') {
      const hex = /^[0-9a-fA-F]{4}/.exec(text.slice(i + 1))
      if (hex === null) throw new SyntaxFault({ start: i - 1, end: i + 1 }, 'after \\u come four hexadecimal digits')
      value += String.fromCharCode(Number.parseInt(hex[0], 16))
      i += 4
    } else value += ESCAPES[next] ?? `\\${next}`
  }
  if (i >= text.length) throw new SyntaxFault({ start, end: text.length }, `this text has no closing ${quote}`)
  return { kind: 'text', value, start, end: i + 1 }
}

// Durations, times of day and units exist in rules only: a template may hold x[1:22] and {1:30}.
function readMeasure(text: string, start: number): Token | null {
  const duration = matchAt(DURATION, text, start)
  if (duration !== null) {
    let value = 0
    for (const [, count, unit] of duration[0].matchAll(DURATION_PART)) value += Number(count) * UNIT_MS[unit!]!
    return { kind: 'duration', value: Math.round(value), start, end: start + duration[0].length }
  }
  const time = matchAt(TIME, text, start)
  if (time === null) return null
  const [hour, minute, second] = [Number(time[1]), Number(time[2]), Number(time[3] ?? 0)]
  const span = { start, end: start + time[0].length }
  if (hour > 23 || minute > 59 || second > 59) throw new SyntaxFault(span, `${time[0]} is not a time of day`)
  return { kind: 'time', value: ((hour * 60 + minute) * 60 + second) * 1000, ...span }
}

function readNumber(text: string, start: number, mode: ExpressionMode): Token {
  const measure = mode === 'strict' ? readMeasure(text, start) : null
  if (measure !== null) return measure
  const found = matchAt(NUMBER, text, start)![0]
  const end = start + found.length
  const value = Number(found)
  if (mode === 'strict') {
    if (text[end] === '%' && matchAt(AFTER_PERCENT, text, end + 1) !== null)
      return { kind: 'number', value, unit: '%', start, end: end + 1 }
    const unit = matchAt(UNIT, text, end)
    if (unit !== null) return { kind: 'number', value, unit: unit[0], start, end: end + unit[0].length }
  }
  return { kind: 'number', value, unit: null, start, end }
}

/** Cuts a text into tokens. @throws SyntaxFault */
export function tokenize(text: string, mode: ExpressionMode): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const space = matchAt(SPACE, text, at)
    if (space !== null) {
      at += space[0].length
      continue
    }
    const c = text[at]!
    let token: Token | undefined
    if (c >= '0' && c <= '9') token = readNumber(text, at, mode)
    else if (c === '"' || c === "'") token = readText(text, at)
    else {
      const name = matchAt(NAME, text, at)
      const op = name === null ? OPERATORS.find(each => text.startsWith(each, at)) : undefined
      if (name !== null) token = { kind: 'name', value: name[0], start: at, end: at + name[0].length }
      else if (op !== undefined) token = { kind: 'op', value: op, start: at, end: at + op.length }
    }
    if (token === undefined) throw new SyntaxFault({ start: at, end: at + 1 }, `"${c}" has no meaning here`)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length })
  return tokens
}
