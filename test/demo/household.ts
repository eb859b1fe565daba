import type { HouseModel, Room } from './model/house-model.ts'
import { createMeter, rounded, type SimulatedClient } from './firmware/device.ts'
import { createEspHome, type EspPart } from './firmware/esphome.ts'
import { createJsonLamp } from './firmware/json-lamp.ts'
import { createSketch } from './firmware/sketch.ts'
import { createTasmota } from './firmware/tasmota.ts'
import { createZigbeeGateway, createZigbeeLamp, createZigbeeSensor } from './firmware/zigbee.ts'

// Who lives in the simulated house: 20 devices behind 14 clients, in every dialect and style of firmware.

const MINUTE = 60_000

/** Areas by slug. */
export const areas = {
  hall: 'Hall',
  living_room: 'Living room',
  kitchen: 'Kitchen',
  bedroom: 'Bedroom',
  bathroom: 'Bathroom',
  garden: 'Garden',
} as const

/** Where each device is adopted, by the name it announces. */
export const places: Readonly<Record<string, keyof typeof areas>> = {
  'Bedroom climate': 'bedroom',
  'Hall motion': 'hall',
  'Desk strip': 'living_room',
  'Garden weather': 'garden',
  'Garden pump': 'garden',
  'Letter box': 'garden',
  'Washing machine': 'bathroom',
  'Bathroom fan': 'bathroom',
  'Living room lamp': 'living_room',
  'Bedside lamp': 'bedroom',
  'Hall lamp': 'hall',
  'Front door': 'hall',
  'Kitchen motion': 'kitchen',
  'Sink leak': 'kitchen',
  'Living room climate': 'living_room',
  Fridge: 'kitchen',
  'Kitchen lights': 'kitchen',
  'Bathroom climate': 'bathroom',
  'Bedroom ceiling': 'bedroom',
  'Garage heater': 'garden',
}

/** Announces itself and waits for somebody to adopt it. */
export const NEWCOMER = 'Balcony light'
/** Takes commands and never answers. */
export const MUTE = 'Garden pump'
/** Its client is lost while the past is played. */
export const LOST = 'garage-heater'
/** Says nothing any more, without being offline. */
export const STALE = 'Letter box'

const measurement = (deviceClass: string, unit: string) => ({
  dev_cla: deviceClass,
  unit_of_meas: unit,
  stat_cla: 'measurement',
})
const onOff = (value: boolean) => (value ? 'ON' : 'OFF')

function signal(): EspPart {
  return {
    component: 'sensor',
    name: 'Wi-Fi signal',
    config: { ...measurement('signal_strength', 'dBm'), ent_cat: 'diagnostic' },
    every: 2 * MINUTE,
    read: at => String(-58 - (Math.floor(at / MINUTE) % 5)),
  }
}

function espSwitch(name: string, config: EspPart['config'] = {}): EspPart {
  let isOn = false
  return {
    component: 'switch',
    name,
    config,
    read: () => onOff(isOn),
    obey: payload => void (isOn = payload === 'ON'),
  }
}

