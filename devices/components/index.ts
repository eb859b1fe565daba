import { binarySensor } from './binary-sensor.ts'
import type { ComponentTable } from './component.ts'
import type { ComponentDefinition } from './definition.ts'
import { light } from './light.ts'
import { sensor } from './sensor.ts'
import { switchComponent } from './switch.ts'

/** Every component, with its behaviour. A new one is a file and a line here. */
export const definitions: ReadonlyMap<string, ComponentDefinition> = new Map(
  [sensor, binarySensor, switchComponent, light].map(component => [component.name, component]),
)

/** The canonical value table, for rules, API and UI. */
export const components: ComponentTable = new Map(definitions)
