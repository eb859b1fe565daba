import { HobError } from '#kernel'
import type { CommandRequest } from '../model/command.ts'
import type { CommandSpec, ValueSpec } from '../model/entity.ts'
import type { Intent, KnownValues, Values } from './definition.ts'

/** The value of everything that is on or off. */
export const on: ValueSpec = { type: 'bool' }

/** The commands of everything that is on or off, with the parameters that each takes beside. */
export function onOffCommands(
  parameters: CommandSpec['parameters'],
  settable: CommandSpec['parameters'],
): CommandSpec[] {
  return [
    { name: 'turn_on', parameters: settable },
    { name: 'turn_off', parameters },
    { name: 'toggle', parameters },
    { name: 'set', parameters: { on, ...settable } },
  ]
}

/** Whether the command means on: `toggle` by the state (unknown counts as off), `set` by its `on`. */
export function meansOn({ command, values }: CommandRequest, known: KnownValues): boolean {
  if (command === 'turn_off') return false
  if (command === 'toggle') return known.get('on')?.value !== true
  return values['on'] !== false
}

/** `turn_on` or `turn_off` and nothing else. */
export function resolveOnOff(request: CommandRequest, known: KnownValues): Intent {
  const isOn = meansOn(request, known)
  return { verb: isOn ? 'turn_on' : 'turn_off', values: {}, expected: { on: isOn } }
}

/** A value that fits its type and still cannot be taken. */
export function badValue(name: string, detail: string, values: Values): HobError {
  return new HobError('devices.bad_value', detail, { pointer: `/values/${name}`, value: values[name] })
}
