import { didYouMean, inferType, type Environment } from '#expression'
import type { Fault } from '../format/errors.ts'
import { sortFaults } from '../format/print.ts'
import { readFile, type ReadFile } from '../format/read-file.ts'
import type { ReadRule } from '../format/read-rule.ts'
import type { Content, Entry, Expression, Name, Rule, RuleFile, Step, WhenTrigger } from '../format/rule.ts'
import { resolveTargets } from '../names.ts'
import { createScope, triggerLocals } from '../scope.ts'
import { fitQuantity, fitValue, parametersOf } from '../values.ts'
import type { Catalogue } from '../world.ts'
import { toFault, type Finding, type Note } from './findings.ts'
import { checkFeedback, checkRetainedCommand } from './topics.ts'

/** One rule, and what is wrong with it beyond how it is written. */
export interface CheckedRule {
  readonly rule: Rule
  readonly faults: readonly Fault[]
}

export interface Checked {
  /** Null when something keeps it from running. */
  readonly file: RuleFile | null
  /** All rules that could be read. */
  readonly rules: readonly CheckedRule[]
  /** What is wrong with how the text is written: what was read may not be all it says. */
  readonly unreadable: readonly Fault[]
  /** All of them, in the order of the text. */
  readonly faults: readonly Fault[]
}

const isError = ({ severity }: Fault) => severity === 'error'

/** A text, and whose it is. */
interface Given {
  readonly text: string
  readonly file: string
  readonly slug: string
  /** Without one names are not looked at, and an `info` says so. */
  readonly catalogue: Catalogue | null
}

/** Reads and checks a rule text. Never throws. */
export function checkText({ text, file, slug, catalogue }: Given): Checked {
  return checkRead(readFile({ text, file, slug }), { file, catalogue })
}

/** Checks what was read of a text: its names may mean something else by now. */
export function checkRead(read: ReadFile, { file, catalogue }: Pick<Given, 'file' | 'catalogue'>): Checked {
  const collect = (look: (note: Note) => void): Fault[] => {
    const faults: Fault[] = []
    look(finding => void faults.push(toFault(file, finding)))
    return faults
  }
  const rules = read.rules.map(each => ({
    rule: each.rule,
    faults: collect(note => new RuleCheck(each, catalogue, note).run()),
  }))
  const ofAll = collect(note => {
    const all = rules.map(({ rule }) => rule)
    checkFeedback(all, note)
    if (catalogue === null && all.length > 0) note(unchecked(all[0]!))
  })
  const faults = sortFaults([...read.faults, ...rules.flatMap(each => each.faults), ...ofAll])
  const isFaulty = faults.some(isError)
  return {
    file: isFaulty ? null : { slug: read.slug, rules: rules.map(({ rule }) => rule) },
    rules,
    unreadable: read.faults.filter(isError),
    faults,
  }
}

const unchecked = ({ place }: Rule): Finding => ({
  place,
  severity: 'info',
  id: 'names-unchecked',
  message: 'names of devices were not checked: there is no registry',
  suggestion: 'give one with --devices FILE.json, or --data DIR of a hub',
})

class RuleCheck {
  readonly #rule: Rule
  readonly #catalogue: Catalogue | null
  readonly #note: (finding: Finding) => void
  readonly #locals: Map<string, ReturnType<typeof inferType>['type']>
  readonly #scope: Environment
  /** How often a value of the house was read so far. */
  #values = 0
  /** Whether nothing was wrong with the last expression. */
  #isSound = true

  constructor({ rule, lost }: ReadRule, catalogue: Catalogue | null, note: (finding: Finding) => void) {
    this.#rule = rule
    this.#catalogue = catalogue
    this.#note = note
    this.#locals = triggerLocals(rule.triggers)
    for (const name of lost) this.#locals.set(name, { kind: 'any' })
    const onValue = () => void this.#values++
    this.#scope = createScope({ catalogue, locals: this.#locals, frame: { values: {} }, onValue })
  }

