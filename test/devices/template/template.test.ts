import { describe, expect, it } from 'vitest'
import { compileTemplate, templateJson } from '../../../devices/template/index.ts'

function render(source: string, value = '', more: Record<string, never> = {}): string {
  const template = compileTemplate(source)
  if ('fault' in template) return `fault: ${template.fault}`
  const rendered = template.render({ value, value_json: templateJson(value), ...more }, Date.UTC(2026, 2, 1, 20))
  return 'text' in rendered ? rendered.text : `ignored: ${rendered.ignored}`
}

const JSON_PAYLOAD = JSON.stringify({
  t: 21.5,
  n: 7,
  zero: 0,
  on: true,
  off: false,
  nil: null,
  s: 'ON',
  text: '12.5',
  list: [1, 2, 3],
  rgb: [255, 0, 10],
  deep: { a: { b: 'x' }, 'c d': 1 },
})

describe('a template', () => {
  it.each([
    // Paths and how Python shows values.
    ['{{ value }}', 'raw text', 'raw text'],
    ['plain', 'x', 'plain'],
    ['{{ value_json.t }}', JSON_PAYLOAD, '21.5'],
    ['{{ value_json.n }}', JSON_PAYLOAD, '7'],
    ['{{ value_json.on }} {{ value_json.off }} {{ value_json.nil }}', JSON_PAYLOAD, 'True False None'],
    ["{{ value_json['deep']['c d'] }}", JSON_PAYLOAD, '1'],
    ['{{ value_json["deep"].a.b }}', JSON_PAYLOAD, 'x'],
    ['{{ value_json.list[0] }}{{ value_json.list[-1] }}', JSON_PAYLOAD, '13'],
    ['{{ value_json.list }}', JSON_PAYLOAD, '[1, 2, 3]'],
    ['{{ value_json.deep }}', JSON_PAYLOAD, "{'a': {'b': 'x'}, 'c d': 1}"],
    ['{{ value_json.missing }}', JSON_PAYLOAD, ''],
    ['{{ value_json }}', '21.0', '21.0'],
    ['{{ value_json }}', '21', '21'],
    ['{{ value[0:2] }}|{{ value[2:] }}|{{ value[-1] }}', 'a1b2', 'a1|b2|2'],
    // Arithmetic.
    ['{{ value|float/60 }}', '90', '1.5'],
    ['{{ value | float | round(1) }}', '21.449', '21.4'],
    ['{{ value | round }}', '2.5', '2'],
    ['{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }}', '', '2 4 2.67'],
    ["{{ (1000000 / (value|int)) | round(0, 'floor') }}", '370', '2702'],
    ['{{ 6 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ 2 ** 10 }}', '', '3.0 3 -4 1 1024'],
    ['{{ int(float(value) * 10 ** 3) }}', '1.2345', '1234'],
    ['{{ value | int }}', '21.7', '21'],
    ['{{ value | int(base=16) }}', 'ff', '255'],
    ['{{ value | int(5) }} {{ value | float(0) }}', 'x', '5 0'],
    ['{{ value | float | multiply(2.55) | round }}', '100', '255'],
    ['{{ max(1, 5, 3) }} {{ value_json.list | max }} {{ value_json.list | sum }}', JSON_PAYLOAD, '5 3 6'],
    ['{{ value_json[0] }} {{ value_json[1] }} {{ value_json[2] }}', '[1e-5,1e16,100000.0]', '1e-05 1e+16 100000.0'],
    // Conditions.
    ["{% if value == 'ON' %}heating{% elif value == '1' %}one{% else %}idle{% endif %}", '1', 'one'],
    ["{{ 'online' if value == 'true' else 'offline' }}", 'true', 'online'],
    ["{{ 'yes' if value_json.on }}", JSON_PAYLOAD, 'yes'],
    ["{{ 'yes' if value_json.off }}", JSON_PAYLOAD, ''],
    ["{{ 'ON' if value_json.zero else 'OFF' }}", JSON_PAYLOAD, 'OFF'],
    ["{{ 'ON' if '0' else 'OFF' }}", '', 'ON'],
    ['{{ value == 1 }} {{ value|int == 1 }}', '1', 'False True'],
    ['{{ 0 < value|int < 999 }}', '5', 'True'],
    ["{{ 'OFF' if 'no error' in value else 'ON' }}", 'there is no error', 'OFF'],
    ['{{ 2 in value_json.list and not 9 in value_json.list }}', JSON_PAYLOAD, 'True'],
    ['{{ value_json.x if value_json.x is defined else 0 }}', JSON_PAYLOAD, '0'],
    ["{{ value_json.x | default('none') }}", JSON_PAYLOAD, 'none'],
    [
      "{{ value_json.s | default('x') }} {{ value_json.zero | default(5) }} {{ value_json.zero | default(5, true) }}",
      JSON_PAYLOAD,
      'ON 0 5',
    ],
    ["{{ {'0': 'Low', '1': 'Mid'}[value] }}", '1', 'Mid'],
    ['{{ is_number(value) }}', '1.5', 'True'],
    // Texts.
    ['{{ value_json.rgb | join(",") }}', JSON_PAYLOAD, '255,0,10'],
    ['{{ value_json.deep | tojson }}', JSON_PAYLOAD, '{"a":{"b":"x"},"c d":1}'],
    ["{{ value.split(' ')[0] }}", 'one two', 'one'],
    ["{{ value.replace('_', ' ') | title }}", 'my_name', 'My Name'],
    ['{{ value | upper }}{{ value.lower() }}', 'aB', 'ABab'],
    ["{{ value_json.deep.get('a', {}) | tojson }} {{ value_json.deep.get('z', 3) }}", JSON_PAYLOAD, '{"b":"x"} 3'],
    ["{{ value ~ ' W' }}", '5', '5 W'],
    // Blocks.
    ['{% set t = value_json.t %}{{ t }}', JSON_PAYLOAD, '21.5'],
    ['  {%- if true -%}  home  {%- else -%} away {%- endif -%}  ', '', 'home'],
    ['a{# a comment #}b', '', 'ab'],
    ['{% if value_json.deep %}{% if value_json.on %}both{% endif %}{% endif %}', JSON_PAYLOAD, 'both'],
  ])('%s of %j is %j', (source, value, text) => expect(render(source, value)).toBe(text))
})

