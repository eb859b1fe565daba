import { LATE, MODES, RULE_KEYS } from '../format/read-rule.ts'
import { STEP_KEYS } from '../format/read-steps.ts'
import { TRIGGER_KEYS } from '../format/read-triggers.ts'
import { stepFormats } from '../format/steps/index.ts'
import { LEVELS } from '../format/steps/log.ts'
import { WEEK } from '../format/triggers/at.ts'
import { triggerFormats } from '../format/triggers/index.ts'
import { AS, RETAINED } from '../format/triggers/topic.ts'
import { parametersOf } from '../values.ts'
import type { Catalogue } from '../world.ts'
import { completeExpression } from './expression.ts'
import { completeTarget, targetsOf, typeWords } from './names.ts'
import { placeAt, type EditPlace } from './place.ts'

/** What may stand at the cursor. */
export interface Completion {
  readonly label: string
  readonly kind: 'key' | 'name' | 'value' | 'function'
  /** Type, unit and present value of a name; what a word means. Empty where there is nothing to say. */
  readonly detail: string
}

/** Completions at a place: each replaces the text between the two offsets. */
export interface Completions {
  readonly from: number
  readonly to: number
  /** Those that begin with what was typed go first. */
  readonly items: readonly Completion[]
}

/** Completions of one place, and characters of the text around it that are looked at. */
export const MAX_ITEMS = 100
export const MAX_TEXT = 262_144

/** Proposals, and from which offset of what was typed they replace it. */
export interface Proposed {
  readonly at: number
  readonly items: readonly Completion[]
}

const KEY_WORDS: Readonly<Record<string, string>> = {
  on: 'what starts it',
  if: 'what must also hold',
  do: 'what happens',
  let: 'names computed at the start of a run',
  mode: 'what a trigger does while a run is open',
  max: 'runs that may be open, or wait',
  catch_up: 'how old a missed moment may be',
  late: 'a wait that ended while the hub was down',
  enabled: 'false switches it off',
  trace: 'runs whose traces are kept',
  for: 'how long it must have been true',
  topic: 'a message on a topic',
  when: 'an expression becomes true',
  at: 'a time of day',
  every: 'again and again',
  start: 'a start of the hub',
  publish: 'a message to a topic',
  turn_on: 'things on',
  turn_off: 'things off',
  toggle: 'on or off, whichever it is not',
  set: 'values of things',
  wait: 'a duration',
  log: 'a line in the log',
  with: 'parameters',
  to: 'the value, or a map of values',
}

const word =
  (kind: Completion['kind']) =>
  (label: string): Completion => ({ label, kind, detail: KEY_WORDS[label] ?? '' })
const words = (labels: readonly string[]): Proposed => ({ at: 0, items: labels.map(word('value')) })
const keys = (labels: readonly string[], { siblings }: EditPlace): Proposed => ({
  at: 0,
  items: labels.filter(label => !siblings.has(label)).map(word('key')),
})
const NOTHING: Proposed = { at: 0, items: [] }

const BOOLS = ['true', 'false']
const VALUES: Readonly<Record<string, readonly string[]>> = {
  mode: MODES,
  catch_up: ['skip', 'always'],
  late: LATE,
  enabled: BOOLS,
  as: AS,
  retained: RETAINED,
  changed: BOOLS,
  retain: BOOLS,
  qos: ['0', '1', '2'],
  level: LEVELS,
  days: WEEK,
  start: ['true'],
}

type Verb = 'turn_on' | 'turn_off' | 'toggle' | 'set'
const VERBS: readonly Verb[] = ['turn_on', 'turn_off', 'toggle', 'set']

/** The path below the rule, and the names that the rule gives to its expressions. */
function inRule(path: readonly string[]): readonly string[] {
  return path[0] === 'rules' ? path.slice(2) : path
}

function propose(place: EditPlace, text: string, catalogue: Catalogue): Proposed {
  const { path, key } = place
  if (path[0] === 'rules' && path.length === 1) return NOTHING
  const inside = inRule(path)
  const [part] = inside
  const edit: Edit = { place, text, catalogue }
  if (inside.length === 0 && key === null) {
    const isNew = path.length === 0 && place.siblings.size === 0
    return keys(isNew ? [...RULE_KEYS, 'rules'] : RULE_KEYS, place)
  }
  const within = part ?? key!
  if (within === 'on') return inTrigger(edit, inside.length === 0 || key === null)
  if (within === 'do') return inStep(edit, inside.slice(1))
  if (within === 'if' || within === 'let') return within === 'let' && key === null ? NOTHING : expression(edit)
  return words(VALUES[within] ?? [])
}