  run(): void {
    const { triggers, conditions, steps } = this.#rule
    for (const trigger of triggers) {
      if (trigger.kind === 'when') this.#when(trigger)
    }
    for (const { name, expression } of this.#rule.let) this.#locals.set(name, this.#expression(expression))
    for (const trigger of triggers) if (trigger.if !== null) this.#condition(trigger.if)
    for (const condition of conditions) this.#condition(condition)
    for (const step of steps) this.#step(step)
  }

  #expression({ source, ast }: Expression): ReturnType<typeof inferType>['type'] {
    const { type, faults } = inferType(ast, this.#scope)
    for (const { span, id, message, suggestion } of faults) {
      this.#note({ place: source.place(span.start, span.end), id, message, suggestion })
    }
    this.#isSound = faults.length === 0
    return type
  }

  #when({ expression }: WhenTrigger): void {
    const before = this.#values
    this.#condition(expression)
    if (!this.#isSound || this.#catalogue === null || this.#values > before) return
    this.#note({
      place: expression.source.place(),
      severity: 'warning',
      id: 'edge-never',
      message: 'this names no value of a device, so it never becomes true',
      suggestion: 'a time of day is `at:`, a rhythm `every:`, a message `topic:`',
    })
  }

  #condition(expression: Expression): void {
    const type = this.#expression(expression)
    if (type.kind === 'bool' || type.kind === 'any') return
    this.#note({
      place: expression.source.place(),
      id: 'type-mismatch',
      message: 'this is neither true nor false',
      suggestion: 'compare it with something, as in temperature > 21',
    })
  }

  #content(content: Content): void {
    switch (content.kind) {
      case 'expression':
        this.#expression(content.expression)
        return
      case 'template':
        for (const part of content.template.parts) {
          if (part.kind === 'expression') this.#expression({ source: content.template.source, ast: part.ast })
        }
        return
      case 'list':
        for (const item of content.items) this.#content(item)
        return
      case 'map':
        for (const entry of content.entries) this.#content(entry.content)
        return
      case 'literal':
      case 'quantity':
    }
  }

  #step(step: Step): void {
    if (step.if !== null) this.#condition(step.if)
    switch (step.kind) {
      case 'publish':
        checkRetainedCommand(step, this.#note)
        this.#content(step.topic)
        if (step.payload !== null) this.#content(step.payload)
        if (step.payload === null && !this.#rule.triggers.some(trigger => trigger.kind === 'topic')) {
          this.#note({
            place: step.place,
            id: 'missing-key',
            message: 'there is no incoming message to pass on',
            suggestion: 'write `payload:`',
          })
        }
        return
      case 'turn_on':
      case 'turn_off':
      case 'toggle':
        for (const { content } of step.with) this.#content(content)
        for (const target of step.targets) this.#target(target, step.kind, step.with)
        return
      case 'set':
        this.#content(step.to)
        for (const target of step.targets) this.#target(target, 'set', step.to)
        return
      case 'log':
        this.#content(step.text)
        return
      case 'wait':
    }
  }

  #target(
    { text, source }: Name,
    verb: 'turn_on' | 'turn_off' | 'toggle' | 'set',
    given: readonly Entry[] | Content,
  ): void {
    if (this.#catalogue === null) return
    const found = resolveTargets(text, { verb }, this.#catalogue)
    if (found.kind === 'problem') {
      const { start, end, id, message, suggestion } = found
      this.#note({ place: source.place(start, end), id, message, suggestion })
      return
    }
    const entries = entriesOf(found.value, given)
    if (entries === null) {
      this.#note({
        place: source.place(),
        id: 'bad-value',
        message: '`to` takes a map of values here, such as {brightness: 60%}',
      })
      return
    }
    for (const entity of found.entities) {
      const parameters = parametersOf(entity, verb)
      for (const { key, place, content } of entries) {
        const spec = parameters[key]
        if (spec === undefined) {
          const known = Object.keys(parameters)
          this.#note({
            place,
            id: 'unknown-property',
            message: `"${text}" takes no "${key}"`,
            suggestion: didYouMean(key, known) ?? (known.length === 0 ? null : `it takes ${known.join(', ')}`),
          })
          continue
        }
        const fit =
          content.kind === 'literal'
            ? fitValue(content.value, spec)
            : content.kind === 'quantity'
              ? fitQuantity(content.quantity, content.text, spec)
              : null
        if (fit !== null && 'misfit' in fit) {
          this.#note({
            place: content.place,
            id: fit.misfit.id,
            message: `${key} ${fit.misfit.message}`,
            suggestion: fit.misfit.suggestion,
          })
        }
      }
    }
  }
}

/** What a step gives to its target, by value; null when it names no values and the target is a whole thing. */
export function entriesOf(
  value: string | null,
  given: readonly Entry[] | Content,
): readonly Pick<Entry, 'key' | 'place' | 'content'>[] | null {
  if (!('kind' in given)) return given as readonly Entry[]
  if (value !== null) return [{ key: value, place: given.place, content: given }]
  return given.kind === 'map' ? given.entries : null
}
