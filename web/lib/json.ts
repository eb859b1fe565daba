// JSON as it was written: numbers keep their digits, keys their order, and a fault has its place.

export type Json =
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: Json])[] }
  | { readonly kind: 'list'; readonly items: readonly Json[] }
  /** A text, number, truth value or null, as its characters in the source. */
  | { readonly kind: 'plain'; readonly source: string; readonly number: number | null }

/** What is wrong, by what was expected, and where: line and column from 1. */
export interface JsonFault {
  readonly expected: 'value' | 'key' | 'colon' | 'comma' | 'end' | 'quote' | 'escape' | 'depth'
  readonly line: number
  readonly column: number
}

/** Deeper than this nobody reads it. */
const MAX_DEPTH = 100

/** A string up to its closing quote, or to where it stops being one. */
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*/uy
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const SPACE = /[ \t\r\n]*/y

class Fault extends Error {
  readonly expected: JsonFault['expected']
  readonly at: number

  constructor(expected: JsonFault['expected'], at: number) {
    super(expected)
    this.expected = expected
    this.at = at
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Json {
    const value = this.#value(0)
    this.#skip()
    if (this.#at < this.#text.length) throw new Fault('end', this.#at)
    return value
  }

  #value(depth: number): Json {
    this.#skip()
    if (depth > MAX_DEPTH) throw new Fault('depth', this.#at)
    const first = this.#text[this.#at]
    if (first === '{') {
      return { kind: 'object', entries: this.#members('}', 'key', () => this.#entry(depth)) }
    }
    if (first === '[') return { kind: 'list', items: this.#members(']', 'value', () => this.#value(depth + 1)) }
    if (first === '"') return { kind: 'plain', source: this.#string(), number: null }
    const digits = this.#take(NUMBER)
    if (digits !== undefined) return { kind: 'plain', source: digits, number: Number(digits) }
    const word = this.#take(WORD)
    if (word === undefined) throw new Fault('value', this.#at)
    return { kind: 'plain', source: word, number: null }
  }

  #entry(depth: number): readonly [string, Json] {
    if (this.#text[this.#at] !== '"') throw new Fault('key', this.#at)
    const key = JSON.parse(this.#string()) as string
    this.#skip()
    if (this.#text[this.#at] !== ':') throw new Fault('colon', this.#at)
    this.#at++
    return [key, this.#value(depth + 1)]
  }

  #members<Member>(end: string, expected: 'key' | 'value', read: () => Member): Member[] {
    this.#at++
    const members: Member[] = []
    this.#skip()
    if (this.#text[this.#at] === end) return this.#past(members)
    for (;;) {
      this.#skip()
      if (this.#text[this.#at] === end) throw new Fault(expected, this.#at)
      members.push(read())
      this.#skip()
      if (this.#text[this.#at] === end) return this.#past(members)
      if (this.#text[this.#at] !== ',') throw new Fault('comma', this.#at)
      this.#at++
    }
  }

  #past<Value>(value: Value): Value {
    this.#at++
    return value
  }

  #string(): string {
    const text = this.#take(STRING)
    const stop = this.#text[this.#at]
    if (stop !== '"') throw new Fault(stop === '\\' ? 'escape' : 'quote', this.#at)
    this.#at++
    return `${text}"`
  }

  #skip(): void {
    this.#take(SPACE)
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }
}

/** Reads a JSON text. @returns its value, or what is wrong with it. */
export function readJson(text: string): { readonly value: Json } | { readonly fault: JsonFault } {
  try {
    return { value: new Reader(text).whole() }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const before = text.slice(0, error.at).split(/\r\n|\r|\n/)
    return {
      fault: { expected: error.expected, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 },
    }
  }
}
