import { binarySensorClasses } from './binary-sensor-classes.ts'
import type { ComponentDefinition } from './definition.ts'
import { on } from './on-off.ts'
import { readOnly } from './read-only.ts'

/** Its one value is named by its class: `open` for a door, `motion`, `water_leak`; `on` without a class. */
export const binarySensor: ComponentDefinition = {
  name: 'binary_sensor',
  plural: 'binary_sensors',
  values: { on, ...Object.fromEntries([...binarySensorClasses.values()].map(name => [name, on])) },
  main: null,
  commands: [],
  resolve: readOnly,
}
