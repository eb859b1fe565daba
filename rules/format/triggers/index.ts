import { at } from './at.ts'
import { every } from './every.ts'
import { start } from './start.ts'
import { topic } from './topic.ts'
import type { TriggerFormat } from './trigger.ts'
import { when } from './when.ts'

/** All kinds of trigger. A new one is its file, its line here and its shape in rule.ts. */
export const triggerFormats: readonly TriggerFormat[] = [topic, when, at, every, start]

/** Main keys of the language that this version does not run yet. */
export const laterTriggers: readonly string[] = [
  'changed',
  'cron',
  'button',
  'event',
  'webhook',
  'calendar',
  'silent',
  'sequence',
  'device',
]
