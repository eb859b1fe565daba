import type { Cause } from '#kernel'

/** Who edits in these tests. */
export const cause: Cause = { id: 'edit', parent: null, kind: 'user', who: 'olga', depth: 0, byRule: false }

const device = { ids: ['plug-1'], name: 'Plug', sa: 'Hall' }

/** A switch that reports on `plug/state` and listens on `plug/set`. */
export const plug = {
  topic: 'homeassistant/switch/plug/config',
  payload: JSON.stringify({ name: null, cmd_t: 'plug/set', stat_t: 'plug/state', uniq_id: 'plug', dev: device }),
}

/** A sensor of the same device. */
export const power = {
  topic: 'homeassistant/sensor/plug_power/config',
  payload: JSON.stringify({
    name: 'Power',
    stat_t: 'plug/power',
    dev_cla: 'power',
    unit_of_meas: 'W',
    uniq_id: 'plug_power',
    dev: device,
  }),
}

/** The fault that an edit ends with, `none` when it succeeds. */
export function faultOf(edit: Promise<unknown>): Promise<string | undefined> {
  return edit.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )
}
