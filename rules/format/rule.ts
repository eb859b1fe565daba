import type { Node, TemplatePart } from '#expression'
import type { Json } from '#kernel'
import type { Place, SourceText } from './source-text.ts'

// The model the engine runs: what a rule text says after it was read without an error. Durations are
// milliseconds. A `path` names a part of one rule as traces, deadlines and continuations keep it:
// `on[0]`, `if[1]`, `do[2]`, `do[2].if`; a part written without a list has the index 0.

/** An expression of the rule language, parsed. Its spans are offsets in `source.text`. */
export interface Expression {
  readonly source: SourceText
  readonly ast: Node
}

/** A text with `{{ expression }}` inside, at least one. Its spans are offsets in `source.text`. */
export interface Template {
  readonly source: SourceText
  readonly parts: readonly TemplatePart[]
}

/** A number with a unit as it was written: `40%`, `5min`, `2700 K`. */
export interface Quantity {
  readonly number: number
  readonly unit: string
}

/** What a key holds that takes a value: literal, with expressions inside texts. */
export type Content = { readonly place: Place } & (
  | { readonly kind: 'literal'; readonly value: Json }
  /** `text` is what was written, for where text is wanted. */
  | { readonly kind: 'quantity'; readonly quantity: Quantity; readonly text: string }
  /** Exactly one `{{ expression }}`: keeps its type. */
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'list'; readonly items: readonly Content[] }
  | { readonly kind: 'map'; readonly entries: readonly Entry[] }
)

/** What a key holds that takes a text. */
export type TextContent = { readonly place: Place } & (
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'template'; readonly template: Template }
)

/** A key of a map and its content. */
export interface Entry {
  readonly key: string
  /** Of the key. */
  readonly place: Place
  readonly content: Content
}

/** A name that stands alone: `hall_lamp`, `two_gang.left`, `area.hall.lights`; see ../names.ts. */
export interface Name {
  readonly text: string
  readonly source: SourceText
}

/** `let: {name: expression}`, in the order written; one may use those above it. */
export interface Binding {
  readonly name: string
  /** Of the name. */
  readonly place: Place
  readonly expression: Expression
}

export type TopicLevel =
  | { readonly kind: 'text'; readonly text: string }
  /** `+` or `+name`. */
  | { readonly kind: 'one'; readonly name: string | null }
  /** `#` or `#name`: this and all levels behind it, joined by `/`. */
  | { readonly kind: 'rest'; readonly name: string | null }

interface TriggerBase {
  /** `on[0]`. */
  readonly path: string
  /** The author's `id`, or null. */
  readonly id: string | null
  readonly if: Expression | null
  /** Of its main key. */
  readonly place: Place
}

export interface TopicTrigger extends TriggerBase {
  readonly kind: 'topic'
  /** As a broker wants it, names taken out: `home/+/#`. */
  readonly filter: string
  readonly levels: readonly TopicLevel[]
  /** Names of `levels`, each once. A name on several levels must match the same text on all of them. */
  readonly captures: readonly string[]
  /** `json`, `number` and `bool`: the trigger does not fire on another payload. */
  readonly as: 'auto' | 'json' | 'number' | 'text' | 'bool' | 'binary'
  readonly retained: 'ignore' | 'fire'
  /** Fires only if the payload differs from the last one on the same topic. */
  readonly changed: boolean
  /** 0: none. Else it fires once the topic has been quiet for so long, with the last message. */
  readonly debounce: number
}

export interface WhenTrigger extends TriggerBase {
  readonly kind: 'when'
  readonly expression: Expression
  /** How long it must have been true without a break; 0: fires at once. */
  readonly for: number
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** Wall-clock time in the zone of the house. */
export interface LocalTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
}

export interface AtTrigger extends TriggerBase {
  readonly kind: 'at'
  /** At least one, each once, ascending. */
  readonly times: readonly LocalTime[]
  /** At least one; all seven when not written. */
  readonly days: readonly Weekday[]
}

export interface EveryTrigger extends TriggerBase {
  readonly kind: 'every'
  /** Counted from local midnight when it divides a day. At least 1 s. */
  readonly every: number
  /** Less than `every`. */
  readonly offset: number
}

export interface StartTrigger extends TriggerBase {
  readonly kind: 'start'
}

export type Trigger = TopicTrigger | WhenTrigger | AtTrigger | EveryTrigger | StartTrigger

interface StepBase {
  /** `do[2]`. */
  readonly path: string
  readonly name: string | null
  /** Guard: the step is left out unless it is known to be true. */
  readonly if: Expression | null
  /** Of its verb. */
  readonly place: Place
}

export interface PublishStep extends StepBase {
  readonly kind: 'publish'
  /** A text without wildcards, or with expressions inside. */
  readonly topic: TextContent
  /** Null: the incoming message goes on unchanged. A map or list is sent as JSON. */
  readonly payload: Content | null
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly expiry: number | null
}

export interface SwitchStep extends StepBase {
  readonly kind: 'turn_on' | 'turn_off' | 'toggle'
  readonly targets: readonly Name[]
  readonly with: readonly Entry[]
}

export interface SetStep extends StepBase {
  readonly kind: 'set'
  /** A device or entity when `to` is a map of values, else one value: `hall_lamp.brightness`. */
  readonly targets: readonly Name[]
  readonly to: Content
}

export interface WaitStep extends StepBase {
  readonly kind: 'wait'
  readonly duration: number
}

export interface LogStep extends StepBase {
  readonly kind: 'log'
  readonly text: TextContent
  readonly level: 'debug' | 'info' | 'warn' | 'error'
}

export type Step = PublishStep | SwitchStep | SetStep | WaitStep | LogStep

/** What a new trigger does while a run is open. */
export type Mode = 'single' | 'restart' | 'queue' | 'parallel'

/** One unit of automation. */
export interface Rule {
  /** The file's slug in the single form, else `slug/key`. */
  readonly id: string
  readonly key: string | null
  /** `name`, else the key, else the slug. */
  readonly name: string
  readonly description: string | null
  readonly tags: readonly string[]
  /** The author's switch. */
  readonly enabled: boolean
  readonly triggers: readonly Trigger[]
  /** All must be known to be true; checked once, on the snapshot of the event. Paths `if[0]` ... */
  readonly conditions: readonly Expression[]
  /** Computed at the start of a run and fixed for it. */
  readonly let: readonly Binding[]
  readonly steps: readonly Step[]
  readonly mode: Mode
  /** Open runs for `parallel`, waiting ones for `queue`. */
  readonly max: number
  /** A missed `at` runs once if it is not older; 0 for `skip`, Infinity for `always`. */
  readonly catchUp: number
  /** A `wait` whose end passed while the hub was down: go on at once, or stop. */
  readonly late: 'run' | 'stop'
  /** Traces to keep. */
  readonly keep: number
  /** Equal texts mean the same rule, wherever in the file it stands and whatever its comments say. */
  readonly fingerprint: string
  /** Where it begins in the file. */
  readonly place: Place
}

/** A rule text as a whole. */
export interface RuleFile {
  readonly slug: string
  readonly rules: readonly Rule[]
}
