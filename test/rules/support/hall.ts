/** A hall with motion and a lamp, and a cellar. */
export const THINGS = {
  hall_motion: { component: 'binary_sensor', values: { occupancy: false } },
  hall_lamp: { component: 'light', values: { on: false } },
  cellar: { component: 'sensor', values: { temperature: 20 } },
}
/** The same as a start finds them: nothing of it confirmed. */
export const restored = (values: { occupancy?: boolean; temperature?: number }) => ({
  ...THINGS,
  hall_motion: { ...THINGS.hall_motion, values: { occupancy: values.occupancy ?? false }, confirmed: false },
  cellar: { ...THINGS.cellar, values: { temperature: values.temperature ?? 20 }, confirmed: false },
})
