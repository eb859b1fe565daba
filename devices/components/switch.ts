import type { ComponentDefinition } from './definition.ts'
import { on, onOffCommands, resolveOnOff } from './on-off.ts'

export const switchComponent: ComponentDefinition = {
  name: 'switch',
  plural: 'switches',
  values: { on },
  main: 'on',
  commands: onOffCommands({}, {}),
  resolve: resolveOnOff,
}