describe('a message is ignored', () => {
  it.each([
    ['{{ value_json.a.b }}', '{}', /looked up in a value that is missing/],
    ['{{ value_json.t }}', 'no json', /missing/],
    ['{{ value | float }}', 'unavailable', /float cannot read "unavailable"/],
    ['{{ value | int }}', '', /int cannot read/],
    ['{{ value_json.x | is_defined }}', '{}', /a key is missing/],
    ['{{ value_json.x + 1 }}', '{}', /cannot take these values/],
    ['{{ 1 / 0 }}', '', /division by zero/],
    ["{{ 'a' < 1 }}", '', /cannot compare/],
  ])('%s of %j', (source, value, reason) => expect(render(source, value)).toMatch(reason))
})

describe('a template is refused', () => {
  it.each([
    ['{{ value | frobnicate }}', /the filter "frobnicate" is not supported/],
    ['{{ states("sensor.x") }}', /the function "states" is not supported/],
    ['{{ value.evil() }}', /the method "evil" is not supported/],
    ['{% for x in y %}{% endfor %}', /the statement "for" is not supported/],
    ['{% if value %}x', /has no "endif"/],
    ['{% endif %}', /stands alone/],
    ['{{ value', /never closed/],
    ['{{ value + }}', /ends where a value should come/],
    ['x'.repeat(8_193), /at most 8192 characters/],
    ['{% if 1 %}'.repeat(40) + '{% endif %}'.repeat(40), /32 deep/],
  ])('%s', (source, reason) => expect(render(source)).toMatch(reason))
})

describe('nothing leads out of a template', () => {
  it.each([
    "{{ value_json.constructor.constructor('return process.pid')() }}",
    '{{ value_json.__proto__ }}',
    "{{ value_json['__proto__']['x'] }}",
    '{{ value.constructor }}',
    "{{ value_json.get('constructor') }}",
    '{{ value_json.toString() }}',
    '{{ this.constructor }}',
    "{{ ''.__class__.__mro__ }}",
    '{{ value_json.list.length }}',
  ])('%s', source => {
    expect(render(source, '{"list":[1]}')).toMatch(/^(|None|ignored: .*|fault: .*)$/)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('nor makes it large or slow', () => {
    expect(render("{{ value.replace('a', value) }}", 'a'.repeat(1_000))).toMatch(/too long/)
    expect(render('{{ value ~ value ~ value ~ value }}', 'a'.repeat(60_000))).toMatch(/longer than 65536/)
    expect(render('x{{ 9 ** 9 ** 9 ** 9 }}')).toMatch(/x/)
  })

  const seed = Number(process.env['HOB_SEED'] ?? 7)
  it(`and any text is rendered, ignored or refused (seed ${seed})`, () => {
    let state = seed
    const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    const pieces = [
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      ' if ',
      ' endif ',
      ' else ',
      ' set x = ',
      'value',
      '_json',
      '.a',
      '[0]',
      '|float',
      '|round(',
      ')',
      "'x'",
      '"',
      '1',
      ' == ',
      ' in ',
      '-',
      '{',
      '}',
      ',',
      '~',
      ' is defined',
      '.get(',
      '|tojson',
      '**',
      ' for ',
    ]
    for (let n = 0; n < 20_000; n++) {
      const source = Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]!).join('')
      expect(typeof render(source, '{"a":[1]}')).toBe('string')
    }
  })
})

describe('the time in a template', () => {
  it.each([
    ['{{ now() }}', '', '2026-03-01T20:00:00+00:00'],
    [
      '{{ (as_timestamp(now()) - value_json.uptime) | timestamp_local }}',
      '{"uptime":3600}',
      '2026-03-01T19:00:00+00:00',
    ],
    ["{{ '2026-03-01T00:00:00Z' | as_timestamp }}", '', '1772323200.0'],
    ['{{ as_timestamp(12) }}', '', '12.0'],
  ])('%s of %j is %s', (source, value, text) => expect(render(source, value)).toBe(text))

  it('has to be one, and to be there', () => {
    expect(render("{{ as_timestamp('soon') }}")).toBe('ignored: as_timestamp cannot read "soon"')
    const template = compileTemplate('{{ now() }}')
    expect('render' in template && template.render({})).toEqual({ ignored: 'there is no time here', isMissing: false })
  })
})