function espNodes(model: HouseModel): SimulatedClient[] {
  const text = (digits: number, read: (at: number) => number) => (at: number) => read(at).toFixed(digits)
  const sensor = (name: string, config: EspPart['config'], read: (at: number) => string): EspPart => ({
    component: 'sensor',
    name,
    config,
    read,
    every: MINUTE,
  })
  const strip = createJsonLamp({
    state: 'OFF',
    brightness: 180,
    color_mode: 'rgb',
    color: { r: 255, g: 147, b: 41 },
    effect: 'None',
  })
  return [
    createEspHome({
      name: 'Bedroom climate',
      mac: 'a4cf12ab34cd',
      board: 'esp32dev',
      parts: [
        sensor(
          'Temperature',
          measurement('temperature', '°C'),
          text(1, at => model.temperature('bedroom', at)),
        ),
        sensor(
          'Humidity',
          measurement('humidity', '%'),
          text(0, at => model.humidity('bedroom', at)),
        ),
        sensor(
          'CO2',
          measurement('carbon_dioxide', 'ppm'),
          text(0, at => model.carbonDioxide('bedroom', at)),
        ),
        signal(),
      ],
    }),
    createEspHome({
      name: 'Hall motion',
      mac: 'a4cf12ab77e0',
      board: 'd1_mini',
      parts: [
        {
          component: 'binary_sensor',
          name: 'Motion',
          config: { dev_cla: 'motion' },
          read: at => onOff(model.isMoving('hall', at)),
        },
        sensor(
          'Illuminance',
          measurement('illuminance', 'lx'),
          text(0, at => model.daylight(at) * 0.004 + 2),
        ),
        espSwitch('Status LED', { ent_cat: 'config' }),
        signal(),
      ],
    }),
    createEspHome({
      name: 'Desk strip',
      mac: 'a4cf129f0b11',
      board: 'esp32-c3-devkitm-1',
      parts: [
        {
          component: 'light',
          name: 'Strip',
          config: {
            schema: 'json',
            brightness: true,
            supported_color_modes: ['rgb'],
            effect: true,
            effect_list: ['None', 'Rainbow', 'Candle', 'Pulse'],
          },
          read: () => strip.state(),
          obey: payload => strip.obey(payload),
        },
        signal(),
      ],
    }),
    createEspHome({ name: NEWCOMER, mac: 'a4cf12e3c9d4', board: 'esp32dev', parts: [espSwitch('Light'), signal()] }),
  ]
}

function sketches(model: HouseModel, staleFrom: number): SimulatedClient[] {
  const washed = createMeter(412.6)
  let hasFan = false
  return [
    createSketch({
      id: 'garden-weather',
      form: 'single',
      device: { name: 'Garden weather', manufacturer: 'Own', model: 'BME280 on a D1 mini' },
      every: 2 * MINUTE,
      parts: [
        { component: 'sensor', key: 'temperature', config: { device_class: 'temperature', unit_of_measurement: '°C' } },
        { component: 'sensor', key: 'pressure', config: { device_class: 'pressure', unit_of_measurement: 'hPa' } },
        { component: 'sensor', key: 'lux', config: { device_class: 'illuminance', unit_of_measurement: 'lx' } },
      ],
      read: at => ({
        temperature: rounded(model.outdoor(at), 1),
        pressure: rounded(model.pressure(at), 1),
        lux: Math.round(model.daylight(at)),
      }),
    }),
    createSketch({
      id: 'garden-pump',
      form: 'single',
      device: { name: MUTE, manufacturer: 'Own' },
      every: 5 * MINUTE,
      parts: [{ component: 'switch', key: 'pump', config: { name: null } }],
      read: () => ({ pump: 'OFF' }),
    }),
    createSketch({
      id: 'letter-box',
      form: 'single',
      device: { name: STALE, manufacturer: 'Own', model: 'ESP8266, two AA cells' },
      every: 10 * MINUTE,
      parts: [
        { component: 'binary_sensor', key: 'flap', config: { name: 'Flap', device_class: 'opening' } },
        {
          component: 'sensor',
          key: 'battery',
          config: { device_class: 'battery', unit_of_measurement: '%', entity_category: 'diagnostic' },
        },
      ],
      read: at => (at >= staleFrom ? null : { flap: 'OFF', battery: 11 }),
    }),
    createSketch({
      id: 'washing-machine',
      form: 'device',
      device: { name: 'Washing machine', manufacturer: 'Own', model: 'PZEM-004T meter' },
      every: 30_000,
      parts: [
        { component: 'sensor', key: 'power', config: { device_class: 'power', unit_of_measurement: 'W' } },
        {
          component: 'sensor',
          key: 'energy',
          config: { device_class: 'energy', unit_of_measurement: 'kWh', state_class: 'total_increasing' },
        },
        { component: 'binary_sensor', key: 'running', config: { name: 'Running', device_class: 'running' } },
      ],
      read(at) {
        const power = model.washingMachine(at)
        return { power: rounded(power, 1), energy: rounded(washed(power, at), 3), running: onOff(power > 10) }
      },
    }),
    createSketch({
      id: 'bathroom-fan',
      form: 'device',
      device: { name: 'Bathroom fan', manufacturer: 'Own', model: 'SSR board' },
      every: 2 * MINUTE,
      parts: [{ component: 'switch', key: 'fan', config: { name: null } }],
      read: () => ({ fan: onOff(hasFan) }),
      obey: (_key, payload) => void (hasFan = payload === 'ON'),
    }),
  ]
}

