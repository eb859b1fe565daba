import type { ComponentDefinition } from './definition.ts'
import { readOnly } from './read-only.ts'
import { sensorClasses } from './sensor-classes.ts'

/** The value of a sensor without a class. */
export const PLAIN_VALUE = 'value'

/** Its one value is named by its class, in the unit that the device announced. */
export const sensor: ComponentDefinition = {
  name: 'sensor',
  plural: 'sensors',
  values: {
    [PLAIN_VALUE]: { type: 'text' },
    ...Object.fromEntries([...sensorClasses].map(([name, { type }]) => [name, { type }])),
  },
  main: null,
  commands: [],
  resolve: readOnly,
}
