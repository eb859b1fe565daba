import { describe, expect, it } from 'vitest'
import {
  ANY,
  BOOL,
  compile,
  createContext,
  inferType,
  NUMBER,
  parse,
  parseTemplate,
  suggest,
  toText,
  UNKNOWN,
  type Environment,
  type Result,
  type Type,
} from '#expression'

const VALUES: Record<string, { type: Type; value: Result }> = {
  temp: { type: { kind: 'number', unit: '°C', min: -50, max: 100 }, value: 22 },
  dim: { type: { kind: 'number', min: 0, max: 100 }, value: UNKNOWN },
  lamp_on: { type: BOOL, value: true },
  lost: { type: BOOL, value: UNKNOWN },
  mode: { type: { kind: 'enum', options: ['night', 'day'] }, value: 'night' },
  doors: { type: { kind: 'list', of: BOOL }, value: [true, UNKNOWN, false] },
  shut: { type: { kind: 'list', of: BOOL }, value: [false, UNKNOWN] },
  payload: { type: ANY, value: { a: { b: [1, 2, 3] }, s: 'ON', n: 5, deep: { x: null } } },
}

const environment: Environment = {
  name(path) {
    const { name, span } = path[0]!
    const found = VALUES[name]
    if (found === undefined)
      return { span, id: 'unknown-device', message: `there is no device "${name}"`, suggestion: null }
    return { parts: 1, type: found.type, read: () => found.value }
  },
}

// Sunday, 23:00 UTC.
const NOW = Date.UTC(2026, 2, 1, 23)

function run(text: string) {
  const parsed = parse(text, 'strict')
  if ('faults' in parsed) throw new Error(parsed.faults[0]!.message)
  const compiled = compile(parsed.ast, environment)
  if (typeof compiled !== 'function') throw new Error(compiled.fault.message)
  const context = createContext(NOW)
  return { text: toText(compiled(context)), missing: [...context.missing], notes: context.notes }
}

describe('an expression comes to', () => {
  it.each([
    ['temp > 21.5 and hour >= 7', 'true'],
    ['temp + 1', '23'],
    ['10 % 3', '1'],
    ['-7 // 2', '-4'],
    ['-7 % 3', '2'],
    ['-2 ** 2', '-4'],
    ['2 ** 3', '8'],
    ['"a" ~ 5 ~ "b"', 'a5b'],
    ['"a" + "b"', 'ab'],
    ['1 < temp < 30', 'true'],
    ['30 < temp < 40', 'false'],
    ['temp in 20..22', 'true'],
    ['temp not in 1..5', 'true'],
    ['time in 22:00..06:00', 'true'],
    ['time in 06:00..22:00', 'false'],
    ['day == "sun"', 'true'],
    ['day in ["mon", "sun"]', 'true'],
    ['now + 5min', '2026-03-01T23:05:00.000Z'],
    ['1h30m + 10min', '1h 40min'],
    ['date', '2026-03-01'],
    ['time', '23:00'],
    ['"on" if lamp_on else "off"', 'on'],
    ['not lamp_on || temp > 5 && !lamp_on', 'false'],
    ['temp | round(1) | text', '22'],
    ['1.005 | round(2)', '1.01'],
    ['[1, 2, 3] | join(", ")', '1, 2, 3'],
    ['sum([1, 2, 3]) + max(4, 5) + avg([2, 4]) + median([1, 9, 2])', '16'],
    ['payload.a.b[1] * 2', '4'],
    ['payload["s"] | lower', 'on'],
    ['payload.x ?? 5', '5'],
    ['payload.x | default(7)', '7'],
    ['payload.a.b | length', '3'],
    ['{a: 1, "b": 2}["b"]', '2'],
    ['"a,b" | split(",") | last', 'b'],
    ['payload.deep.x is none', 'true'],
    ['clamp(temp, 0, 10)', '10'],
    ['scale(5, 0, 10, 0, 100)', '50'],
    ['now | time', '23:00'],
    ['90s | duration', '1min 30s'],
    ['"x" in "text"', 'true'],
    ['35%', '35'],
    ['temp is known and dim is unknown', 'true'],
  ])('%s -> %s', (text, result) => expect(run(text).text).toBe(result))
})

