import { HobError } from '#kernel'
import type { CommandRequest } from '../model/command.ts'
import type { Intent } from './definition.ts'

/** How a component without commands takes one. */
export function readOnly({ command }: CommandRequest): Intent {
  throw new HobError('devices.unknown_command', `there is no command "${command}": it can only be read`, {
    pointer: '/command',
  })
}
