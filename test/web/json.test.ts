import { describe, expect, it } from 'vitest'
import { readJson } from '../../web/lib/json.ts'
import { jsonLines, numberAt, type JsonLine } from '../../web/lib/components/messages/json-lines.ts'

const read = (text: string) => {
  const result = readJson(text)
  if ('fault' in result) throw new Error(JSON.stringify(result.fault))
  return result.value
}

describe('JSON as it was written', () => {
  it.each([
    ['{"a":}', 'value', 1, 6],
    ['{"a":1,}', 'key', 1, 8],
    ['{a:1}', 'key', 1, 2],
    ['{"a" 1}', 'colon', 1, 6],
    ['[1 2]', 'comma', 1, 4],
    ['[1,]', 'value', 1, 4],
    ['{"a":1} x', 'end', 1, 9],
    ['{\n  "a": "b\n}', 'quote', 2, 10],
    ['"\\x"', 'escape', 1, 2],
    ['{"😀": tru}', 'value', 1, 7],
    ['01', 'end', 1, 2],
    ['', 'value', 1, 1],
    ['['.repeat(60_000), 'depth', 1, 102],
  ])('says where %j is wrong', (text, expected, line, column) => {
    expect(readJson(text)).toEqual({ fault: { expected, line, column } })
  })

  it('agrees with the language on what is JSON', () => {
    const texts = [
      '0',
      '-0',
      '-1.5e+3',
      '1.',
      '.5',
      '+1',
      'null',
      'nul',
      '"a\u0001"',
      '"\\u12G4"',
      '[]',
      '{}',
      '[[],{}]',
    ]
    for (const text of texts) {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      expect([text, 'value' in readJson(text)]).toEqual([text, isJson])
    }
  })
})

describe('the lines of a value', () => {
  const lines = (now: string, before?: string) =>
    jsonLines(read(now), before === undefined ? null : read(before), 500).lines
  const told = ({ depth, key, source, hasComma, change, old }: JsonLine) =>
    `${' '.repeat(depth)}${key === null ? '' : `${key}: `}${source}${hasComma ? ',' : ''}` +
    `${change === 'none' ? '' : ` ${change}`}${old === null ? '' : ` ${old}`}`

  it('keep digits and order, and mark what changed, came and went', () => {
    const before = '{"state":"OFF","level":0,"old":1,"deep":{"x":[1,2]}}'
    const now = '{"state":"ON","level":0,"id":12345678901234567890,"deep":{"x":[1,3,4]}}'
    expect(lines(now, before).map(told)).toEqual([
      '{',
      ' state: "ON", changed "OFF"',
      ' level: 0,',
      ' id: 12345678901234567890, new',
      ' deep: {',
      '  x: [',
      '   1,',
      '   3, changed 2',
      '   4 new',
      '  ]',
      ' }',
      ' old: 1 gone',
      '}',
    ])
  })

  it('mark nothing when there is nothing before', () => {
    expect(lines('{"a":[],"b":{}}').map(told)).toEqual(['{', ' a: [],', ' b: {}', '}'])
  })

  it('tell what another kind of value held', () => {
    expect(lines('{"a":1}', '{"a":{"b":2}}').map(told)[1]).toBe(' a: 1 changed {…}')
    expect(lines('{"a":{"b":2}}', '{"a":1}').map(told)[1]).toBe(' a: { changed 1')
  })

  it('end at their limit', () => {
    const long = JSON.stringify(Array.from({ length: 2000 }, (_, index) => index))
    expect(jsonLines(read(long), null, 500)).toMatchObject({ isCut: true, lines: { length: 500 } })
  })

  it('find the number at a path again', () => {
    const value = read('{"a":{"b.c":[1,2.5]},"t":"4"}')
    expect(numberAt(value, '["a","b.c",1]')).toBe(2.5)
    expect(numberAt(value, '["t"]')).toBeNull()
    expect(numberAt(value, '["nothing",1]')).toBeNull()
    expect(numberAt(read('21.5'), '[]')).toBe(21.5)
  })
})
