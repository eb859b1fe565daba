import type { CommandSpec, ValueSpec } from '../model/entity.ts'
import { definitions } from './index.ts'

/**
 * The commands of a component as one entity takes them: of the table's parameters those that are in `settable`
 * (in the entity's own bounds), those of `extras`, and the main value. A brightness that can be set can also be stepped.
 */
export function commandsFor(
  component: string,
  settable: Readonly<Record<string, ValueSpec>>,
  extras: readonly string[] = [],
): CommandSpec[] {
  const { main, commands } = definitions.get(component)!
  const beside = new Set([...extras, main, 'brightness' in settable ? 'brightness_step' : null])
  return commands.map(({ name, parameters }) => ({
    name,
    parameters: Object.fromEntries(
      Object.entries(parameters).flatMap(([parameter, spec]) => {
        if (Object.hasOwn(settable, parameter)) return [[parameter, settable[parameter]!]]
        return beside.has(parameter) ? [[parameter, spec]] : []
      }),
    ),
  }))
}
