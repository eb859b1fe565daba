import { HobError } from '#kernel'
import { checkRead, type Checked } from './check/check-text.ts'
import { compileRule } from './compiled-rule.ts'
import { readFile, type ReadFile } from './format/read-file.ts'
import type { Rule } from './format/rule.ts'
import { RuleState } from './rule-state.ts'
import type { StoredRuleFile, StoredRun } from './store.ts'
import type { Catalogue } from './world.ts'

/** Why the runs of such a rule ended. */
export const SWITCHED_OFF = 'the rule was switched off'

/** What is wrong with the rules of a file, for comparing. */
const healthOf = (states: LiveFile['states']) =>
  JSON.stringify([...states.values()].map(({ isActive, problems }) => [isActive, problems]))

/** A text in force, with what is kept of its rules. */
export interface LiveFile {
  readonly stored: StoredRuleFile
  /** What its text says, whatever its names mean. */
  readonly read: ReadFile
  /** By id, in the order of the text. */
  readonly states: ReadonlyMap<string, RuleState>
}

/** How a text that comes into force touches the rules that run. */
export interface RuleHooks {
  /** From now on the rule may start. */
  activate(state: RuleState): void
  /** It says the same as before, and its names were resolved anew. */
  refresh(state: RuleState): void
  /** It may not start any more. */
  rest(state: RuleState): void
  /** Its open runs end: it is switched off, or gone. */
  end(state: RuleState, reason: string): void
}

/** The rule texts in force. */
export interface RuleFiles {
  all(): readonly LiveFile[]
  states(): readonly RuleState[]
  get(slug: string): LiveFile | undefined
  /** @throws HobError `rules.unknown_file`. */
  find(slug: string): LiveFile
  state(rule: string): RuleState | undefined
  /** Puts a text into force; rules that say the same as before keep their state. */
  apply(stored: StoredRuleFile): void
  /** Resolves all names anew. @returns the files of which another problem is known now, or none any more. */
  reapply(): readonly string[]
  remove(slug: string): void
  /** The rule that a stored run began with; undefined when its text is lost. */
  ruleOf(run: StoredRun, needed: readonly StoredRuleFile[]): Rule | undefined
}

export function createRuleFiles(options: {
  catalogue: Catalogue
  /** Safe start: no rule starts. */
  paused: boolean
  hooks: RuleHooks
}): RuleFiles {
  const { catalogue, paused, hooks } = options
  const files = new Map<string, LiveFile>()

  function applyRule(known: RuleState | undefined, { rule, faults }: Checked['rules'][number], own: StoredRuleFile) {
    const compiled = compileRule(rule, { file: own.slug, version: own.version, catalogue })
    const state = known ?? new RuleState(compiled)
    const isSame = known?.compiled.rule.fingerprint === rule.fingerprint
    if (state.isActive && !isSame) hooks.rest(state)
    state.compiled = compiled
    state.problems = faults.filter(fault => fault.severity === 'error')
    for (const run of state.open) {
      const isCurrent = run.compiled.rule.fingerprint === rule.fingerprint
      const { file, version } = run.compiled
      run.compiled = isCurrent ? { ...compiled, version } : compileRule(run.compiled.rule, { file, version, catalogue })
    }
    return state
  }

  /** Both switches on, nothing wrong: it runs. */
  function settle(state: RuleState, isSwitchedOn: boolean): void {
    const mayRun = isSwitchedOn && !paused && state.problems.length === 0
    if (mayRun && state.isActive) hooks.refresh(state)
    else if (mayRun) hooks.activate(state)
    else if (state.isActive) hooks.rest(state)
    state.isSwitchedOn = isSwitchedOn
    if (!isSwitchedOn) hooks.end(state, SWITCHED_OFF)
  }

  function apply(stored: StoredRuleFile): void {
    const { slug, text } = stored
    const file = `${slug}.yaml`
    const known = files.get(slug)
    const before = known?.states
    const read = known?.stored.text === text ? known.read : readFile({ text, file, slug })
    const checked = checkRead(read, { file, catalogue })
    const states = new Map<string, RuleState>()
    files.set(slug, { stored, read, states })
    for (const each of checked.rules) {
      const { rule } = each
      const faults = checked.unreadable.length > 0 ? checked.unreadable : each.faults
      const state = applyRule(before?.get(rule.id), { rule, faults }, stored)
      states.set(rule.id, state)
      settle(state, stored.enabled && rule.enabled)
    }
    for (const [id, state] of before ?? []) if (!states.has(id)) drop(state)
  }

  function drop(state: RuleState): void {
    if (state.isActive) hooks.rest(state)
    hooks.end(state, 'the rule was removed')
  }

  const find = (slug: string) => {
    const found = files.get(slug)
    if (found === undefined) throw new HobError('rules.unknown_file', `there is no rule file "${slug}"`)
    return found
  }

  return {
    all: () => [...files.values()],
    states: () => [...files.values()].flatMap(file => [...file.states.values()]),
    get: slug => files.get(slug),
    find,
    state: rule => files.get(rule.split('/')[0]!)?.states.get(rule),
    apply,
    reapply() {
      const touched: string[] = []
      for (const { stored, states } of [...files.values()]) {
        const before = healthOf(states)
        apply(stored)
        if (healthOf(states) !== before) touched.push(stored.slug)
      }
      return touched
    },
    remove(slug) {
      const { states } = find(slug)
      files.delete(slug)
      for (const state of states.values()) drop(state)
    },
    ruleOf({ file, version, rule }, needed) {
      const current = files.get(file)
      const old = needed.find(each => each.slug === file && each.version === version)
      const read =
        current?.stored.version === version
          ? current.read
          : old && readFile({ text: old.text, file: `${file}.yaml`, slug: file })
      return read?.rules.find(each => each.rule.id === rule)?.rule
    },
  }
}
