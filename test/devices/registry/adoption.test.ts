import { beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../../devices/index.ts'
import { createHouse, type House } from '../support/house.ts'
import { cause, faultOf, plug, power } from './announced.ts'

let house: House
beforeEach(async () => {
  house = await createHouse()
})

const kinds = ({ events }: House) => events.flatMap(({ changes }) => changes.map(({ kind }: Change) => kind))
describe('a candidate', () => {
  it('shows what it would become, with what was heard so far, and is no device', () => {
    house.tell(plug.topic, plug.payload, { user: 'esp', clientId: 'esp-7' })
    house.tell('plug/state', 'ON')
    const [candidate, ...others] = house.registry.candidates()
    expect(others).toEqual([])
    expect(candidate).toMatchObject({ name: 'Plug', user: 'esp', clientId: 'esp-7', suggestedArea: 'Hall' })
    expect(candidate!.entities[0]!.values.get('on')!.value).toBe(true)
    expect(house.registry.devices()).toEqual([])
    expect(house.registry.entities()).toEqual([])
  })

  it('is told about at once when it comes and goes, and at most once a second while its values change', () => {
    house.tell(plug.topic, plug.payload)
    expect(kinds(house)).toEqual(['candidates'])
    for (let i = 0; i < 10; i++) house.tell('plug/state', i % 2 === 0 ? 'ON' : 'OFF')
    expect(kinds(house)).toEqual(['candidates'])
    house.clock.advance(1_000)
    expect(kinds(house)).toEqual(['candidates', 'candidates'])
    house.tell(plug.topic, '')
    expect(kinds(house)).toEqual(['candidates', 'candidates', 'candidates'])
    expect(house.registry.candidates()).toEqual([])
  })

  it('takes no commands', () => {
    house.tell(plug.topic, plug.payload)
    const { id } = house.registry.candidates()[0]!.entities[0]!
    expect(() => house.registry.command(id, { command: 'turn_on', values: {} }, cause)).toThrow(/no entity/)
  })
})

describe('adopting', () => {
  it('keeps ids and values, names, places and stores the device, and says so', async () => {
    house.tell(plug.topic, plug.payload)
    house.tell('plug/state', 'ON')
    const area = await house.registry.addArea({ name: 'Kitchen' }, cause)
    const [candidate] = house.registry.candidates()
    house.events.splice(0)
    const device = await house.registry.adopt(candidate!.id, { name: ' Coffee ', area: 'kitchen' }, cause)
    expect(device).toMatchObject({ id: candidate!.id, slug: 'coffee', name: 'Coffee', area, dialect: 'home-assistant' })
    expect(device.entities[0]).toBe(candidate!.entities[0])
    expect(device.entities[0]!.values.get('on')!.value).toBe(true)
    expect(house.registry.candidates()).toEqual([])
    expect(house.registry.version(device.id)).toBe(1)
    expect(kinds(house)).toEqual(['entity', 'candidates'])
    expect(house.stored()).toMatchObject({
      devices: [{ name: 'Coffee', slug: 'coffee', area: area.id, version: 1 }],
      entities: [{ key: 'switch plug', slug: 'switch', device: device.id }],
      values: [{ name: 'on', value: true }],
    })
  })

  it('takes the area that the device suggests when there is one of that name, and none for null', async () => {
    const area = await house.registry.addArea({ name: 'Hall' }, cause)
    house.tell(plug.topic, plug.payload)
    const first = await house.registry.adopt(house.registry.candidates()[0]!.id, {}, cause)
    expect(first.area).toBe(area)
    await house.registry.forget(first.slug, cause)
    house.tell(plug.topic, plug.payload)
    const again = await house.registry.adopt(house.registry.candidates()[0]!.id, { area: null }, cause)
    expect(again.area).toBeNull()
  })

  it('gives each device a slug of its own, none that rules read as something else', async () => {
    for (const [id, name] of [
      ['a', 'Plug'],
      ['b', 'Plug'],
      ['c', 'Sun'],
      ['d', 'Küche 2'],
    ] as const) {
      house.tell(`homeassistant/switch/${id}/config`, JSON.stringify({ cmd_t: id, dev: { ids: id, name } }))
    }
    await house.adoptAll()
    expect(house.registry.devices().map(({ slug }) => slug)).toEqual(['plug', 'plug_2', 'sun_2', 'kueche_2'])
  })

  it('refuses what is no candidate and no area', async () => {
    house.tell(plug.topic, plug.payload)
    const { id } = house.registry.candidates()[0]!
    expect(await faultOf(house.registry.adopt('nobody', {}, cause))).toBe('devices.unknown_candidate')
    expect(await faultOf(house.registry.adopt(id, { area: 'nowhere' }, cause))).toBe('devices.unknown_area')
    await house.registry.adopt(id, {}, cause)
    expect(await faultOf(house.registry.adopt(id, {}, cause))).toBe('devices.unknown_candidate')
  })

  it('puts entities that a device announces later into it at once', async () => {
    house.tell(plug.topic, plug.payload)
    await house.adoptAll()
    house.events.splice(0)
    house.tell(power.topic, power.payload)
    expect(kinds(house)).toEqual(['entity'])
    expect(house.registry.devices()[0]!.entities.map(({ slug }) => slug)).toEqual(['switch', 'power'])
    expect(house.stored().entities).toHaveLength(2)
  })
})

describe('forgetting', () => {
  it('takes the rows away, empties the announcements at the broker and ends commands', async () => {
    house.tell(plug.topic, plug.payload, { retain: true })
    await house.adoptAll()
    const [device] = house.registry.devices()
    const command = house.registry.command(device!.entities[0]!.id, { command: 'turn_on', values: {} }, cause)
    house.takePublished()
    await house.registry.forget('plug', cause)
    expect(house.takePublished()).toEqual([{ topic: plug.topic, payload: '', qos: 1, retain: true, expiry: undefined }])
    expect(house.registry.devices()).toEqual([])
    expect(house.registry.candidates()).toEqual([])
    expect(house.stored()).toMatchObject({ devices: [], entities: [], announcements: [] })
    expect(house.registry.commandById(command.id)).toMatchObject({ state: 'failed', reason: 'Plug was removed' })
    expect(kinds(house)).toContain('removed')
    house.clock.advance(1_000)
    expect(house.clock.pending).toBe(0)
    house.tell('plug/state', 'ON')
    expect(await faultOf(house.registry.forget('plug', cause))).toBe('devices.unknown_device')
  })

  it('leaves the announcement of a gateway alone, which speaks for others too', async () => {
    const component = (name: string, id: string) => ({ p: 'sensor', name, stat_t: `gw/${id}`, uniq_id: id })
    const gateway = { dev: { ids: 'gw', name: 'Gateway' }, cmps: { a: component('A', 'a'), b: component('B', 'b') } }
    house.tell('homeassistant/device/gw/config', JSON.stringify(gateway))
    house.tell(
      'homeassistant/sensor/other/config',
      JSON.stringify({ stat_t: 'x', dev: { ids: 'other', name: 'Other' } }),
    )
    await house.adoptAll()
    house.takePublished()
    await house.registry.forget('other', cause)
    expect(house.takePublished().map(({ topic }) => topic)).toEqual(['homeassistant/sensor/other/config'])
    expect(house.registry.devices().map(({ name }) => name)).toEqual(['Gateway'])
  })

  it('is the way back: announced again it is a candidate with new ids', async () => {
    house.tell(plug.topic, plug.payload)
    await house.adoptAll()
    const [before] = house.registry.devices()
    await house.registry.forget(before!.id, cause)
    house.tell(plug.topic, plug.payload)
    expect(house.registry.candidates()[0]!.id).not.toBe(before!.id)
  })
})

describe('an adopted device that takes an entity back', () => {
  it('keeps it, offline, with all that people decided, until it is announced again', async () => {
    house.tell(plug.topic, plug.payload)
    house.tell('plug/state', 'ON')
    await house.adoptAll()
    const [entity] = house.registry.entities()
    await house.registry.changeEntity(entity!.id, { name: 'Mine' }, { cause })
    house.tell(plug.topic, '')
    expect(entity).toMatchObject({ name: 'Mine', online: false })
    expect(entity!.values.get('on')!.value).toBe(true)
    const command = house.registry.command(entity!.id, { command: 'turn_off', values: {} }, cause)
    expect(command).toMatchObject({ state: 'failed', reason: 'Plug no longer announces it' })
    house.tell(plug.topic, plug.payload)
    house.tell('plug/state', 'OFF')
    expect(house.registry.entities()).toEqual([entity])
    expect(entity).toMatchObject({ name: 'Mine', online: true })
  })
})

describe('another user', () => {
  it('may neither change nor extend nor copy what somebody else announced', async () => {
    house.tell(plug.topic, plug.payload, { user: 'esp' })
    await house.adoptAll()
    house.tell(plug.topic, plug.payload.replace('Plug', 'Mine'), { user: 'mallory' })
    house.tell('homeassistant/switch/copy/config', plug.payload, { user: 'mallory' })
    expect(house.registry.devices().map(({ name }) => name)).toEqual(['Plug'])
    expect(house.registry.candidates()).toEqual([])
    expect(house.registry.faults().map(({ message }) => message)).toEqual([
      'it was announced by user "esp"; user "mallory" may not change it. If the device moved there, forget it first',
      'Plug belongs to user "esp"; user "mallory" may not announce it. If it moved there, forget it first',
    ])
  })
})