describe('what nobody knows', () => {
  it.each([
    ['dim > 3', 'unknown'],
    ['not dim > 3', 'unknown'],
    ['dim + 1', 'unknown'],
    ['lost and lamp_on', 'unknown'],
    ['lost and false', 'false'],
    ['false and lost', 'false'],
    ['lost or lamp_on', 'true'],
    ['lost or false', 'unknown'],
    ['1 if lost else 2', 'unknown'],
    ['any(doors)', 'true'],
    ['all(doors)', 'false'],
    ['any(shut)', 'unknown'],
    ['count(doors)', 'unknown'],
    ['dim == dim', 'unknown'],
    ['dim in [1, 2]', 'unknown'],
    ['payload.x.y', 'unknown'],
    ['dim ?? 4', '4'],
  ])('%s -> %s', (text, result) => expect(run(text).text).toBe(result))

  it('is named, unless the question was whether it is known', () => {
    expect(run('dim > 3 and temp > 1').missing).toEqual(['dim'])
    expect(run('dim is known or lost ?? true').missing).toEqual([])
  })

  it('is also what an operation on the wrong kind of value comes to, with a note', () => {
    expect(run('payload.s + 1')).toMatchObject({ text: 'unknown', notes: ['"+" cannot take a text and a number'] })
    expect(run('1 / 0')).toMatchObject({ text: 'unknown', notes: ['division by zero'] })
    expect(run('payload.s | number')).toMatchObject({ text: 'unknown', notes: ['"ON" is no number'] })
    expect(run('payload.s and lamp_on')).toMatchObject({ text: 'unknown', notes: ['a condition came to a text'] })
  })

  it('is what a prototype holds', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(run(`payload.${name}`).text).toBe('unknown')
      expect(run(`payload["${name}"]`).text).toBe('unknown')
      expect(run(`payload.${name}.${name}`).text).toBe('unknown')
    }
  })
})

/** The text, a line that points at each fault, and its message. */
function picture(text: string): string {
  const parsed = parse(text, 'strict')
  const faults = 'faults' in parsed ? parsed.faults : inferType(parsed.ast, environment).faults
  return faults
    .map(({ span, id, message, suggestion }) => {
      const caret = ' '.repeat(span.start) + '^'.repeat(Math.max(1, span.end - span.start))
      return `${text}\n${caret} ${id}: ${message}${suggestion === null ? '' : `; ${typeof suggestion === 'string' ? suggestion : suggestion.text}`}`
    })
    .join('\n')
}

const PICTURES = `
temp = 5
     ^ syntax: "=" compares nothing; write ==

(1 + 2
      ^ syntax: a bracket needs ")", not the end

temp >
      ^ syntax: the expression ends where a value should come

temp > and 1
       ^^^ syntax: something is missing before "and"

"abc
^^^^ syntax: this text has no closing "

25:00 > time
^^^^^ syntax: 25:00 is not a time of day

1 if lamp_on
            ^ syntax: "a if c" needs an "else" that says what it is otherwise

temp ? 1
     ^ syntax: "?" does not fit behind what stands before it

hall.temp > 1
^^^^ unknown-device: there is no device "hall"

temp > 300
^^^^^^^^^^ impossible-compare: this is never true: the value lies between -50 and 100 °C

300 < temp
^^^^^^^^^^ impossible-compare: this is never true: the value lies between -50 and 100 °C

temp < 35%
^^^^^^^^^^ unit-mismatch: one side is in °C, the other in %

mode == "nigth"
         ^^^^^ unknown-enum-value: "nigth" is none of its values; did you mean "night"?

mode in ["day", "dusk"]
                 ^^^^ unknown-enum-value: "dusk" is none of its values; they are night, day

temp == "22"
^^^^^^^^^^^^ type-mismatch: a number and a text cannot be compared

lamp_on > false
^^^^^^^^^^^^^^^ type-mismatch: ">" has no meaning for true or false

temp and lamp_on
^^^^ type-mismatch: this is a number, and here true or false is needed

temp + "x"
^^^^^^^^^^ type-mismatch: "+" cannot take a number and a text; to put texts together write ~

rond(temp)
^^^^ unknown-function: there is no function "rond"; did you mean "round"?

temp | round(1, 2)
       ^^^^^ wrong-arguments: round takes 1 to 2 values, not 3

temp is knwn
        ^^^^ unknown-test: there is no test "knwn"; did you mean "known"?

temp.value
     ^^^^^ unknown-property: a number has nothing named "value"

temp > 5 for 10min
^^^^^^^^^^^^^^^^^^ not-supported: \`for\` inside an expression is not supported yet; a \`when\` trigger takes \`for:\` beside it
`

describe('faults point at their place', () => {
  const cases = PICTURES.trim()
    .split('\n\n')
    .map(wanted => [wanted.split('\n')[0]!, wanted] as const)
  it.each(cases)('%s', (text, wanted) => expect(picture(text)).toBe(wanted))

  it('and all of them are told at once', () => {
    expect(picture('hall.x > 1 and mode == "nigth" and rond(temp) > 1').split('\n')).toHaveLength(6)
  })
})

