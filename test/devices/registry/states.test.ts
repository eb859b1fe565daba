import { describe, expect, it } from 'vitest'
import type { StoredDevices } from '../../../devices/index.ts'
import { createTestClock } from '../../support/clock.ts'
import { createHouse, type House } from '../support/house.ts'
import { cause, plug, power } from './announced.ts'

async function adopted(): Promise<House> {
  const house = await createHouse()
  house.tell(plug.topic, plug.payload)
  await house.adoptAll()
  house.clock.advance(1_000)
  house.events.splice(0)
  return house
}

const onOf = ({ registry }: House) => registry.entities()[0]!.values.get('on')!

describe('a report', () => {
  it('that changes something is one event with one number', async () => {
    const house = await adopted()
    house.tell('plug/state', 'ON')
    const [event, ...others] = house.events
    expect(others).toEqual([])
    expect(event!.changes).toMatchObject([
      { kind: 'value', from: null, to: true },
      { kind: 'online', from: null, to: true },
    ])
    expect(event!.message!.topic).toBe('plug/state')
    house.tell('plug/state', 'OFF')
    expect(house.events[1]!.seq).toBeGreaterThan(event!.seq)
  })

  it('of an equal value changes nothing but the time of the report', async () => {
    const house = await adopted()
    house.tell('plug/state', 'ON')
    const [changedAt, events, writes] = [house.clock.now(), house.events.length, house.writes.length]
    house.clock.advance(5_000)
    house.tell('plug/state', 'ON')
    expect(onOf(house)).toMatchObject({ value: true, changedAt, at: changedAt + 5_000, confirmed: true })
    expect([house.events.length, house.writes.length]).toEqual([events, writes])
    expect(house.registry.devices()[0]!.lastSeen).toBe(changedAt + 5_000)
  })

  it('gives its event whether it changes something or not', async () => {
    const house = await adopted()
    const seqs = new Set<number>()
    for (const text of ['ON', 'ON', 'nonsense']) {
      house.tell('plug/state', text)
      seqs.add(house.events.at(-1)!.seq)
    }
    expect(seqs.size).toBe(1)
  })

  it('of a text longer than 4,096 characters is cut', async () => {
    const house = await createHouse()
    house.tell('homeassistant/sensor/t/config', JSON.stringify({ name: 'T', stat_t: 't', dev: { ids: 't' } }))
    house.tell('t', 'x'.repeat(5_000))
    expect(house.registry.candidates()[0]!.entities[0]!.values.get('value')!.value).toHaveLength(4_096)
  })

  it('of a reading that throws takes nobody else the message', async () => {
    const house = await adopted()
    house.tell('homeassistant/switch/two/config', plug.payload.replace('"plug"', '"two"').replace('plug-1', 'two-1'))
    house.tell('plug/state', 'ON')
    expect(house.registry.candidates()[0]!.entities[0]!.values.get('on')!.value).toBe(true)
    expect(onOf(house).value).toBe(true)
  })
})

/** A house that starts anew from what another one stored. */
async function restarted(stored: StoredDevices, retained: Record<string, string> = {}): Promise<House> {
  return createHouse({ stored, retained, clock: createTestClock(Date.UTC(2026, 2, 2)) })
}

describe('after a restart', () => {
  it('all is back under its ids, with the last values, unconfirmed until the device speaks', async () => {
    const before = await adopted()
    before.tell(power.topic, power.payload)
    before.tell('plug/state', 'ON')
    before.tell('plug/power', '12.5')
    await before.registry.addArea({ name: 'Hall' }, cause)
    await before.registry.changeDevice('plug', { name: 'Heater', slug: 'heater', area: 'hall' }, { cause })
    const [entity] = before.registry.entities()
    await before.registry.changeEntity(entity!.id, { name: 'Relay' }, { cause })

    const house = await restarted(before.stored())
    const [device] = house.registry.devices()
    expect(device).toMatchObject({ name: 'Heater', slug: 'heater', area: { slug: 'hall' }, dialect: 'home-assistant' })
    expect(house.registry.device('plug')).toBe(device)
    expect(house.registry.version(device!.id)).toBe(2)
    expect(house.registry.candidates()).toEqual([])
    expect(device!.entities.map(({ id, name, slug }) => ({ id, name, slug }))).toEqual(
      before.registry.entities().map(({ id, name, slug }) => ({ id, name, slug })),
    )
    expect(onOf(house)).toMatchObject({ value: true, confirmed: false, at: before.clock.now() })
    expect(device!.entities[0]!.online).toBeNull()
    house.tell('plug/state', 'ON')
    expect(onOf(house)).toMatchObject({ value: true, confirmed: true, at: house.clock.now() })
    expect(house.events.at(-1)!.changes).toMatchObject([{ kind: 'online', to: true }])
  })

  it('a retained state updates what is older, and confirms nothing', async () => {
    const before = await adopted()
    before.tell('plug/state', 'OFF')
    const house = await restarted(before.stored(), { 'plug/state': 'ON' })
    expect(onOf(house)).toMatchObject({ value: true, confirmed: false })
    expect(house.registry.entities()[0]!.online).toBeNull()
  })

  it('a candidate is there again, from its announcement alone', async () => {
    const before = await createHouse()
    before.tell(plug.topic, plug.payload)
    const house = await restarted(before.stored())
    expect(house.registry.candidates().map(({ name }) => name)).toEqual(['Plug'])
  })

  it('an adopted device that nothing announces any more is there, without entities', async () => {
    const before = await adopted()
    const house = await restarted({ ...before.stored(), announcements: [] })
    expect(house.registry.devices()).toMatchObject([{ name: 'Plug', dialect: 'unknown', entities: [] }])
    house.tell(plug.topic, plug.payload)
    expect(house.registry.entities().map(({ id }) => id)).toEqual(before.registry.entities().map(({ id }) => id))
  })

  it('an announcement of a dialect that is gone is left alone', async () => {
    const before = await adopted()
    const [announcement] = before.stored().announcements
    const house = await restarted({ ...before.stored(), announcements: [{ ...announcement!, dialect: 'other' }] })
    expect(house.log).toEqual(['a stored announcement is of no dialect that the hub knows'])
  })
})

describe('closing', () => {
  it('leaves no timer and no subscription', async () => {
    const house = await adopted()
    house.registry.command(house.registry.entities()[0]!.id, { command: 'turn_on', values: {} }, cause)
    house.tell('homeassistant/binary_sensor/m/config', JSON.stringify({ stat_t: 'm', off_dly: 5, exp_aft: 9 }))
    house.tell('m', 'ON')
    expect(house.clock.pending).toBeGreaterThan(0)
    house.registry.close()
    expect(house.clock.pending).toBe(0)
  })
})
