import type { ItemFormat, ItemText } from '../formats.ts'
import type { Step } from '../rule.ts'

/** What all steps have in common. */
export type StepBase = Pick<Step, 'path' | 'name' | 'if' | 'place'>

/** A step as it stands in the text. */
export type StepText = ItemText<StepBase>

/** How one kind of step is written. */
export type StepFormat = ItemFormat<Step, StepBase>
