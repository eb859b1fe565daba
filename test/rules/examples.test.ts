import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { TestHub } from './support/hub.ts'
import type { Effect, ThingSpec } from './support/house.ts'

const MINUTE = 60_000
const folder = new URL('../../rules/examples/', import.meta.url)

const THINGS: Readonly<Record<string, ThingSpec>> = {
  hall_motion: { component: 'binary_sensor', values: { occupancy: false, illuminance: 12 } },
  hall_lamp: { component: 'light', area: 'hall', values: { on: false, brightness: null } },
  porch_lamp: { component: 'light', values: { on: true, brightness: 80 } },
  two_gang_left: { device: 'two_gang', component: 'switch', values: { on: true } },
  two_gang_right: { device: 'two_gang', component: 'switch', values: { on: false } },
  plug: { component: 'switch', values: { on: false, power: 0 } },
  outdoor: { component: 'sensor', values: { temperature: 1 } },
  thermostat: {
    component: 'climate',
    values: { target: 21 },
    commands: [{ name: 'set', parameters: { target: { type: 'number', unit: '°C' } } }],
  },
}

const turn = (command: 'turn_on' | 'turn_off' | 'toggle', of: string): Effect => ({ command, of })

/** What happens, and what each example makes of it. It is 21:00 on a Sunday in Berlin. */
const scenarios: Readonly<Record<string, (hub: TestHub) => Effect[] | Promise<Effect[]>>> = {
  'after-power-cut': async hub => {
    await hub.kill()
    return [
      turn('turn_off', 'porch_lamp'),
      turn('turn_off', 'two_gang_left'),
      turn('turn_off', 'two_gang_right'),
      { command: 'set', of: 'thermostat', values: { target: 19 } },
    ]
  },
  'climate-bridge': hub => {
    hub.message('tele/KITCHEN/SENSOR', '{"AM2301":{"Temperature":21.4,"Humidity":48.6}}')
    hub.message('tele/KITCHEN/SENSOR', '{"Other":1}')
    hub.message('tele/KITCHEN/SENSOR', 'no JSON')
    return [{ publish: 'home/kitchen/climate', payload: '{"temperature":21.4,"humidity":49}', retain: true }]
  },
  'dim-hall-at-night': hub => {
    hub.report({ 'hall_motion.occupancy': true })
    hub.report({ 'hall_motion.occupancy': false, 'hall_motion.illuminance': 60 })
    hub.report({ 'hall_motion.occupancy': true })
    return [{ command: 'turn_on', of: 'hall_lamp', values: { brightness: 60, transition: 2 } }]
  },
  'frost-warning': hub => {
    hub.report({ 'outdoor.temperature': -1 })
    hub.pass(10 * MINUTE)
    hub.report({ 'outdoor.temperature': 1.96 })
    hub.pass(10 * 60 * MINUTE)
    return [turn('turn_on', 'plug'), turn('turn_on', 'plug')]
  },
  'good-night': hub => {
    hub.pass(48 * 60 * MINUTE)
    const evening: Effect[] = [
      turn('turn_off', 'hall_lamp'),
      turn('turn_off', 'porch_lamp'),
      { command: 'set', of: 'hall_lamp', values: { on: true, brightness: 5 } },
      { log: 'Good night' },
    ]
    return [...evening, ...evening]
  },
  heartbeat: hub => {
    hub.pass(6 * MINUTE)
    return [
      { publish: 'home/heartbeat', payload: '21:00', qos: 1 },
      { publish: 'home/heartbeat', payload: '21:05', qos: 1 },
    ]
  },
  'porch-light': hub => {
    hub.message('home/door', 'open')
    return [{ publish: 'home/porch/light/set', payload: 'ON' }]
  },
  staircase: hub => {
    hub.message('stairs/top/button', 'single')
    hub.message('stairs/top/button', 'long')
    hub.pass(60_000)
    hub.message('stairs/bottom/button', 'single')
    hub.pass(10 * MINUTE)
    return [
      turn('turn_on', 'hall_lamp'),
      turn('turn_on', 'hall_lamp'),
      { command: 'set', of: 'hall_lamp', values: { brightness: 20 } },
      turn('turn_off', 'hall_lamp'),
    ]
  },
  'wall-switch': hub => {
    hub.message('buttons/kitchen/left', '')
    hub.message('buttons/kitchen/right', '')
    return [turn('toggle', 'two_gang_left'), turn('toggle', 'two_gang_right')]
  },
  'washing-done': hub => {
    hub.report({ 'plug.power': 1_800 })
    hub.pass(2 * MINUTE)
    hub.report({ 'plug.power': 2 })
    hub.pass(3 * MINUTE)
    return [
      { log: 'The washing machine runs, 1800 W' },
      { log: 'Washing done' },
      { publish: 'home/announce', payload: '{"text":"Washing done","volume":30}' },
    ]
  },
}

/** What they log as a warning. */
const warnings: Readonly<Record<string, string[]>> = {
  'frost-warning': ['Frost outside, -1 °C', 'Frost outside, 2 °C'],
}

it('there is a scenario for each example', () => {
  expect(readdirSync(folder).map(file => file.replace('.yaml', ''))).toEqual(Object.keys(scenarios).toSorted())
})

it.each(Object.entries(scenarios))('%s', async (name, play) => {
  const hub = await new TestHub({ things: THINGS }).boot()
  await hub.save(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'))
  const effects = await play(hub)
  expect(hub.effects).toEqual(effects)
  expect(hub.warnings).toEqual(warnings[name] ?? [])
})
