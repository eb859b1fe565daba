import { compile, toText, UNKNOWN, type Compiled, type Context, type Result } from '#expression'
import type { Entity, Scalar, Value } from '#devices'
import { HobError } from '#kernel'
import { entriesOf } from './check/check-text.ts'
import { Condition, type Compile } from './condition.ts'
import type { Content, Expression, Name, Rule, Step, WhenTrigger } from './format/rule.ts'
import { resolveTargets } from './names.ts'
import { createScope, triggerLocals, type Frame, type Locals } from './scope.ts'
import { fitQuantity, fitValue, parametersOf } from './values.ts'
import type { Catalogue } from './world.ts'

/** What a content comes to when a step runs. */
export type Produce = (context: Context) => Result

/** Something to ask of one entity. */
export interface Ask {
  readonly entity: Entity
  values(context: Context): Record<string, Scalar>
}

export interface CompiledStep {
  readonly step: Step
  readonly guard: Condition | null
  readonly topic: Produce | null
  readonly payload: Produce | null
  readonly text: Produce | null
  readonly asks: readonly Ask[]
}

/** A `when` trigger. */
export interface CompiledWhen {
  readonly trigger: WhenTrigger
  readonly condition: Condition
}

/** A rule whose names are resolved against the house as it is. */
export interface CompiledRule {
  readonly rule: Rule
  readonly file: string
  readonly version: number
  readonly frame: Frame
  /** By the path of the trigger. */
  readonly triggerIfs: ReadonlyMap<string, Condition>
  readonly whens: ReadonlyMap<string, CompiledWhen>
  readonly conditions: readonly Condition[]
  readonly lets: readonly { readonly name: string; readonly run: Compiled }[]
  readonly steps: readonly CompiledStep[]
  /** Whether a run of it can be suspended. */
  readonly waits: boolean
  /** Every value that any of its expressions reads. */
  readonly reads: ReadonlySet<Value>
  /** Every name that it gives to its own expressions and that one of them reads. */
  readonly uses: ReadonlySet<string>
}

/** The whole incoming message, for a `publish` without a payload; no expression can name it. */
export const INCOMING = '$incoming'

/** Compiles rules; a name that means nothing any more makes what needs it unknown. */
export function compileRule(rule: Rule, own: { file: string; version: number; catalogue: Catalogue }): CompiledRule {
  const frame: Frame = { values: {} }
  const locals = triggerLocals(rule.triggers)
  for (const { name } of rule.let) locals.set(name, { kind: 'any' })
  const compiler = new RuleCompiler(own.catalogue, locals, frame)
  const { triggers } = rule
  return {
    rule,
    file: own.file,
    version: own.version,
    frame,
    triggerIfs: new Map(
      triggers.flatMap(({ path, if: condition }) =>
        condition === null ? [] : [[path, compiler.condition(`${path}.if`, condition)] as const],
      ),
    ),
    whens: new Map(
      triggers.flatMap(trigger =>
        trigger.kind === 'when'
          ? [[trigger.path, { trigger, condition: compiler.condition(trigger.path, trigger.expression) }] as const]
          : [],
      ),
    ),
    conditions: rule.conditions.map((condition, index) => compiler.condition(`if[${index}]`, condition)),
    lets: rule.let.map(({ name, expression }) => ({ name, run: compiler.expression(expression) })),
    steps: rule.steps.map(step => compiler.step(step)),
    waits: rule.steps.some(({ kind }) => kind === 'wait'),
    reads: compiler.reads,
    uses: compiler.uses,
  }
}

const unknown: Compiled = () => UNKNOWN

class RuleCompiler {
  readonly reads = new Set<Value>()
  readonly uses = new Set<string>()
  readonly #catalogue: Catalogue
  readonly #locals: Locals
  readonly #frame: Frame

  constructor(catalogue: Catalogue, locals: Locals, frame: Frame) {
    this.#catalogue = catalogue
    this.#locals = locals
    this.#frame = frame
  }

  readonly #compile: Compile = (ast, onValue) => {
    const scope = createScope({
      catalogue: this.#catalogue,
      locals: this.#locals,
      frame: this.#frame,
      onLocal: name => void this.uses.add(name),
      onValue: (name, value) => {
        this.reads.add(value)
        onValue(name, value)
      },
    })
    const compiled = compile(ast, scope)
    return typeof compiled === 'function' ? compiled : unknown
  }

  expression({ ast }: Pick<Expression, 'ast'>): Compiled {
    return this.#compile(ast, () => {})
  }

  condition(path: string, expression: Expression): Condition {
    return new Condition(path, expression, this.#compile)
  }

  produce(content: Content): Produce {
    switch (content.kind) {
      case 'literal': {
        const { value } = content
        return () => value
      }
      case 'quantity': {
        const { text } = content
        return () => text
      }
      case 'expression':
        return this.expression(content.expression)
      case 'template': {
        const parts = content.template.parts.map(part => (part.kind === 'text' ? part.text : this.expression(part)))
        return context => {
          let text = ''
          for (const part of parts) {
            const value = typeof part === 'string' ? part : part(context)
            if (value === UNKNOWN) return UNKNOWN
            text += toText(value)
          }
          return text
        }
      }
      case 'list': {
        const items = content.items.map(item => this.produce(item))
        return context => items.map(item => item(context))
      }
      case 'map': {
        const entries = content.entries.map(({ key, content: inner }) => [key, this.produce(inner)] as const)
        return context => Object.fromEntries(entries.map(([key, inner]) => [key, inner(context)]))
      }
    }
  }

  step(step: Step): CompiledStep {
    const guard = step.if === null ? null : this.condition(`${step.path}.if`, step.if)
    const own = { step, guard, topic: null, payload: null, text: null, asks: [] }
    switch (step.kind) {
      case 'publish':
        if (step.payload === null) this.uses.add(INCOMING)
        return {
          ...own,
          topic: this.produce(step.topic),
          payload: step.payload === null ? null : this.produce(step.payload),
        }
      case 'log':
        return { ...own, text: this.produce(step.text) }
      case 'turn_on':
      case 'turn_off':
      case 'toggle':
      case 'set':
        return { ...own, asks: step.targets.flatMap(target => this.#asks(target, step)) }
      case 'wait':
        return own
    }
  }

  #asks(target: Name, step: Extract<Step, { kind: 'turn_on' | 'turn_off' | 'toggle' | 'set' }>): Ask[] {
    const found = resolveTargets(target.text, { verb: step.kind }, this.#catalogue)
    if (found.kind === 'problem') return []
    const entries = entriesOf(found.value, step.kind === 'set' ? step.to : step.with) ?? []
    return found.entities.map(entity => {
      const parameters = parametersOf(entity, step.kind)
      const values = entries.map(({ key, content }) => ({
        key,
        content,
        spec: parameters[key],
        produce: this.produce(content),
      }))
      return {
        entity,
        values(context) {
          const asked: Record<string, Scalar> = {}
          for (const { key, content, spec, produce } of values) {
            const given = produce(context)
            if (given === UNKNOWN) throw new HobError('rules.unknown_value', `${key} is unknown`)
            const fit =
              spec === undefined
                ? { misfit: { message: 'is not taken' } }
                : content.kind === 'quantity'
                  ? fitQuantity(content.quantity, content.text, spec)
                  : fitValue(given, spec)
            if ('misfit' in fit) throw new HobError('rules.bad_value', `${key} ${fit.misfit.message}`)
            asked[key] = fit.value
          }
          return asked
        },
      }
    })
  }
}
