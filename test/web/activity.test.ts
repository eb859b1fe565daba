import { describe, expect, it } from 'vitest'
import type { ActivityJson } from '#api'
import { isPointedAt } from '../../web/lib/history/activity.svelte.ts'
import { tell } from '../../web/lib/history/tell-activity.ts'
import { Entity } from '../../web/lib/live/entity.svelte.ts'
import { HOUSE } from '../browser/house.ts'
import { happened, HAPPENED } from '../browser/past.ts'

const house = HOUSE.map(json => new Entity(json))
type Link = ActivityJson['cause'][number]
const link = (more: Partial<Link> & Pick<Link, 'kind'>): Link => ({
  ...{ name: null, id: null, run: null, value: null, to: null },
  ...more,
})
const named = (id: string, name: string) => ({ id, name })
const tellOf = (item: Parameters<typeof happened>[1]) => tell(happened(1, item), house)

describe('what happened', () => {
  it('is told in a sentence with a lamp', () => {
    expect(HAPPENED.map(item => tell(item, house)).map(({ text, lamp }) => [text, lamp])).toEqual([
      ['Ceiling: on', 'lit'],
      ['Rule Hall light ran', 'ok'],
      ['Motion: someone is there', 'ok'],
      ['Ceiling, brightness: 60 %', 'ok'],
      ['Garden pump fell silent', 'offline'],
      ['Ceiling: turn on, no answer', 'fail'],
      ['Ceiling: off', 'off'],
    ])
    expect(tellOf({ device: named('d', 'Plug'), what: { kind: 'device', change: 'added' } }).text).toBe(
      'Plug joined the house',
    )
    const refused = {
      kind: 'command',
      command: 'open_all',
      values: {},
      state: 'failed',
      reason: 'it is locked',
    } as const
    expect(tellOf({ device: named('d', 'Gate'), what: refused })).toMatchObject({
      text: 'Gate: open all, not done',
      note: 'it is locked',
    })
  })

  it('does not say the name of a part twice', () => {
    const what = { kind: 'change', value: 'running', from: false, to: true, unit: null } as const
    const text = (entity: string, device: string) =>
      tellOf({ entity: named('e', entity), device: named('d', device), what }).text
    expect(text('Running', 'Washing machine')).toBe('Washing machine: running')
    expect(text('Washing machine Running', 'Washing machine')).toBe('Washing machine: running')
    expect(text('Washing machine pump', 'Washing machine')).toBe('Washing machine pump: running')
    expect(text('Motor', 'Motor of the gate')).toBe('Motor of the gate: running')
    expect(text('Pump', 'Washing machine')).toBe('Washing machine Pump: running')
  })

  it('names its causes from the nearest on, each with its page', () => {
    const { causes } = tellOf({
      device: named('device-Ceiling', 'Ceiling'),
      what: { kind: 'online', to: true },
      cause: [
        link({ kind: 'rule', name: 'Evening', id: 'evening/lights', run: 'r1' }),
        link({ kind: 'rule', name: 'Evening', id: 'evening/lights' }),
        link({ kind: 'change', name: 'Window', id: 'bedroom_window', value: 'open', to: true }),
        link({ kind: 'change', name: 'Gone', id: 'gone', value: 'on', to: false }),
        link({ kind: 'device', name: 'Motion', id: 'device-Motion' }),
        link({ kind: 'message', name: 'home/a b' }),
        link({ kind: 'client', name: 'node-red' }),
        link({ kind: 'token', name: 'Panel', id: 't' }),
        link({ kind: 'schedule', name: 'clock' }),
      ],
    })
    expect(causes).toEqual([
      { text: 'rule Evening', href: '/rules/evening/runs/r1' },
      { text: 'rule Evening', href: '/rules/evening' },
      { text: 'Window: open', href: '/devices/window' },
      { text: 'Gone: off', href: null },
      { text: 'Motion itself', href: '/devices/motion' },
      { text: 'a message on home/a b', href: '/messages?topic=home%2Fa%20b' },
      { text: 'the program node-red', href: '/messages/clients/node-red' },
      { text: 'token Panel', href: null },
      { text: 'the clock', href: null },
    ])
  })

  it('keeps the name of what one may not see to itself, and calls the thing itself so', () => {
    const kinds = ['user', 'token', 'pass', 'rule', 'change', 'message', 'device', 'client'] as const
    const { causes } = tellOf({ what: { kind: 'online', to: true }, cause: kinds.map(kind => link({ kind })) })
    expect(causes.every(({ href }) => href === null)).toBe(true)
    expect(causes.map(({ text }) => text).join(', ')).toBe(
      'a person, a program, a guest, a rule, a change elsewhere, a message, the device itself, a program',
    )
    const device = named('device-Ceiling', 'Ceiling')
    const own = link({ kind: 'device', name: device.name, id: device.id })
    expect(tellOf({ device, what: { kind: 'online', to: true }, cause: [own] }).causes).toEqual([
      { text: 'the device itself', href: null },
    ])
  })

  it('is pointed at near its moment, a burst for as long as it lasted', () => {
    const range = { from: 0, to: 400_000 }
    const burst = { first: new Date(10_000).toISOString(), at: new Date(50_000).toISOString() }
    const pointed = [8_999, 9_000, 30_000, 51_000, 51_001].map(moment => isPointedAt(burst, moment, range))
    expect(pointed).toEqual([false, true, true, true, false])
    expect(isPointedAt(burst, null, range)).toBe(false)
  })
})
