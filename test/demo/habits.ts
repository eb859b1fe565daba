import type { DeviceJson } from '#api'
import { createLocalTime } from './model/local-time.ts'

/** What the people of the house do by hand every day: hour, device, command and its values. */
const HABITS: readonly (readonly [hour: number, device: string, command: string, values?: Record<string, number>])[] = [
  [6.4, 'Bedroom ceiling', 'turn_on', { brightness: 40 }],
  [6.5, 'Bathroom fan', 'turn_on'],
  [6.9, 'Bathroom fan', 'turn_off'],
  [7.2, 'Bedroom ceiling', 'turn_off'],
  [7.3, 'Hall lamp', 'turn_on', { brightness: 60 }],
  [8.1, 'Hall lamp', 'turn_off'],
  [16.4, 'Living room lamp', 'turn_on', { brightness: 70 }],
  [17.6, 'Desk strip', 'turn_on', { brightness: 55 }],
  [18.5, 'Hall lamp', 'turn_on', { brightness: 80 }],
  [19.2, 'Hall lamp', 'turn_off'],
  [20.1, 'Living room lamp', 'turn_on', { brightness: 35 }],
  [21.6, 'Bedside lamp', 'turn_on', { brightness: 30 }],
  [21.9, 'Desk strip', 'turn_off'],
  [22.4, 'Living room lamp', 'turn_off'],
  [23.1, 'Bedside lamp', 'turn_off'],
]

export interface Habit {
  /** Id of the entity. */
  readonly entity: string
  readonly command: { readonly command: string; readonly values: Readonly<Record<string, number>> }
}

/** The habits of the house as time goes on, each once a day. */
export function createHabits(devices: readonly DeviceJson[], { zone, from }: { zone: string; from: number }) {
  const { hour } = createLocalTime(zone)
  let before = hour(from)
  return {
    /** What was due since the last call. */
    due(now: number): Habit[] {
      const start = before
      const end = (before = hour(now))
      const isDue = (at: number) => (start <= end ? at > start && at <= end : at > start || at <= end)
      return HABITS.filter(([at]) => isDue(at)).map(([, name, command, values = {}]) => {
        const entity = devices.find(device => device.name === name)?.entities[0]
        if (entity === undefined) throw new Error(`the demo house has no device "${name}"`)
        return { entity: entity.id, command: { command, values } }
      })
    },
  }
}