function zigbee(model: HouseModel): SimulatedClient {
  const climate = (name: string, address: string, room: Room) =>
    createZigbeeSensor({
      name,
      address,
      manufacturer: 'Aqara',
      model: 'Temperature and humidity sensor (WSDCGQ11LM)',
      every: 3 * MINUTE,
      parts: [
        {
          component: 'sensor',
          key: 'temperature',
          config: { device_class: 'temperature', unit_of_measurement: '°C', state_class: 'measurement' },
        },
        {
          component: 'sensor',
          key: 'humidity',
          config: { device_class: 'humidity', unit_of_measurement: '%', state_class: 'measurement' },
        },
        battery,
      ],
      read: at => ({
        urgent: {},
        others: {
          temperature: rounded(model.temperature(room, at), 2),
          humidity: rounded(model.humidity(room, at), 1),
          battery: 81,
        },
      }),
    })
  const white = { state: 'OFF', brightness: 160, color_temp: 370, color_mode: 'color_temp' }
  const warmth = { min_mireds: 250, max_mireds: 454 }
  return createZigbeeGateway([
    createZigbeeLamp({
      name: 'Living room lamp',
      address: '0x680ae2fffe11a0c1',
      manufacturer: 'IKEA',
      model: 'TRADFRI bulb E27, white spectrum (LED1545G12)',
      start: { ...white, state: 'ON' },
      modes: ['color_temp'],
      config: warmth,
    }),
    createZigbeeLamp({
      name: 'Bedside lamp',
      address: '0x680ae2fffe52b7d0',
      manufacturer: 'IKEA',
      model: 'TRADFRI bulb E14 (LED1649C5)',
      start: { state: 'OFF', brightness: 90 },
      modes: ['brightness'],
    }),
    createZigbeeLamp({
      name: 'Hall lamp',
      address: '0x00178801089bd3f2',
      manufacturer: 'Philips',
      model: 'Hue white ambiance (9290022167)',
      start: white,
      modes: ['color_temp'],
      config: warmth,
    }),
    createZigbeeSensor({
      name: 'Front door',
      address: '0x00158d0004a1b2c3',
      manufacturer: 'Aqara',
      model: 'Door and window sensor (MCCGQ11LM)',
      every: 50 * MINUTE,
      parts: [
        {
          component: 'binary_sensor',
          key: 'contact',
          config: { name: 'Door', device_class: 'door', payload_on: false, payload_off: true },
        },
        battery,
      ],
      read: at => ({ urgent: { contact: !model.isFrontDoorOpen(at) }, others: { battery: 64 } }),
    }),
    createZigbeeSensor({
      name: 'Kitchen motion',
      address: '0x00158d0002f7e611',
      manufacturer: 'Aqara',
      model: 'Motion sensor (RTCGQ11LM)',
      every: 10 * MINUTE,
      parts: [
        {
          component: 'binary_sensor',
          key: 'occupancy',
          config: { name: 'Occupancy', device_class: 'occupancy', payload_on: true, payload_off: false },
        },
        {
          component: 'sensor',
          key: 'illuminance',
          config: { device_class: 'illuminance', unit_of_measurement: 'lx', state_class: 'measurement' },
        },
        battery,
      ],
      read: at => ({
        urgent: { occupancy: model.isMoving('kitchen', at) },
        others: { illuminance: Math.round(model.daylight(at) * 0.006 + 4), battery: 92 },
      }),
    }),
    createZigbeeSensor({
      name: 'Sink leak',
      address: '0x00158d0003c4d5e6',
      manufacturer: 'Aqara',
      model: 'Water leak sensor (SJCGQ11LM)',
      every: 50 * MINUTE,
      parts: [
        {
          component: 'binary_sensor',
          key: 'water_leak',
          config: { name: 'Leak', device_class: 'moisture', payload_on: true, payload_off: false },
        },
        battery,
      ],
      read: () => ({ urgent: { water_leak: false }, others: { battery: 100 } }),
    }),
    climate('Living room climate', '0x00158d0001d2c3b4', 'living_room'),
  ])
}

