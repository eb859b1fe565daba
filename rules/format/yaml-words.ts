import type { YAMLParseError } from 'yaml'
import type { Finding } from './reading.ts'

type Words = readonly [message: string, suggestion: string | null]

/** Where the value on the line of `offset` begins: behind the `: ` or `- ` nearest before it. */
function valueStart(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(lineStart, offset)
  const mark = /^\s*(?:- +)*(?:[^\s"'{[][^:]*: +)?/.exec(before)
  return lineStart + (mark?.[0].length ?? 0)
}

const OUTSIDE_QUOTES: Words = [
  'YAML reads a value that begins with {{ as a map',
  'put the whole value in quotes: "{{ ... }}"',
]

interface ErrorText {
  readonly message: string
  readonly character: string
  /** The line from there on. */
  readonly rest: string
}

const WORDS: Readonly<Record<string, (error: ErrorText) => Words>> = {
  TAB_AS_INDENT: () => ['a tab cannot indent in YAML', 'use spaces'],
  BAD_SCALAR_START: ({ character }) => [`a value cannot begin with ${character} in YAML`, 'put it in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ({ rest }) =>
    rest.includes(': ')
      ? ['a text with ": " in it looks like a second key to YAML', 'put the text in quotes']
      : ['the next line begins further right than this key', 'keys of one map begin in the same column'],
  BAD_INDENT: ({ message }) =>
    message.includes('must end with') || message.includes('and end with')
      ? [`this bracket is not closed: ${message.includes(']') ? ']' : '}'} is missing`, null]
      : ['the lines of a map or list must begin in the same column', null],
  BAD_DQ_ESCAPE: ({ message }) => [`"${message.split(' ').at(-1)}" is no escape in double quotes`, 'use single quotes'],
  MULTILINE_IMPLICIT_KEY: () => ['this line has no ":"', 'write key: value'],
  MISSING_CHAR: ({ message }) =>
    message.includes('closing') && message.includes('quote')
      ? ['the closing quote is missing', null]
      : message.includes('Implicit map keys')
        ? ['this line has no ":"', 'write key: value']
        : [`YAML misses something here: ${lower(message)}`, null],
}

function lower(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1)
}

/** What YAML says about a text, in the words of this hub where a trap of everyday is known. */
export function explain(error: YAMLParseError, text: string): Finding {
  // What is missing at the end is missing behind the last character that shows.
  const last = text.trimEnd().length
  const [at, to] = error.pos.map(offset => Math.min(offset, last)) as [number, number]
  const begin = valueStart(text, at)
  const finding = (start: number, end: number, [message, suggestion]: Words): Finding => ({
    start,
    end: Math.max(end, start + 1),
    id: 'syntax',
    message,
    suggestion,
  })
  if (text.startsWith('{{', begin)) return finding(begin, begin + 2, OUTSIDE_QUOTES)
  const quote = text[begin]
  if (error.code === 'UNEXPECTED_TOKEN' && at > begin && (quote === '"' || quote === "'")) {
    const says: Words = [
      'a value that begins with a quote ends at the closing quote',
      'write it as a block: `|`, or put it all in the other quotes',
    ]
    return finding(at, to, says)
  }
  if (error.code === 'MISSING_CHAR' && error.message.includes('directives-end')) {
    const start = text.search(/^%/m)
    return finding(start, start + 1, ['a line cannot begin with % in YAML', 'put the text in quotes'])
  }
  const words = WORDS[error.code]
  if (words !== undefined)
    return finding(
      at,
      to,
      words({ message: error.message, character: text[at] ?? '', rest: text.slice(at).split('\n', 1)[0]! }),
    )
  return finding(at, to, [`this is not YAML: ${lower(error.message)}`, null])
}
