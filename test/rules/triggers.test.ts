import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFaultAt } from '../../rules/triggers/json-fault.ts'
import { TestHub } from './support/hub.ts'

const seed = Number(process.env['HOB_SEED'] ?? 20_260_301)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('the first character that JSON does not allow', () => {
  it.each<[string, number | null]>([
    ['{"a": [1, -2.5e3, true, null, "x\\u00e9\\n"]}', null],
    [' [] ', null],
    ['', 0],
    ['no json', 0],
    ['{"a": 1, b: 2}', 9],
    ['{"a": 1,}', 8],
    ['[1, 2', 5],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['01', 1],
    ['"open', 0],
    ['{"a":1} x', 8],
    ['[1}', 2],
    ["{'a':1}", 1],
    ['"tab\there"', 0],
    ['"\\x"', 0],
  ])('%s', (text, at) => {
    expect(jsonFaultAt(text)).toBe(at)
  })

  it(`is told of what JSON.parse refuses, and of nothing else (seed ${seed})`, () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\\',
      '"',
      'é',
    )
    const text = fc.oneof(
      fc.json(),
      fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
    )
    const property = fc.property(text, any => (jsonFaultAt(any) === null) === isJson(any))
    expect(fc.check(property, { seed, numRuns: 3_000 })).toMatchObject({ failed: false })
  })
})

describe('a topic trigger', () => {
  const hear = async (trigger: string, ...messages: (string | Uint8Array)[]) => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save(`on: {topic: a/b, ${trigger}}\ndo: {publish: out, payload: {is: "{{ payload }}"}}\n`)
    for (const message of messages) hub.message('a/b', message)
    return hub.effects.map(effect => ('publish' in effect ? (JSON.parse(effect.payload) as { is: unknown }).is : null))
  }

  it.each<[as: string, messages: string[], heard: unknown[]]>([
    [
      'auto',
      ['{"a":1}', '[1]', '4.5', 'true', 'ON', '"ON"', 'null', '', '{"a":'],
      [{ a: 1 }, [1], 4.5, true, 'ON', '"ON"', 'null', '', '{"a":'],
    ],
    ['json', ['{"a":1}', '"x"', 'null', 'ON', ''], [{ a: 1 }, 'x', null]],
    ['text', ['4.5', 'ON'], ['4.5', 'ON']],
    ['number', ['4.5', ' -3 ', '1e3', '.5', '0x10', 'four', ''], [4.5, -3, 1000, 0.5]],
    ['bool', ['ON', 'off', 'yes', 'No', '1', '0', 'true', 'maybe', ''], [true, false, true, false, true, false, true]],
  ])('with `as: %s`', async (as, messages, heard) => {
    expect(await hear(`as: ${as}`, ...messages)).toEqual(heard)
  })

  it('takes what is no text as bytes', async () => {
    expect(await hear('as: auto', Uint8Array.of(255))).toEqual(['binary data'])
    expect(await hear('as: binary', 'text')).toEqual(['binary data'])
  })

  it('with `changed: true` fires when the payload of that topic differs', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save('on: {topic: a/+n, changed: true}\ndo: {log: "{{ n }} {{ payload }}"}\n')
    for (const payload of ['1', '1', '2', '1']) hub.message('a/x', payload)
    hub.message('a/y', '1')
    expect(hub.logged).toEqual(['x 1', 'x 2', 'x 1', 'y 1'])
  })

  it('with `changed: true` keeps its memory when a device comes, and remembers 1,000 topics', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save('on: {topic: a/+n, changed: true}\ndo: {log: "{{ n }}"}\n')
    hub.message('a/0', 'x')
    hub.house.add('attic', { values: { temperature: 1 } })
    hub.message('a/0', 'x')
    expect(hub.logged).toEqual(['0'])
    for (let i = 1; i < 1_000; i++) hub.message(`a/${i}`, 'x')
    hub.message('a/0', 'x')
    expect(hub.logged).toHaveLength(1_000)
    hub.message('a/1000', 'x')
    hub.message('a/0', 'x')
    expect(hub.logged).toHaveLength(1_002)
  })

  it('gives what is known of the message', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save(
      'on: {topic: a/b, id: one}\ndo: {log: "{{ topic }} {{ msg.text }} {{ msg.qos }} {{ msg.retain }} {{ msg.client }} {{ msg.at }} {{ trigger.id }} {{ trigger.path }}"}\n',
    )
    hub.message('a/b', 'x', { qos: 1 })
    expect(hub.logged).toEqual(['a/b x 1 false client 2026-03-01T20:00:00.000Z one on[0]'])
  })
})

