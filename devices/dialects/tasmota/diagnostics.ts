import { PLAIN_VALUE } from '../../components/sensor.ts'
import type { ValueSpec } from '../../model/entity.ts'
import type { EntityDescription } from '../dialect.ts'
import type { TasmotaConfig } from './config.ts'
import { entity, stateReadings } from './entity.ts'
import { valueAt, type Path } from './path.ts'

interface Diagnostic {
  readonly path: Path
  readonly name: string
  readonly deviceClass: string | null
  readonly value: string
  readonly spec: ValueSpec
}

/** What each STATE message tells about the device itself. */
const DIAGNOSTICS: readonly Diagnostic[] = [
  {
    path: ['Wifi', 'RSSI'],
    name: 'Wi-Fi quality',
    deviceClass: null,
    value: 'value',
    spec: { type: 'number', unit: '%' },
  },
  {
    path: ['Wifi', 'Signal'],
    name: 'Wi-Fi signal',
    deviceClass: 'signal_strength',
    value: 'signal_strength',
    spec: { type: 'number', unit: 'dBm' },
  },
  { path: ['Wifi', 'SSId'], name: 'Wi-Fi network', deviceClass: null, value: 'value', spec: { type: 'text' } },
  { path: ['Wifi', 'LinkCount'], name: 'Wi-Fi connects', deviceClass: null, value: 'value', spec: { type: 'number' } },
  { path: ['MqttCount'], name: 'MQTT connects', deviceClass: null, value: 'value', spec: { type: 'number' } },
]

/** Said once, after a start. */
const RESTART_REASON = ['Info3', 'RestartReason'] as const

function restartReason(config: TasmotaConfig): EntityDescription {
  return entity(config, {
    key: 'status RestartReason',
    component: 'sensor',
    name: 'Restart reason',
    category: 'diagnostic',
    values: { [PLAIN_VALUE]: { type: 'text' } },
    readings: [
      {
        filter: config.tele('INFO3'),
        decode({ json }) {
          const reason = json === undefined ? undefined : valueAt(json, RESTART_REASON)
          return typeof reason === 'string' ? { [PLAIN_VALUE]: reason } : null
        },
      },
    ],
  })
}

const BATTERY: Diagnostic = {
  path: ['BatteryPercentage'],
  name: 'Battery',
  deviceClass: 'battery',
  value: 'battery',
  spec: { type: 'number', unit: '%', min: 0, max: 100 },
}

/** Signal, connects, restart reason; and the battery where there is one. */
export function diagnosticsOf(config: TasmotaConfig): EntityDescription[] {
  const shown = config.hasBattery ? [...DIAGNOSTICS, BATTERY] : DIAGNOSTICS
  const fromState = shown.map(({ path, name, deviceClass, value, spec }) =>
    entity(config, {
      key: `status ${path.join('.')}`,
      component: 'sensor',
      name,
      deviceClass,
      category: 'diagnostic',
      values: { [value]: spec },
      readings: stateReadings(config, fields => {
        const now = valueAt(fields, path)
        return typeof now === (spec.type === 'number' ? 'number' : 'string')
          ? { [value]: now as number | string }
          : null
      }),
    }),
  )
  return [...fromState, restartReason(config)]
}