describe('types', () => {
  it.each([
    ['temp', { kind: 'number', unit: '°C', min: -50, max: 100 }],
    ['temp + 1', { kind: 'number', unit: '°C' }],
    ['temp > 1', BOOL],
    ['[1, 2]', { kind: 'list', of: NUMBER }],
    ['first([1, 2])', NUMBER],
    ['payload.x', ANY],
    ['now - now', { kind: 'duration' }],
    ['"a" if lamp_on else none', { kind: 'text' }],
  ])('%s', (text, type) => {
    const parsed = parse(text, 'strict')
    if ('faults' in parsed) return expect.unreachable()
    expect(inferType(parsed.ast, environment)).toEqual({ type, faults: [] })
  })
})

describe('limits', () => {
  const first = (text: string) => {
    const parsed = parse(text, 'strict')
    return 'faults' in parsed ? parsed.faults[0]!.message : 'fine'
  }
  it('of nesting and size', () => {
    expect(first(`${'('.repeat(59)}1${')'.repeat(59)}`)).toBe('fine')
    expect(first(`${'('.repeat(61)}1${')'.repeat(61)}`)).toMatch(/nested deeper than 60/)
    expect(first(`${'not '.repeat(100)}lamp_on`)).toMatch(/nested deeper/)
    expect(first(`${'-'.repeat(10_000)}1`)).toMatch(/nested deeper/)
    expect(first(Array.from({ length: 1_001 }, () => '1').join('+'))).toMatch(/more than 2000 parts/)
  })
  it('of texts and lists', () => {
    expect(run(`"${'x'.repeat(1000)}" | replace("x", "${'y'.repeat(100)}")`).notes[0]).toMatch(
      /more than 65536 characters/,
    )
    expect(run(`"${'a,'.repeat(10_001)}" | split(",") | length`).notes[0]).toMatch(/too many items/)
  })
})

describe('parseTemplate', () => {
  it('cuts a text into pieces with offsets in the whole', () => {
    const parsed = parseTemplate('cold: {{ temp }} "{{ {a: "}}"}.a }}"')
    if ('faults' in parsed) return expect.unreachable()
    expect(parsed.parts).toMatchObject([
      { kind: 'text', text: 'cold: ' },
      { kind: 'expression', ast: { kind: 'name', name: 'temp', start: 9, end: 13 } },
      { kind: 'text', text: ' "' },
      { kind: 'expression', ast: { kind: 'member' } },
      { kind: 'text', text: '"' },
    ])
  })
  it.each([
    ['a {{ b', 'this {{ has no closing }}', 2],
    ['a {{ }}', 'there is no expression here', 5],
    ['{{ 1 + }}', 'the expression ends where a value should come', 7],
  ])('says what is wrong with %j', (text, message, start) => {
    expect(parseTemplate(text)).toMatchObject({ faults: [{ message, span: { start } }] })
  })
})

describe('suggest', () => {
  it.each([
    ['hall_motin', 'hall_motion'],
    ['hlal_motion', 'hall_motion'],
    ['nothing_like_it', null],
    ['on', null],
  ])('%s -> %s', (word, found) => expect(suggest(word, ['hall_motion', 'kitchen', 'brightness'])).toBe(found))
})

describe('any text', () => {
  const seed = Number(process.env['HOB_SEED'] ?? 42)
  it(`is parsed, or its fault is told, and never more (seed ${seed})`, () => {
    let state = seed
    const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    const pieces = [
      'temp',
      'payload',
      '.a',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      ':',
      ',',
      '"x"',
      "'",
      '5',
      '10min',
      '22:30',
      '35%',
      ' and ',
      ' or ',
      ' not ',
      ' in ',
      ' is known',
      ' if ',
      ' else ',
      '|',
      'round',
      '??',
      '..',
      '+',
      '-',
      '*',
      '**',
      '//',
      '%',
      '~',
      '<',
      '==',
      '$x',
      '\\',
      '\u0000',
      '°',
      ' for 5min',
      'lost',
      '.constructor',
    ]
    for (let n = 0; n < 20_000; n++) {
      const text = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]!).join('')
      for (const mode of ['strict', 'lenient'] as const) {
        const parsed = parse(text, mode)
        if ('faults' in parsed) {
          expect(parsed.faults.length).toBeGreaterThan(0)
          continue
        }
        const { faults } = inferType(parsed.ast, environment)
        const compiled = compile(parsed.ast, environment)
        if (typeof compiled === 'function') compiled(createContext(NOW))
        else expect(faults.length, text).toBeGreaterThan(0)
      }
    }
  })
})
