import { log } from './log.ts'
import { publish } from './publish.ts'
import { set } from './set.ts'
import type { StepFormat } from './step.ts'
import { toggle, turnOff, turnOn } from './switch.ts'
import { wait } from './wait.ts'

/** All kinds of step. A new one is its file, its line here and its shape in rule.ts. */
export const stepFormats: readonly StepFormat[] = [publish, turnOn, turnOff, toggle, set, wait, log]

/** Verbs of the language that this version does not run yet. */
export const laterSteps: readonly string[] = [
  'wait_until',
  'wait_for',
  'choose',
  'repeat',
  'for_each',
  'parallel',
  'let',
  'remember',
  'scene',
  'snapshot',
  'restore',
  'notify',
  'http',
  'respond',
  'run',
  'emit',
  'enable',
  'disable',
  'stop',
  'fail',
  'return',
  'then',
]
