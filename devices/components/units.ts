const SPELLINGS: Readonly<Record<string, string>> = {
  C: '°C',
  ºC: '°C',
  '&deg;C': '°C',
  degC: '°C',
  '℃': '°C',
  F: '°F',
  ºF: '°F',
  '&deg;F': '°F',
  degF: '°F',
  '℉': '°F',
  m3: 'm³',
  m2: 'm²',
  cm2: 'cm²',
  km2: 'km²',
  ft3: 'ft³',
  ft2: 'ft²',
  'm3/h': 'm³/h',
  'm3/s': 'm³/s',
  'm3/min': 'm³/min',
  lux: 'lx',
  Lux: 'lx',
  mBar: 'mbar',
  'W/m2': 'W/m²',
  'ug/m3': 'µg/m³',
  'ug/m³': 'µg/m³',
  'µg/m3': 'µg/m³',
  'mg/m3': 'mg/m³',
  deg: '°',
  KWh: 'kWh',
  kwh: 'kWh',
  l: 'L',
  ml: 'mL',
  'l/min': 'L/min',
  'l/h': 'L/h',
  kmh: 'km/h',
  pct: '%',
}

/** One spelling for each unit: `lux` is `lx`, `m3` is `m³`, the Greek mu is the micro sign. Unknown ones stay. */
export function normaliseUnit(unit: string): string {
  const plain = unit.trim().replaceAll('μ', 'µ')
  return Object.hasOwn(SPELLINGS, plain) ? SPELLINGS[plain]! : plain
}
