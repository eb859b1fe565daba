import type { CommandSpec, ValueSpec } from '../model/entity.ts'
import { definitions } from './index.ts'

/**
 * The commands of a component as one entity takes them: of the table's parameters those that are in `settable`
 * (in the entity's own bounds), and those of `extras`. A brightness that can be set can also be stepped.
 */
export function commandsFor(
  component: string,
  settable: Readonly<Record<string, ValueSpec>>,
  extras: readonly string[] = [],
): CommandSpec[] {
  const beside = 'brightness' in settable ? [...extras, 'brightness_step'] : extras
  return definitions.get(component)!.commands.map(({ name, parameters }) => ({
    name,
    parameters: Object.fromEntries(
      Object.entries(parameters).flatMap(([parameter, spec]) => {
        if (Object.hasOwn(settable, parameter)) return [[parameter, settable[parameter]!]]
        return beside.includes(parameter) ? [[parameter, spec]] : []
      }),
    ),
  }))
}
