import type { Dialect } from './dialect.ts'
import { homeAssistant } from './home-assistant/index.ts'
import { tasmota } from './tasmota/index.ts'

/** Every dialect, in the order in which they are asked. A new one is a folder and a line here. */
export const dialects: readonly Dialect[] = [tasmota, homeAssistant]