describe('three-valued logic', () => {
  it.each([
    ['attic.temperature < 5', 0],
    ['not (attic.temperature < 5)', 0],
    ['attic.temperature < 5 or hall.on', 1],
    ['attic.temperature < 5 and not hall.on', 0],
    ['not (attic.temperature < 5 and not hall.on)', 1],
    ['attic.temperature is unknown', 1],
    ['attic.temperature is known', 0],
    ['(attic.temperature ?? 3) < 5', 1],
    ['attic.temperature | default(3) < 5', 1],
    ['any([attic.temperature < 5, hall.on])', 1],
    ['all([attic.temperature < 5, hall.on])', 0],
    ['payload.nothing > 1', 0],
    ['payload > 1', 0],
  ])('%s', async (condition, starts) => {
    const things = {
      attic: { component: 'sensor', values: { temperature: null } },
      hall: { component: 'switch', values: { on: true } },
    }
    const hub = await new TestHub({ things }).boot()
    await hub.save(`on: a/b\nif: ${condition}\ndo: {log: x}\n`)
    hub.message('a/b', 'text')
    expect(hub.logged).toHaveLength(starts)
  })
})

describe('a rule as it is written', () => {
  it('computes `let` once, in order, each from those above', async () => {
    const hub = await new TestHub({ things: { attic: { values: { temperature: 4 } } } }).boot()
    await hub.save(
      'on: a/b\nlet: {t: attic.temperature, double: t * 2}\nif: double == 8\nmode: single\ndo: [{wait: 1s}, {log: "{{ double }} {{ t }}"}]\n',
    )
    hub.message('a/b', '')
    hub.report({ 'attic.temperature': 9 })
    hub.pass(1_000)
    expect(hub.logged).toEqual(['8 4'])
  })

  it('has conditions for each trigger', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save('on: [{topic: a/x, if: payload == 1}, {topic: a/y}]\ndo: {log: "{{ topic }}"}\n')
    for (const topic of ['a/x', 'a/y']) for (const payload of ['1', '2']) hub.message(topic, payload)
    expect(hub.logged).toEqual(['a/x', 'a/y', 'a/y'])
  })

  it('publishes with what it says', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save(
      'on: a/b\ndo: {publish: "c/{{ payload }}", payload: {n: 1, t: "{{ payload }}!"}, qos: 2, retain: true, expiry: 10s}\n',
    )
    hub.message('a/b', 'x')
    expect(hub.effects).toEqual([{ publish: 'c/x', payload: '{"n":1,"t":"x!"}', qos: 2, retain: true, expiry: 10_000 }])
  })

  it('logs at its level', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    await hub.save('on: a/b\ndo: [{log: quiet, level: debug}, {log: loud, level: error}]\n')
    hub.message('a/b', '')
    expect(hub.logged).toEqual([])
    expect(hub.warnings).toHaveLength(1)
  })

  it('runs in the order of ids when one message starts several', async () => {
    const hub = await new TestHub({ things: {} }).boot()
    for (const slug of ['b', 'c', 'a']) await hub.save(`on: x/y\ndo: {log: ${slug}}\n`, slug)
    hub.message('x/y', '')
    expect(hub.logged).toEqual(['a', 'b', 'c'])
  })

  it('does all of one start before what it sets off', async () => {
    const hub = await new TestHub({ things: { lamp: { component: 'light', values: { on: false } } } }).boot()
    await hub.save('on: a/b\ndo: [{turn_on: lamp}, {log: first}, {log: second}]\n', 'one')
    await hub.save('on: {when: lamp.on}\ndo: {log: then}\n', 'two')
    hub.house.obeys = true
    hub.message('a/b', '')
    expect(hub.logged).toEqual(['first', 'second', 'then'])
  })
})
