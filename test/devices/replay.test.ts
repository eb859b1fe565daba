import { describe, expect, it } from 'vitest'
import { replayCaptures, type Capture } from '../../devices/index.ts'
import { plug, power } from './registry/announced.ts'

const captures: Capture[] = [
  { topic: 'plug/state', payload: 'ON' },
  { topic: plug.topic, payload: plug.payload, retain: true, device_hint: 'plug' },
  { topic: power.topic, payload: power.payload, device_hint: 'plug' },
  { topic: 'plug/power', payload: 12.5, device_hint: 'plug' },
  { topic: 'plug/other', device_hint: 'plug' },
  { topic: 'plug/other', device_hint: 'plug' },
  { topic: 'homeassistant/light/l/config', payload: { cmd_t: 'l', bri_cmd_t: 'b' } as never, device_hint: 'lamp' },
  { topic: 'homeassistant/light/m/config', payload: '{', device_hint: 'lamp' },
]

describe('a replay of captures', () => {
  it('says what became of each device, each in a house of its own', async () => {
    const report = await replayCaptures(captures)
    expect(report.devices).toEqual([
      {
        hint: 'plug',
        name: 'Plug',
        manufacturer: null,
        model: null,
        dialect: 'home-assistant',
        entities: [
          {
            key: 'switch plug',
            component: 'switch',
            name: 'Plug',
            unit: null,
            deviceClass: null,
            category: null,
            value: null,
            commandable: true,
          },
          {
            key: 'sensor plug_power',
            component: 'sensor',
            name: 'Power',
            unit: 'W',
            deviceClass: 'power',
            category: null,
            value: 12.5,
            commandable: false,
          },
        ],
      },
      expect.objectContaining({ hint: 'lamp', name: 'l' }),
    ])
    expect(report.unrecognised).toEqual([
      { hint: null, topic: 'plug/state' },
      { hint: 'plug', topic: 'plug/other' },
    ])
    expect(report.faults).toEqual([
      { hint: 'lamp', topic: 'homeassistant/light/m/config', message: 'the configuration is not a JSON object' },
    ])
    expect(report.proposals).toEqual([])
  })

  it('says all values of an entity that has several, once one was heard', async () => {
    const config = { name: null, schema: 'json', cmd_t: 'l/set', stat_t: 'l', brightness: true, dev: { ids: 'l' } }
    const lamp = { topic: 'homeassistant/light/l/config', payload: JSON.stringify(config) }
    const before = await replayCaptures([lamp])
    expect(before.devices[0]!.entities[0]).toMatchObject({ value: null, unit: '%' })
    const after = await replayCaptures([{ topic: 'l', payload: '{"state":"ON"}' }, lamp])
    expect(after.devices[0]!.entities[0]).toMatchObject({ value: { on: true, brightness: null } })
  })

  it('of nothing is empty', async () => {
    expect(await replayCaptures([])).toEqual({ devices: [], proposals: [], unrecognised: [], faults: [] })
  })
})
