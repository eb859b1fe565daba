const BLANK = /[ \t\n\r]*/y
const TOKEN =
  /(?<text>"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<scalar>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)|(?<mark>[[\]{},:])/y

type Wanted = 'value' | 'key' | 'colon' | 'comma' | 'end'

/** The offset of the first character that JSON does not allow (its length where something is missing), or null. */
export function jsonFaultAt(text: string): number | null {
  const open: string[] = []
  let wanted = 'value' as Wanted
  let isEmpty = false
  const next = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  const afterValue = (): Wanted => (open.length === 0 ? 'end' : 'comma')

  function take(kind: string, mark: string): boolean {
    const inside = open.at(-1)
    const wasEmpty = isEmpty
    isEmpty = false
    if (kind === 'text' && wanted === 'key') wanted = 'colon'
    else if (kind !== 'mark' && wanted === 'value') wanted = afterValue()
    else if ((mark === '{' || mark === '[') && wanted === 'value') {
      open.push(mark)
      wanted = mark === '{' ? 'key' : 'value'
      isEmpty = true
    } else if (mark === (inside === '{' ? '}' : ']') && inside !== undefined && (wanted === 'comma' || wasEmpty)) {
      open.pop()
      wanted = afterValue()
    } else if (mark === ',' && wanted === 'comma') wanted = inside === '{' ? 'key' : 'value'
    else if (mark === ':' && wanted === 'colon') wanted = 'value'
    else return false
    return true
  }

  for (let at = 0; ;) {
    at += next(BLANK, at)![0].length
    if (at === text.length) return wanted === 'end' ? null : at
    const groups = next(TOKEN, at)?.groups
    if (groups === undefined) return at
    const kind = groups['text'] !== undefined ? 'text' : groups['scalar'] !== undefined ? 'scalar' : 'mark'
    const token = groups[kind]!
    if (!take(kind, token)) return at
    at += token.length
  }
}
