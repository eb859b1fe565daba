import { isJsonObject, parseJson, type Json } from '#kernel'
import { json } from './device.ts'

/** A lamp that speaks Home Assistant's json schema. */
export interface JsonLamp {
  /** Its state as it reports it, with further fields if it has some. */
  state(more?: Record<string, Json>): string
  obey(payload: string): void
  readonly isOn: boolean
}

/** @param start its fields at the beginning: the ones it knows. */
export function createJsonLamp(start: Record<string, Json>): JsonLamp {
  const fields: Record<string, Json> = { ...start }
  return {
    state: (more = {}) => json({ ...fields, ...more }),
    obey(payload) {
      const asked = parseJson(payload)
      if (!isJsonObject(asked)) return
      for (const [name, value] of Object.entries(asked)) if (name in fields) fields[name] = value
      if ('color_mode' in fields && 'color_temp' in asked) fields['color_mode'] = 'color_temp'
      if ('color_mode' in fields && 'color' in asked) fields['color_mode'] = 'rgb'
    },
    get isOn() {
      return fields['state'] === 'ON'
    },
  }
}