interface Edit {
  readonly place: EditPlace
  readonly text: string
  readonly catalogue: Catalogue
}

const expression = ({ place, text, catalogue }: Edit): Proposed => completeExpression(place.typed, { text, catalogue })

/** Inside `{{ ... }}` of a literal text, else null. */
function inTemplate(edit: Edit): Proposed | null {
  const { typed } = edit.place
  const open = typed.lastIndexOf('{{')
  if (open === -1 || typed.indexOf('}}', open) !== -1) return null
  const { at, items } = completeExpression(typed.slice(open + 2), edit)
  return { at: at + open + 2, items }
}

function inTrigger(edit: Edit, isBare: boolean): Proposed {
  const { place } = edit
  if (isBare && place.key !== null) return merge(expression(edit), keys([], place))
  const listed = VALUES[place.path.at(-1) ?? '']
  if (place.key === null && listed !== undefined) return words(listed)
  const format = triggerFormats.find(({ key }) => place.siblings.has(key))
  if (place.key === null) {
    if (format !== undefined) return keys([...format.keys, ...TRIGGER_KEYS], place)
    return merge(
      keys(
        triggerFormats.map(({ key }) => key),
        place,
      ),
      expression(edit),
    )
  }
  if (place.key === 'when' || place.key === 'if') return expression(edit)
  return words(VALUES[place.key] ?? [])
}

const merge = (a: Proposed, b: Proposed): Proposed =>
  a.items.length === 0 || a.at !== b.at
    ? a.items.length === 0 || b.at > a.at
      ? b
      : a
    : { at: a.at, items: [...a.items, ...b.items] }

/** @param below path within the step. */
function inStep(edit: Edit, below: readonly string[]): Proposed {
  const { place } = edit
  const [outer] = below
  const step = outer === undefined ? place.siblings : place.around
  if (outer === undefined && (place.key === null || place.key === 'do')) {
    const format = stepFormats.find(({ key }) => place.siblings.has(key))
    return keys(format === undefined ? stepFormats.map(({ key }) => key) : [...format.keys, ...STEP_KEYS], place)
  }
  const within = outer ?? place.key!
  const verb = VERBS.find(each => each === within)
  if (verb !== undefined) return completeTarget(place.typed, verb, edit.catalogue)
  const own = VERBS.find(each => step.has(each))
  if ((within === 'with' || within === 'to') && own !== undefined)
    return inValues(edit, { verb: own, target: step.get(own)!, isMap: outer !== undefined })
  return inTemplate(edit) ?? (within === 'if' ? expression(edit) : words(VALUES[within] ?? []))
}

/** Parameters of a command, or what one of them takes. */
function inValues(edit: Edit, { verb, target, isMap }: { verb: Verb; target: string; isMap: boolean }): Proposed {
  const template = inTemplate(edit)
  if (template !== null) return template
  const { place, catalogue } = edit
  const { entities, value } = targetsOf(target, verb, catalogue)
  const all = entities.map(entity => parametersOf(entity, verb))
  const specs = new Map(all.flatMap(parameters => Object.entries(parameters)))
  const name = isMap ? place.key : value
  if (name === null) {
    if (!isMap) return NOTHING
    const free = [...specs].filter(([label]) => !place.siblings.has(label))
    return { at: 0, items: free.map(([label, spec]) => ({ label, kind: 'key', detail: typeWords(spec) })) }
  }
  const spec = specs.get(name)
  if (spec === undefined) return NOTHING
  return words(spec.type === 'bool' ? BOOLS : (spec.options ?? []))
}

/** What may stand at `offset` of a rule text, valid or not. Names come from the catalogue. */
export function complete(text: string, offset: number, catalogue: Catalogue): Completions {
  const to = Math.max(0, Math.min(offset, text.length))
  if (text.length > MAX_TEXT || isComment(text, to)) return { from: to, to, items: [] }
  const place = placeAt(text, to)
  const quote = /^["']/.exec(place.typed)?.[0].length ?? 0
  const bare = { ...place, typed: place.typed.slice(quote) }
  const { at, items } = propose(bare, text, catalogue)
  const from = place.from + quote + at
  const typed = text.slice(from, to).toLowerCase()
  const fitting = items.filter(({ label }) => label.toLowerCase().includes(typed))
  const first = (label: string) => Number(!label.toLowerCase().startsWith(typed))
  const sorted = fitting.toSorted((a, b) => first(a.label) - first(b.label))
  return { from, to, items: sorted.slice(0, MAX_ITEMS) }
}

function isComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /(?:^|\s)#(?!\w*$)/.test(line.replaceAll(/"[^"]*"|'[^']*'/g, '""'))
}