const battery = {
  component: 'sensor',
  key: 'battery',
  config: {
    device_class: 'battery',
    unit_of_measurement: '%',
    state_class: 'measurement',
    entity_category: 'diagnostic',
  },
} as const

function tasmotas(model: HouseModel): SimulatedClient[] {
  const chilled = createMeter(1_203.4)
  const electricity = (power: number, total: number) => ({
    ENERGY: {
      Total: rounded(total, 3),
      Power: Math.round(power),
      ApparentPower: Math.round(power * 1.2),
      Factor: power === 0 ? 0 : 0.83,
      Voltage: 231,
      Current: rounded(power / 231, 3),
    },
  })
  return [
    createTasmota({
      name: 'Fridge',
      topic: 'fridge',
      mac: '8CAAB5D40E11',
      model: 'Nous A1T',
      relays: ['Fridge'],
      startsOn: true,
      every: MINUTE,
      sensors(at, isOn) {
        const power = isOn ? model.fridge(at) : 0
        return electricity(power, chilled(power, at))
      },
    }),
    createTasmota({
      name: 'Kitchen lights',
      topic: 'kitchen-lights',
      mac: '8CAAB5D40F7A',
      model: 'Sonoff T1 2CH',
      relays: ['Counter', 'Table'],
      every: 5 * MINUTE,
    }),
    createTasmota({
      name: 'Bathroom climate',
      topic: 'bathroom-climate',
      mac: '8CAAB5A20C35',
      model: 'Generic',
      relays: [],
      every: MINUTE,
      sensors: at => ({
        SI7021: {
          Temperature: rounded(model.temperature('bathroom', at), 1),
          Humidity: rounded(model.humidity('bathroom', at), 1),
          DewPoint: rounded(model.temperature('bathroom', at) - (100 - model.humidity('bathroom', at)) / 5, 1),
        },
        TempUnit: 'C',
      }),
    }),
    createTasmota({
      name: 'Bedroom ceiling',
      topic: 'bedroom-ceiling',
      mac: '8CAAB5B1934D',
      model: 'H801',
      relays: ['Bedroom ceiling'],
      light: { type: 5, start: { Dimmer: 70, HSBColor: '30,80,70', CT: 326 } },
      every: 5 * MINUTE,
    }),
    createTasmota({
      name: 'Garage heater',
      topic: LOST,
      mac: '8CAAB5C70A02',
      model: 'Sonoff Pow R2',
      relays: ['Garage heater'],
      every: MINUTE,
      sensors: (_at, isOn) => electricity(isOn ? 1_980 : 0, 87.2),
    }),
  ]
}

/** All clients of the house. `staleFrom`: when the letter box falls silent. */
export function createHousehold(model: HouseModel, staleFrom: number): readonly SimulatedClient[] {
  return [...espNodes(model), ...sketches(model, staleFrom), zigbee(model), ...tasmotas(model)]
}
