// Where a cursor stands in a text that need not be valid YAML: by indentation, list marks and open brackets.

/** Where a cursor stands. */
export interface EditPlace {
  /** Keys from the top to the map that the cursor is in; lists are passed through. */
  readonly path: readonly string[]
  /** Keys of that map, the cursor's own line left out. */
  readonly siblings: ReadonlyMap<string, string>
  /** Keys of the map around that one, which has the last key of `path`. */
  readonly around: ReadonlyMap<string, string>
  /** The key whose value is being written; null where a key may begin. */
  readonly key: string | null
  /** What stands between the beginning of the key or value and the cursor. */
  readonly typed: string
  /** Offset of `typed` in the text. */
  readonly from: number
}

interface Line {
  readonly start: number
  /** Columns before the content, list marks passed over. */
  readonly indent: number
  /** Column of the first list mark, -1 without. */
  readonly dash: number
  readonly content: string
}

const ENTRY = /^("[^"]*"|'[^']*'|[^\s"'{[&*#|>,][^:{[]*?)\s*:(?:\s+|$)/
const BLOCK = /(?:^|:\s+|-\s+)[|>][-+0-9]*\s*$/

const unquoted = (key: string) => (/^["']/.test(key) ? key.slice(1, -1) : key)

function readLine(text: string, start: number): Line {
  const end = text.indexOf('\n', start)
  const raw = text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '')
  const [marks] = /^\s*(?:-(?:\s+|$))*/.exec(raw)!
  return { start, indent: marks.length, dash: marks.indexOf('-'), content: raw.slice(marks.length) }
}

function readLines(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; ;) {
    lines.push(readLine(text, start))
    const end = text.indexOf('\n', start)
    if (end === -1) return lines
    start = end + 1
  }
}

const isBlank = ({ content }: Line) => content.trim() === '' || content.startsWith('#')

/** The lines that stand around line `at`, from the outermost; each has a smaller indent than the next. */
function parentsOf(lines: readonly Line[], at: number): number[] {
  const { indent, dash } = lines[at]!
  const parents: number[] = []
  // A list may stand in the column of its key.
  let column = dash === -1 ? indent : dash
  let mayEqual = dash !== -1
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i]!
    const isParent = line.indent < column || (mayEqual && line.dash === -1 && line.indent === column)
    if (isBlank(line) || !isParent) continue
    parents.unshift(i)
    column = line.dash === -1 ? line.indent : line.dash
    mayEqual = line.dash !== -1
  }
  return parents
}

/** The other entries of the block map that line `at` belongs to. */
function siblingsOf(lines: readonly Line[], at: number): Map<string, string> {
  const own = lines[at]!
  const found = new Map<string, string>()
  const take = ({ content }: Line) => {
    const entry = ENTRY.exec(content)
    if (entry !== null) found.set(unquoted(entry[1]!), content.slice(entry[0].length).trim())
  }
  const isOutside = (line: Line) => !isBlank(line) && line.indent < own.indent
  for (let i = at - 1; own.dash === -1 && i >= 0 && !isOutside(lines[i]!); i--) {
    const line = lines[i]!
    if (line.indent !== own.indent || isBlank(line)) continue
    take(line)
    if (line.dash !== -1) break
  }
  for (let i = at + 1; i < lines.length && !isOutside(lines[i]!); i++) {
    const line = lines[i]!
    if (line.dash !== -1 && line.dash < own.indent) break
    if (line.indent === own.indent && !isBlank(line)) take(line)
  }
  return found
}

interface Flow {
  readonly mark: '{' | '['
  /** The key whose value the bracket is. */
  readonly outer: string | null
  readonly siblings: Map<string, string>
  key: string | null
  /** Offset where the current key, value or item begins. */
  from: number
}

