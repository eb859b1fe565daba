/** What a sensor's class says: which units fit, and whether its value is a number. */
export interface SensorClass {
  /** Empty: no unit. `any`: each unit fits. */
  readonly units: readonly string[] | 'any'
  readonly type: 'number' | 'text'
}

const number = (units: string): SensorClass => ({ units: units.split(' '), type: 'number' })
const bare: SensorClass = { units: [], type: 'number' }
const text: SensorClass = { units: [], type: 'text' }

const length = 'km m cm mm mi nmi yd ft in'
const volume = 'L mL m³ ft³ CCF MCF gal'
const speed = 'm/s km/h mph kn ft/s mm/s in/s Beaufort mm/h mm/d in/h in/d'
const energy = 'Wh kWh MWh GWh TWh mWh J kJ MJ GJ cal kcal Mcal Gcal'
const pressure = 'Pa hPa kPa bar cbar mbar mmHg inHg inH₂O psi mPa'
const gas = 'µg/m³ mg/m³ ppb ppm'
const data = [
  'bit',
  'kbit',
  'Mbit',
  'Gbit',
  'B',
  'kB',
  'MB',
  'GB',
  'TB',
  'PB',
  'EB',
  'ZB',
  'YB',
  'KiB',
  'MiB',
  'GiB',
  'TiB',
  'PiB',
  'EiB',
  'ZiB',
  'YiB',
]

/** Home Assistant 2026.1, sensor device classes. Their names are the canonical value names. */
export const sensorClasses: ReadonlyMap<string, SensorClass> = new Map([
  ['apparent_power', number('mVA VA kVA')],
  ['aqi', bare],
  ['area', number('m² cm² km² mm² in² ft² yd² mi² ac ha')],
  ['atmospheric_pressure', number(pressure)],
  ['pressure', number(pressure)],
  ['battery', number('%')],
  ['humidity', number('%')],
  ['moisture', number('%')],
  ['blood_glucose_concentration', number('mg/dL mmol/L')],
  ['carbon_dioxide', number('ppm')],
  ['carbon_monoxide', number(gas)],
  ['conductivity', number('S/cm mS/cm µS/cm')],
  ['current', number('A mA')],
  ['data_rate', { units: data.map(unit => `${unit}/s`), type: 'number' }],
  ['data_size', { units: data, type: 'number' }],
  ['date', text],
  ['timestamp', text],
  ['enum', text],
  ['distance', number(length)],
  ['duration', number('d h min s ms µs')],
  ['energy', number(energy)],
  ['energy_storage', number(energy)],
  ['energy_distance', number('kWh/100km Wh/km mi/kWh km/kWh')],
  ['frequency', number('Hz kHz MHz GHz')],
  ['gas', number('m³ ft³ CCF L MCF')],
  ['illuminance', number('lx')],
  ['irradiance', number('W/m² BTU/(h⋅ft²)')],
  ['monetary', { units: 'any', type: 'number' }],
  ['nitrogen_dioxide', number(gas)],
  ['nitrogen_monoxide', number(gas)],
  ['nitrous_oxide', number(gas)],
  ['ozone', number(gas)],
  ['sulphur_dioxide', number(gas)],
  ['pm1', number(gas)],
  ['pm25', number(gas)],
  ['pm4', number(gas)],
  ['pm10', number(gas)],
  ['ph', bare],
  ['power', number('mW W kW MW GW TW BTU/h')],
  ['power_factor', { units: ['%', ''], type: 'number' }],
  ['precipitation', number('mm cm in')],
  ['precipitation_intensity', number('mm/h mm/d in/h in/d')],
  ['reactive_power', number('var kvar mvar')],
  ['reactive_energy', number('varh kvarh')],
  ['signal_strength', number('dB dBm')],
  ['sound_pressure', number('dB dBA')],
  ['speed', number(speed)],
  ['wind_speed', number(speed)],
  ['temperature', number('°C °F K')],
  ['temperature_delta', number('°C °F K')],
  ['volatile_organic_compounds', number('µg/m³ mg/m³')],
  ['volatile_organic_compounds_parts', number('ppb ppm')],
  ['voltage', number('V mV µV kV MV')],
  ['volume', { units: [...volume.split(' '), 'fl. oz.'], type: 'number' }],
  ['volume_storage', { units: [...volume.split(' '), 'fl. oz.'], type: 'number' }],
  ['volume_flow_rate', number('m³/h m³/min m³/s L/h L/min L/s mL/s ft³/min gal/min gal/h gal/d')],
  ['water', number('L m³ ft³ CCF MCF gal')],
  ['weight', number('kg g mg µg oz lb st')],
  ['wind_direction', number('°')],
])

/** Units that can only mean one class, for firmware that names a wrong one. */
export const classOfUnit: Readonly<Record<string, string>> = {
  '°C': 'temperature',
  '°F': 'temperature',
  kWh: 'energy',
  Wh: 'energy',
  MWh: 'energy',
  W: 'power',
  kW: 'power',
  V: 'voltage',
  mV: 'voltage',
  A: 'current',
  mA: 'current',
  Hz: 'frequency',
  lx: 'illuminance',
  hPa: 'pressure',
  VA: 'apparent_power',
  var: 'reactive_power',
  dBm: 'signal_strength',
}

/**
 * The class that holds for a sensor: an unknown one counts as none, and where class and unit contradict each other the
 * unit wins.
 */
export function fittingClass(name: string | null, unit: string | undefined): string | null {
  if (name === null) return null
  const known = sensorClasses.get(name)
  if (known === undefined) return null
  if (known.units === 'any' || unit === undefined || known.units.includes(unit)) return name
  return Object.hasOwn(classOfUnit, unit) ? classOfUnit[unit]! : null
}
