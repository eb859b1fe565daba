import type { ItemFormat, ItemText } from '../formats.ts'
import type { Trigger } from '../rule.ts'

/** What all triggers have in common. */
export type TriggerBase = Pick<Trigger, 'path' | 'id' | 'if' | 'place'>

/** A trigger as it stands in the text. */
export type TriggerText = ItemText<TriggerBase>

/** How one kind of trigger is written. */
export type TriggerFormat = ItemFormat<Trigger, TriggerBase>