/** The brackets that are open at `to`, and where the innermost text begins. */
function openBrackets(text: string, range: { from: number; to: number; key: string | null }): Flow[] {
  const open: Flow[] = []
  let quote = ''
  for (let at = range.from; at < range.to; at++) {
    const letter = text[at]!
    const top = open.at(-1)
    if (quote !== '') {
      if (letter === '\\' && quote === '"') at++
      else if (letter === quote) quote = ''
    } else if ((letter === '"' || letter === "'") && text.slice(top?.from ?? range.from, at).trim() === '')
      quote = letter
    else if (letter === '{' || letter === '[') {
      // Within a plain text a bracket is a letter.
      if (text.slice(top?.from ?? range.from, at).trim() !== '') continue
      open.push({
        mark: letter,
        outer: top === undefined ? range.key : top.key,
        siblings: new Map(),
        key: null,
        from: at + 1,
      })
    } else if (top === undefined) continue
    else if (letter === '}' || letter === ']') open.pop()
    else if (letter === ',') {
      if (top.key !== null) top.siblings.set(top.key, text.slice(top.from, at).trim())
      top.key = null
      top.from = at + 1
    } else if (letter === ':' && top.mark === '{' && top.key === null && /[\s]/.test(text[at + 1] ?? ' ')) {
      top.key = unquoted(text.slice(top.from, at).trim())
      top.from = at + 1
    }
  }
  return open
}

const NONE: ReadonlyMap<string, string> = new Map()

const keyOf = ({ content }: Line): string | null => {
  const entry = ENTRY.exec(content)
  return entry === null ? null : unquoted(entry[1]!)
}

interface Cursor {
  readonly text: string
  readonly offset: number
  readonly lines: readonly Line[]
  /** Its line. */
  readonly at: number
}

/** Where `offset` stands in `text`. */
export function placeAt(text: string, offset: number): EditPlace {
  const lines = readLines(text)
  const at = lines.findLastIndex(({ start }) => start <= offset)
  const cursor: Cursor = { text, offset, lines, at }
  const block = parentsOf(lines, at).find(parent => BLOCK.test(lines[parent]!.content))
  if (block !== undefined) return inBlock(cursor, block)
  const flow = openAt(cursor)
  return flow === null ? inLine(cursor) : inFlow(cursor, flow)
}

function pathTo({ lines }: Cursor, at: number): string[] {
  return parentsOf(lines, at).flatMap(parent => keyOf(lines[parent]!) ?? [])
}

/** In a line of block style: a key, or the value behind it. */
function inLine(cursor: Cursor): EditPlace {
  const { text, offset, lines, at } = cursor
  const own = lines[at]!
  const parent = parentsOf(lines, at).at(-1)
  const around = parent === undefined ? NONE : siblingsOf(lines, parent)
  const base = { path: pathTo(cursor, at), siblings: siblingsOf(lines, at), around }
  const entry = ENTRY.exec(own.content)
  const begin = own.start + own.indent
  const value = begin + (entry?.[0].length ?? 0)
  if (entry !== null && offset >= value)
    return { ...base, key: unquoted(entry[1]!), typed: text.slice(value, offset), from: value }
  const from = Math.min(begin, offset)
  return { ...base, key: null, typed: text.slice(from, offset), from }
}

/** Lines that are looked back for the bracket that is open at the cursor. */
const MAX_BACK = 50

/** The brackets that are open at the cursor, and the line in which the outermost of them stands. */
function openAt({ text, offset, lines, at }: Cursor): { readonly line: number; readonly open: readonly Flow[] } | null {
  for (let line = at; line >= Math.max(0, at - MAX_BACK); line--) {
    const { start, indent, content } = lines[line]!
    const from = start + indent + (ENTRY.exec(content)?.[0].length ?? 0)
    if (line < at && !/[{[]/.test(text[from] ?? '')) continue
    const open = openBrackets(text, { from, to: offset, key: keyOf(lines[line]!) })
    if (open.length > 0) return { line, open }
  }
  return null
}

/** Between brackets. */
function inFlow(cursor: Cursor, { line, open }: { line: number; open: readonly Flow[] }): EditPlace {
  const { text, offset, lines } = cursor
  const { siblings, key, from: begin } = open.at(-1)!
  const inner = text.slice(begin, offset)
  const from = begin + (inner.length - inner.trimStart().length)
  const path = [...pathTo(cursor, line), ...open.flatMap(({ outer }) => outer ?? [])]
  const maps = open.slice(0, -1).filter(each => each.mark === '{')
  const around = maps.at(-1)?.siblings ?? siblingsOf(lines, line)
  return { path, siblings, around, key, typed: text.slice(from, offset), from }
}

/** In a text that stands as a block below its key. */
function inBlock(cursor: Cursor, block: number): EditPlace {
  const { text, offset, lines } = cursor
  const from = Math.min(lines[block + 1]!.start, offset)
  const path = pathTo(cursor, block)
  const key = keyOf(lines[block]!)
  const siblings = siblingsOf(lines, block)
  return { path, siblings, around: NONE, key, typed: text.slice(from, offset), from }
}
