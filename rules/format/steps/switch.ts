import { readEntries } from '../content.ts'
import { readTargets } from '../targets.ts'
import type { StepFormat } from './step.ts'

function switching(key: 'turn_on' | 'turn_off' | 'toggle'): StepFormat {
  return {
    key,
    keys: ['with'],
    later: ['at_most', 'confirm'],
    read(reader, { main, fields, base }) {
      const parameters = fields.get('with')
      const entries = parameters === undefined ? [] : readEntries(reader, parameters)
      const targets = readTargets(reader, main)
      return targets.length === 0 ? undefined : { ...base, kind: key, targets, with: entries }
    },
  }
}

/** `turn_on: hall_lamp`, with `with: {brightness: 60%}`. */
export const turnOn = switching('turn_on')
/** `turn_off: area.all.lights`. */
export const turnOff = switching('turn_off')
/** `toggle: two_gang.left`. */
export const toggle = switching('toggle')
