import { parse, walk, type Node } from '#expression'
import { unsupported } from './evaluate.ts'

/** Characters of a template, and how deep its blocks may stand in each other. */
export const MAX_TEMPLATE = 8_192
export const MAX_NESTING = 32

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly ast: Node }
  | { readonly kind: 'set'; readonly name: string; readonly ast: Node }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly test: Node | null; readonly body: readonly Part[] }[]
    }

/** A template that cannot be used here, and why. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  /** Well-formed, and of a part of Jinja that is not here. */
  readonly isUnsupported: boolean

  constructor(message: string, { isUnsupported = false } = {}) {
    super(message)
    this.isUnsupported = isUnsupported
  }
}

type Token = { readonly kind: 'text' | 'output' | 'statement'; readonly text: string }

const OPEN = /\{(\{|%|#)(-|\+)?/g
const CLOSE: Readonly<Record<string, string>> = { '{': '}}', '%': '%}', '#': '#}' }

// `-%}` and `{%-` take away the white space beside them; text inside quotes may hold a closing mark.
function findClose(text: string, from: number, mark: string): number {
  for (let i = from; i < text.length; i++) {
    const c = text[i]!
    if (mark !== '#}' && (c === '"' || c === "'")) {
      for (i++; i < text.length && text[i] !== c; i++) if (text[i] === '\\') i++
    } else if (text.startsWith(mark, i)) {
      // `{{ {'a': {}}[x] }}`: the brace of a map is no end.
      if (mark === '}}' && isInMap(text.slice(from, i))) continue
      return i
    }
  }
  throw new TemplateError(`a "{${mark === '}}' ? '{' : mark[0]}" is never closed`)
}

function isInMap(inside: string): boolean {
  let depth = 0
  for (const c of inside.replace(/'(?:\\.|[^'])*'|"(?:\\.|[^"])*"/g, '')) depth += c === '{' ? 1 : c === '}' ? -1 : 0
  return depth > 0
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let strip = false
  const addText = (text: string) => {
    const shown = strip ? text.trimStart() : text
    if (shown !== '') tokens.push({ kind: 'text', text: shown })
    strip = false
  }
  OPEN.lastIndex = 0
  for (let open = OPEN.exec(source); open !== null; open = OPEN.exec(source)) {
    const before = source.slice(at, open.index)
    addText(open[2] === '-' ? before.trimEnd() : before)
    const start = open.index + open[0].length
    const mark = CLOSE[open[1]!]!
    const close = findClose(source, start, mark)
    let inside = source.slice(start, close)
    if (inside.endsWith('-')) {
      strip = true
      inside = inside.slice(0, -1)
    }
    if (open[1] === '{') tokens.push({ kind: 'output', text: inside })
    else if (open[1] === '%') tokens.push({ kind: 'statement', text: inside.trim() })
    at = close + 2
    OPEN.lastIndex = at
  }
  addText(source.slice(at))
  return tokens
}

function expression(text: string): Node {
  const parsed = parse(text, 'lenient')
  if ('faults' in parsed) throw new TemplateError(`${parsed.faults[0]!.message}: ${text.trim().slice(0, 80)}`)
  walk(parsed.ast, node => {
    const unknown = unsupported(node)
    if (unknown !== null) throw new TemplateError(`the ${unknown} is not supported`, { isUnsupported: true })
  })
  return parsed.ast
}

/** Cuts a template into its parts. @throws TemplateError */
export function parseTemplateText(source: string): readonly Part[] {
  if (source.length > MAX_TEMPLATE) throw new TemplateError(`a template has at most ${MAX_TEMPLATE} characters`)
  const tokens = tokenize(source)
  let at = 0

  // Parts up to one of `ends`, which is left for the caller.
  const block = (depth: number): Part[] => {
    if (depth > MAX_NESTING) throw new TemplateError(`blocks stand more than ${MAX_NESTING} deep in each other`)
    const parts: Part[] = []
    for (; at < tokens.length; at++) {
      const token = tokens[at]!
      if (token.kind === 'text') parts.push({ kind: 'text', text: token.text })
      else if (token.kind === 'output') parts.push({ kind: 'output', ast: expression(token.text) })
      else if (/^(elif|else|endif)\b/.test(token.text)) return parts
      else parts.push(statement(token.text, depth))
    }
    return parts
  }

  const statement = (text: string, depth: number): Part => {
    const set = /^set\s+([A-Za-z_]\w*)\s*=\s*([\s\S]+)$/.exec(text)
    if (set !== null) return { kind: 'set', name: set[1]!, ast: expression(set[2]!) }
    const test = /^if\b([\s\S]*)$/.exec(text)
    if (test === null) {
      throw new TemplateError(`the statement "${text.split(/\s/)[0]}" is not supported`, { isUnsupported: true })
    }
    return conditional(test[1]!, depth)
  }

  const conditional = (first: string, depth: number): Part => {
    const branches: { test: Node | null; body: readonly Part[] }[] = []
    let test: Node | null = expression(first)
    for (;;) {
      at++
      branches.push({ test, body: block(depth + 1) })
      const next = tokens[at]?.text
      if (next === undefined) throw new TemplateError('an "if" has no "endif"')
      if (next.startsWith('endif')) return { kind: 'if', branches }
      test = next.startsWith('elif') ? expression(next.slice(4)) : null
    }
  }

  const parts = block(0)
  if (at < tokens.length) throw new TemplateError(`"${tokens[at]!.text.split(/\s/)[0]}" stands alone`)
  return parts
}
