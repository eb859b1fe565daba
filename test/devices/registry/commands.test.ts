import { beforeEach, describe, expect, it } from 'vitest'
import type { Command, Entity } from '../../../devices/index.ts'
import { createHouse, type House } from '../support/house.ts'
import { cause, plug } from './announced.ts'

let house: House
let entity: Entity

beforeEach(async () => {
  house = await createHouse()
  house.tell(plug.topic, plug.payload)
  house.tell('plug/state', 'OFF')
  await house.adoptAll()
  entity = house.registry.entities()[0]!
  house.clock.advance(1_000)
  house.events.splice(0)
  house.takePublished()
})

const send = (command: string, more: { expiry?: number } = {}): Command =>
  house.registry.command(entity.id, { command, values: {}, ...more }, cause)
const stateOf = ({ id }: Command) => house.registry.commandById(id)
const told = () =>
  house.events
    .splice(0)
    .flatMap(({ changes }) =>
      changes.map(change =>
        change.kind === 'command'
          ? change.command.state
          : change.kind === 'pending'
            ? (change.pending?.command ?? 'done')
            : change.kind === 'trouble'
              ? (change.trouble?.reason ?? 'no trouble')
              : change.kind,
      ),
    )

describe('a command', () => {
  it('goes out with an expiry, is pending, and is confirmed by what the device says', () => {
    const command = send('turn_on')
    expect(house.takePublished()).toEqual([{ topic: 'plug/set', payload: 'ON', qos: 0, retain: false, expiry: 10_000 }])
    expect(command).toMatchObject({ state: 'pending', reason: null, at: house.clock.now(), cause })
    expect(entity.pending).toEqual({ id: command.id, command: 'turn_on', since: house.clock.now() })
    expect(told()).toEqual(['pending', 'turn_on'])
    house.tell('plug/state', 'OFF')
    expect(stateOf(command)!.state).toBe('pending')
    house.tell('plug/state', 'ON')
    expect(stateOf(command)!.state).toBe('confirmed')
    expect(entity.pending).toBeNull()
    expect(told()).toEqual(['value', 'confirmed', 'done'])
    expect(house.clock.pending).toBe(0)
  })

  it('is the cause of the change that it brought about', () => {
    send('turn_on')
    house.tell('plug/state', 'ON')
    expect(entity.values.get('on')!.changedBy).toEqual(cause)
    house.tell('plug/state', 'OFF')
    expect(entity.values.get('on')!.changedBy).toMatchObject({ kind: 'device', who: 'esp' })
  })

  it('expires after 10 s, or after what was asked', () => {
    const usual = send('turn_on')
    house.clock.advance(9_999)
    expect(stateOf(usual)!.state).toBe('pending')
    house.clock.advance(1)
    expect(stateOf(usual)).toMatchObject({ state: 'expired', reason: 'no answer' })
    const quick = send('turn_on', { expiry: 500 })
    expect(house.takePublished().at(-1)!.expiry).toBe(500)
    house.clock.advance(500)
    expect(stateOf(quick)!.state).toBe('expired')
    expect(entity.pending).toBeNull()
  })

  it('fails at once for a device that is known to be offline, and nothing goes out', () => {
    house.tell(plug.topic, plug.payload.replace('{', '{"avty_t":"plug/lwt",'))
    house.tell('plug/lwt', 'offline')
    house.takePublished()
    expect(send('turn_on')).toMatchObject({ state: 'failed', reason: 'Plug is offline' })
    expect(house.takePublished()).toEqual([])
    expect(house.clock.pending).toBe(0)
  })

  it('that came to nothing is the trouble of its entity until something is asked or changes', () => {
    const { at } = send('turn_on')
    house.clock.advance(10_000)
    const trouble = { command: 'turn_on', values: {}, state: 'expired', reason: 'no answer', at }
    expect(entity.trouble).toEqual(trouble)
    expect(told()).toEqual(['pending', 'turn_on', 'expired', 'done', 'no answer'])
    // The same value again is no change.
    house.tell('plug/state', 'OFF')
    expect(entity.trouble).toEqual(trouble)
    send('turn_on')
    expect(entity.trouble).toBeNull()
    expect(told()).toEqual(['no trouble', 'pending', 'turn_on'])
    house.clock.advance(10_000)
    house.tell('plug/state', 'ON')
    expect(entity.trouble).toBeNull()
    expect(told()).toEqual(['expired', 'done', 'no answer', 'value', 'no trouble'])
    send('turn_on')
    send('turn_off')
    expect(entity.trouble).toBeNull()
  })

  it('that could not be sent is trouble until the device is back', () => {
    house.tell(plug.topic, plug.payload.replace('{', '{"avty_t":"plug/lwt",'))
    house.tell('plug/lwt', 'offline')
    send('turn_on')
    expect(entity.trouble).toMatchObject({ state: 'failed', reason: 'Plug is offline' })
    house.tell('plug/lwt', 'online')
    expect(entity.trouble).toBeNull()
  })

  it('is replaced by a newer one for the same values', () => {
    const first = send('turn_on')
    const second = send('turn_off')
    expect(stateOf(first)).toMatchObject({ state: 'failed', reason: 'replaced by a newer command' })
    expect(entity.pending!.id).toBe(second.id)
  })

  it('can be looked up for ten minutes after its end', () => {
    const command = send('turn_on')
    house.tell('plug/state', 'ON')
    house.clock.advance(599_999)
    send('turn_off')
    house.tell('plug/state', 'OFF')
    expect(stateOf(command)).toBeDefined()
    house.clock.advance(1)
    send('turn_on')
    house.tell('plug/state', 'ON')
    expect(stateOf(command)).toBeUndefined()
  })

  it('is one of at most 10,000 that are kept', () => {
    const first = send('turn_on')
    for (let i = 0; i < 10_000; i++) send(i % 2 === 0 ? 'turn_off' : 'turn_on')
    expect(stateOf(first)).toBeDefined()
    send('turn_off')
    expect(stateOf(first)).toBeUndefined()
  })

  it.each([
    ['an unknown entity', 'nobody', 'turn_on', {}, 'devices.unknown_entity'],
    ['an unknown command', null, 'open', {}, 'devices.unknown_command'],
    ['an unknown value', null, 'turn_on', { warmth: 3 }, 'devices.bad_value'],
    ['a value of the wrong type', null, 'set', { on: 1 }, 'devices.bad_value'],
    ['a set of nothing', null, 'set', {}, 'devices.bad_value'],
  ])('is refused with %s', (_what, id, command, values, code) => {
    expect(() => house.registry.command(id ?? entity.id, { command, values: values as never }, cause)).toThrow(
      expect.objectContaining({ code }) as Error,
    )
    expect(house.takePublished()).toEqual([])
  })

  it('points at the value that it refuses', () => {
    const request = { command: 'turn_on', values: { 'a/b~c': 1 } }
    expect(() => house.registry.command(entity.id, request, cause)).toThrow(
      expect.objectContaining({ facts: { pointer: '/values/a~1b~0c' } }) as Error,
    )
  })
})
