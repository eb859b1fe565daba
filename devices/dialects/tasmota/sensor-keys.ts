/** What a key of a SENSOR message measures. */
export interface SensorKey {
  readonly deviceClass: string | null
  readonly unit?: string
  /** The field of the message that names the unit. */
  readonly unitField?: 'TempUnit' | 'PressureUnit' | 'SpeedUnit'
  /** The value's name where it is not the class: a device has one `energy` that counts. */
  readonly value?: string
  readonly category?: 'diagnostic'
}

const temperature: SensorKey = { deviceClass: 'temperature', unitField: 'TempUnit' }
const moisture: SensorKey = { deviceClass: 'moisture', unit: '%' }
const count: SensorKey = { deviceClass: null }
const particles = (deviceClass: string): SensorKey => ({ deviceClass, unit: 'µg/m³' })
const energy = (value: string): SensorKey => ({ deviceClass: 'energy', unit: 'kWh', value })

/** Keys of SENSOR messages, without the numbers that some carry at their end (Tasmota 15 sensor drivers). */
export const sensorKeys: Readonly<Record<string, SensorKey>> = {
  Temperature: temperature,
  // Computed from the two beside it; nobody's room is as warm as its dew point.
  DewPoint: { ...temperature, category: 'diagnostic' },
  AmbientTemperature: temperature,
  ObjTemperature: temperature,
  SoilTemperature: temperature,
  ProbeTemperature: temperature,
  Humidity: { deviceClass: 'humidity', unit: '%' },
  Pressure: { deviceClass: 'pressure', unitField: 'PressureUnit' },
  SeaPressure: { deviceClass: 'pressure', unitField: 'PressureUnit' },
  Speed: { deviceClass: 'wind_speed', unitField: 'SpeedUnit' },
  WindSpeed: { deviceClass: 'wind_speed', unitField: 'SpeedUnit' },
  Illuminance: { deviceClass: 'illuminance', unit: 'lx' },
  CarbonDioxide: { deviceClass: 'carbon_dioxide', unit: 'ppm' },
  eCO2: { deviceClass: 'carbon_dioxide', unit: 'ppm' },
  CarbonMonoxide: { deviceClass: 'carbon_monoxide', unit: 'ppm' },
  TVOC: { deviceClass: 'volatile_organic_compounds_parts', unit: 'ppb' },
  PM1: particles('pm1'),
  'PM2.5': particles('pm25'),
  PM4: particles('pm4'),
  PM10: particles('pm10'),
  Voltage: { deviceClass: 'voltage', unit: 'V' },
  Current: { deviceClass: 'current', unit: 'A' },
  Power: { deviceClass: 'power', unit: 'W' },
  ApparentPower: { deviceClass: 'apparent_power', unit: 'VA' },
  ReactivePower: { deviceClass: 'reactive_power', unit: 'var' },
  Factor: { deviceClass: 'power_factor' },
  Frequency: { deviceClass: 'frequency', unit: 'Hz' },
  Total: energy('energy'),
  Today: energy('energy_today'),
  Yesterday: energy('energy_yesterday'),
  ExportActive: energy('energy_export'),
  ImportActive: energy('energy_import'),
  TotalTariff: energy('energy_tariff'),
  ExportTariff: energy('energy_export_tariff'),
  Period: { deviceClass: 'energy', unit: 'Wh', value: 'energy_period' },
  TotalStartTime: { deviceClass: null, category: 'diagnostic' },
  Id: { deviceClass: null, category: 'diagnostic' },
  Distance: { deviceClass: 'distance', unit: 'cm' },
  Weight: { deviceClass: 'weight', unit: 'kg' },
  Moisture: moisture,
  SoilMoisture: moisture,
  Water: moisture,
  Battery: { deviceClass: 'battery', unit: '%' },
  BatteryPercentage: { deviceClass: 'battery', unit: '%' },
  UvIndex: count,
  UvLevel: count,
  UvPower: count,
  Proximity: count,
  Noise: { deviceClass: null, unit: 'dB' },
  ColorTemperature: { deviceClass: null, unit: 'K' },
  CCT: { deviceClass: null, unit: 'K' },
  Gas: { deviceClass: null, unit: 'kΩ' },
}

/** Keys of `ENERGY` mean energy; the same words elsewhere (a lightning sensor's `Energy`, a counter's `Total`) do not. */
const ENERGY_ONLY: ReadonlySet<string> = new Set([
  'Total',
  'Today',
  'Yesterday',
  'ExportActive',
  'ImportActive',
  'TotalTariff',
  'ExportTariff',
  'Period',
])

/** What `<sensor>.<key>` measures; numbers at the end of a key count sensors (`Temperature1`). */
export function sensorKeyOf(sensor: string, key: string): SensorKey {
  const isEnergy = sensor === 'ENERGY' || /^(SML|SM|MB|OBIS)/.test(sensor)
  for (const name of [key, key.replace(/\d+$/, '')]) {
    if (Object.hasOwn(sensorKeys, name) && (isEnergy || !ENERGY_ONLY.has(name))) return sensorKeys[name]!
  }
  return key.endsWith('StartTime') || key.endsWith('Time') ? { deviceClass: null, category: 'diagnostic' } : count
}
