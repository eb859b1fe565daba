import { beforeEach, describe, expect, it } from 'vitest'
import type { Area, Device, Entity } from '../../../devices/index.ts'
import { createHouse, type House } from '../support/house.ts'
import { cause, faultOf, plug, power } from './announced.ts'

let house: House
let device: Device
let entity: Entity
let hall: Area

beforeEach(async () => {
  house = await createHouse()
  hall = await house.registry.addArea({ name: 'Hall' }, cause)
  house.tell(plug.topic, plug.payload)
  house.tell(power.topic, power.payload)
  await house.adoptAll()
  device = house.registry.devices()[0]!
  entity = device.entities[1]!
  house.events.splice(0)
})

const aliases = () => Object.fromEntries(house.registry.aliases())

describe('a device', () => {
  it('is renamed: the name changes, the slug stays, the version grows', async () => {
    await house.registry.changeDevice('plug', { name: ' Heater ' }, { cause })
    expect(device).toMatchObject({ name: 'Heater', slug: 'plug' })
    expect(house.registry.version(device.id)).toBe(2)
    expect(house.events.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(['entity', 'entity'])
    expect(house.stored().devices[0]).toMatchObject({ name: 'Heater', version: 2 })
  })

  it('keeps the name that a person gave when it announces another one', async () => {
    await house.registry.changeDevice('plug', { name: 'Heater' }, { cause })
    house.tell(plug.topic, plug.payload.replace('"Plug"', '"Socket"'))
    expect(device.name).toBe('Heater')
  })

  it('changes its slug; the old one still leads to it and stays taken', async () => {
    await house.registry.changeDevice('plug', { slug: 'heater' }, { cause })
    await house.registry.changeDevice('heater', { slug: 'stove' }, { cause })
    expect(house.registry.device('plug')).toBe(device)
    expect(house.registry.device('heater')).toBe(device)
    expect(aliases()).toEqual({ plug: 'stove', heater: 'stove' })
    house.tell('homeassistant/switch/p2/config', JSON.stringify({ cmd_t: 'p2', dev: { ids: 'p2', name: 'Plug' } }))
    await house.adoptAll()
    expect(house.registry.devices()[1]!.slug).toBe('plug_2')
    expect(await faultOf(house.registry.changeDevice('plug_2', { slug: 'heater' }, { cause }))).toBe(
      'devices.slug_taken',
    )
    // Its own old name it may take back.
    await house.registry.changeDevice('stove', { slug: 'plug' }, { cause })
    expect(device.slug).toBe('plug')
    expect(aliases()).toEqual({ heater: 'plug', stove: 'plug' })
  })

  it('moves into an area and out of it', async () => {
    expect(device.area).toBe(hall)
    await house.registry.changeDevice('plug', { area: null }, { cause })
    expect([device.area, entity.area]).toEqual([null, null])
    await house.registry.changeDevice('plug', { area: 'hall' }, { cause })
    expect([device.area, entity.area]).toEqual([hall, hall])
  })

  it.each([
    ['an unknown device', 'nobody', { name: 'X' }, 'devices.unknown_device'],
    ['an unknown area', 'plug', { area: 'moon' }, 'devices.unknown_area'],
    ['an empty name', 'plug', { name: '  ' }, 'devices.bad_value'],
    ['a name of 201 characters', 'plug', { name: 'x'.repeat(201) }, 'devices.bad_value'],
    ['a slug with capitals', 'plug', { slug: 'Heater' }, 'devices.bad_slug'],
    ['a slug that rules read as something else', 'plug', { slug: 'sun' }, 'devices.bad_slug'],
  ])('refuses %s', async (_what, slug, change, code) => {
    expect(await faultOf(house.registry.changeDevice(slug, change, { cause }))).toBe(code)
    expect(device).toMatchObject({ name: 'Plug', slug: 'plug' })
    expect(house.registry.version(device.id)).toBe(1)
  })

  it('refuses an edit of a version that is not the last one', async () => {
    await house.registry.changeDevice('plug', { name: 'A' }, { cause, ifVersion: 1 })
    const edit = house.registry.changeDevice('plug', { name: 'B' }, { cause, ifVersion: 1 })
    await expect(edit).rejects.toMatchObject({ code: 'devices.stale_version', facts: { current: 2 } })
    expect(device.name).toBe('A')
  })
})

describe('an entity', () => {
  it('takes a name, an area and a slug of its own, and gives them back', async () => {
    const attic = await house.registry.addArea({ name: 'Attic' }, cause)
    await house.registry.changeEntity(entity.id, { name: 'Watts', area: 'attic', slug: 'watts' }, { cause })
    expect(entity).toMatchObject({ name: 'Watts', area: attic, slug: 'watts' })
    expect(aliases()).toEqual({ 'plug.power': 'plug.watts' })
    expect(house.stored().entities.find(({ id }) => id === entity.id)).toMatchObject({ name: 'Watts', area: attic.id })
    await house.registry.changeEntity(entity.id, { name: null, area: null }, { cause })
    expect(entity).toMatchObject({ name: 'Power', area: hall })
  })

  it.each([
    ['a slug of another entity', { slug: 'switch' }, 'devices.slug_taken'],
    ['a slug with blanks', { slug: 'a b' }, 'devices.bad_slug'],
    ['an unknown area', { area: 'moon' }, 'devices.unknown_area'],
  ])('refuses %s', async (_what, change, code) => {
    expect(await faultOf(house.registry.changeEntity(entity.id, change, { cause }))).toBe(code)
    expect(entity).toMatchObject({ name: 'Power', slug: 'power' })
  })

  it('has to be one of an adopted device', async () => {
    expect(await faultOf(house.registry.changeEntity('nobody', {}, { cause }))).toBe('devices.unknown_entity')
  })
})

describe('an area', () => {
  it('is renamed, changes its slug, and is found by the old one', async () => {
    await house.registry.changeArea('hall', { name: 'Corridor', slug: 'corridor' }, { cause, ifVersion: 1 })
    expect(hall).toMatchObject({ name: 'Corridor', slug: 'corridor' })
    expect(house.registry.area('hall')).toBe(hall)
    expect(aliases()).toEqual({ 'area.hall': 'area.corridor' })
    expect(await faultOf(house.registry.changeArea('hall', { name: 'X' }, { cause, ifVersion: 1 }))).toBe(
      'devices.stale_version',
    )
    expect(await faultOf(house.registry.addArea({ name: 'Hall', slug: 'hall' }, cause))).toBe('devices.slug_taken')
  })

  it('mints its slug, and takes a given one', async () => {
    expect((await house.registry.addArea({ name: 'Living room' }, cause)).slug).toBe('living_room')
    expect((await house.registry.addArea({ name: 'Living room' }, cause)).slug).toBe('living_room_2')
    expect((await house.registry.addArea({ name: 'All', slug: 'upstairs' }, cause)).slug).toBe('upstairs')
    expect(await faultOf(house.registry.addArea({ name: 'X', slug: 'all' }, cause))).toBe('devices.bad_slug')
  })

  it('goes: its devices and entities stay, without it', async () => {
    await house.registry.changeEntity(entity.id, { area: 'hall' }, { cause })
    await house.registry.removeArea('hall', cause)
    expect([device.area, entity.area, house.registry.areas()]).toEqual([null, null, []])
    expect(house.stored()).toMatchObject({ areas: [], devices: [{ area: null }] })
    expect(await faultOf(house.registry.removeArea('hall', cause))).toBe('devices.unknown_area')
  })
})

describe('structure', () => {
  it('is told once for each edit, and not for values', async () => {
    let told = 0
    house.registry.onStructure(() => void told++)
    await house.registry.changeDevice('plug', { name: 'A' }, { cause })
    await house.registry.changeArea('hall', { name: 'B' }, { cause })
    await house.registry.changeEntity(entity.id, { name: 'C' }, { cause })
    house.tell('plug/state', 'ON')
    expect(told).toBe(3)
  })
})
