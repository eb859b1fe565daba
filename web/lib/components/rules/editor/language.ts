import { indentService, StreamLanguage, syntaxHighlighting, type StringStream } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { tagHighlighter, tags } from '@lezer/highlight'

// Colours for the YAML of rules, line by line, so that a text that is not valid yet looks right too: keys are bold,
// values tinted, comments quiet. Names stay in the colour of the text.

const KEY = /^[^\s#'"{}[\],:][^#'"{}[\],]*?(?=\s*:(\s|$))/
const VALUE = /^-?(\d{1,2}:\d\d(:\d\d)?|\d+(\.\d+)?\s?(%|°C|°F|K|mired|lx|kWh|W|ms|min|mon|s|h|d|w|m)?)(?![\w.])/
const WORD = /^(true|false|null)(?![\w.])/
const TEXT = /^("([^"\\]|\\.)*"?|'([^']|'')*'?)/
const REST = /^[\p{L}_][\p{L}\p{N}_./]*/u

function token(stream: StringStream): string | null {
  if (stream.eatSpace()) return null
  const before = stream.pos === 0 ? ' ' : stream.string.charAt(stream.pos - 1)
  if (stream.peek() === '#' && /\s/.test(before)) {
    stream.skipToEnd()
    return 'comment'
  }
  if (/[\s{,[-]/.test(before) && stream.match(KEY)) {
    stream.eatSpace()
    stream.eat(':')
    return 'key'
  }
  if (stream.match(TEXT)) return 'text'
  if (stream.match(VALUE) || stream.match(WORD)) return 'value'
  if (stream.match(REST)) return null
  stream.next()
  return null
}

const language = StreamLanguage.define({
  name: 'rule',
  token,
  tokenTable: { comment: tags.comment, key: tags.propertyName, text: tags.string, value: tags.literal },
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', "'", '"'] } },
})

const highlighter = tagHighlighter([
  { tag: tags.comment, class: 'tok-comment' },
  { tag: tags.propertyName, class: 'tok-key' },
  { tag: tags.string, class: 'tok-value' },
  { tag: tags.literal, class: 'tok-value' },
])

/** As the line above; two further after a key that opens a block. */
const indent = indentService.of((context, pos) => {
  const line = context.lineAt(pos, -1)
  const above = line.from === 0 || line.text.trim() !== '' ? line : context.lineAt(line.from - 1, -1)
  const [blank = ''] = /^\s*/.exec(above.text) ?? []
  return blank.length + (/:\s*(\|.*|>.*)?$/.test(above.text) ? 2 : 0)
})

/** The language of rules in the editor. */
export const ruleLanguage: Extension = [language, syntaxHighlighting(highlighter), indent]
