import { UNKNOWN, type Result, type Unknown } from '#expression'
import type { Event, Value } from '#devices'
import { createDurableWait, HobError, isSlug, type Cause } from '#kernel'
import { checkText } from './check/check-text.ts'
import { compileRule } from './compiled-rule.ts'
import type { Engine, EngineOptions, RuleFileInfo, RuleInfo } from './face.ts'
import { runInfo } from './run.ts'
import { RuleState } from './rule-state.ts'
import { createRunner, type Start } from './runner.ts'
import { createSchedules } from './schedules.ts'
import { createZone } from './schedule/zone.ts'
import type { StoredRuleFile, StoredTrace } from './store.ts'
import { createTimers, Timer } from './timers.ts'
import { TopicSubscription } from './topic-subscription.ts'
import { Incoming } from './triggers/incoming.ts'

/** Milliseconds after a start that rules wait for restored values to be confirmed. */
const SETTLE_TIME = 30_000

/** A `when` that depends on a value. */
interface Watcher {
  readonly state: RuleState
  readonly path: string
}

interface LiveFile {
  stored: StoredRuleFile
  readonly states: Map<string, RuleState>
}

/** The rules engine: loads rule files, watches events and the clock, starts runs and carries them on. */
export function createEngine(options: EngineOptions): Engine {
  const { clock, causes, store, world, log } = options
  const files = new Map<string, LiveFile>()
  const watching = new Map<Value, Watcher[]>()
  const whenDurable = createDurableWait(store)
  let zone = createZone(world.house().zone)
  let openedAt = 0
  let isOpen = false
  /** Starts that wait for restored values to be confirmed. */
  let held: Start[] = []

  const states = () => [...files.values()].flatMap(file => [...file.states.values()])
  const scheduled = () => causes.root('schedule', 'clock')

  const timers = createTimers({
    clock,
    onJump: () => {
      for (const state of states()) if (state.isActive) schedules.plan(state)
    },
    onFault: error => log.error({ error: String(error) }, 'a timer of the rules failed'),
  })
  const runner = createRunner(options, { timers, zone: () => zone })
  const schedules = createSchedules({
    timers,
    store,
    now: clock.now,
    zone: () => zone,
    fire: (state, trigger, planned) => {
      const instant: Result = { planned }
      begin([{ state, trigger, locals: { trigger: instant }, cause: scheduled(), now: clock.now() }])
    },
  })

  // A value that was restored and not heard since may be old: new starts wait for it, at most 30 s.
  function isSettled(state: RuleState): boolean {
    if (clock.now() - openedAt >= SETTLE_TIME) return true
    for (const value of state.compiled.reads) if (!value.confirmed && value.value !== null) return false
    return true
  }

  function begin(starts: Start[]): void {
    for (const start of starts.toSorted((a, b) => (a.state.compiled.rule.id < b.state.compiled.rule.id ? -1 : 1))) {
      if (!start.state.isActive) continue
      if (isSettled(start.state)) runner.start(start)
      else held.push(start)
    }
  }

  function releaseHeld(): void {
    if (held.length === 0) return
    const waiting = held
    held = []
    for (const start of waiting) {
      if (isSettled(start.state)) runner.start({ ...start, now: clock.now() })
      else held.push(start)
    }
  }

  function truthOf(state: RuleState, path: string, now: number): boolean | Unknown {
    const when = state.compiled.whens.find(each => each.path === path)!
    state.compiled.frame.values = {}
    const value = when.holds(runner.contextOf(now))
    return typeof value === 'boolean' ? value : UNKNOWN
  }

  /** Looks at a `when` again; a change from known false to true is what fires. */
  function look({ state, path }: Watcher, { now, cause }: { now: number; cause: Cause }, starts: Start[]): void {
    const before = state.truths.get(path)
    const after = truthOf(state, path, now)
    if (before === after) return
    state.truths.set(path, after)
    const { for: duration } = state.compiled.whens.find(each => each.path === path)!
    const isEdge = before === false && after === true
    if (after !== true && state.timers.has(path)) stopCounting(state, path)
    if (!isEdge) return
    if (duration === 0) starts.push({ state, trigger: path, locals: {}, cause, now })
    else count(state, path, { since: now, dueAt: now + duration })
  }

  function count(state: RuleState, path: string, { since, dueAt }: { since: number; dueAt: number }): void {
    const { id } = state.compiled.rule
    store.write({ op: 'rules.deadline.put', deadline: { rule: id, trigger: path, since, dueAt } })
    const timer = new Timer(
      dueAt,
      () => {
        stopCounting(state, path)
        begin([{ state, trigger: path, locals: {}, cause: scheduled(), now: clock.now() }])
      },
      true,
    )
    state.timers.set(path, timer)
    timers.set(timer, dueAt)
  }

  function stopCounting(state: RuleState, path: string): void {
    const timer = state.timers.get(path)
    if (timer !== undefined) timers.cancel(timer)
    state.timers.delete(path)
    store.write({ op: 'rules.deadline.remove', rule: state.compiled.rule.id, trigger: path })
  }

  function activate(state: RuleState): void {
    state.isActive = true
    for (const { path, reads } of state.compiled.whens) {
      state.truths.set(path, truthOf(state, path, clock.now()))
      for (const value of reads) {
        const known = watching.get(value)
        if (known === undefined) watching.set(value, [{ state, path }])
        else known.push({ state, path })
      }
    }
    for (const trigger of state.compiled.rule.triggers) {
      if (trigger.kind !== 'topic') continue
      const subscription = new TopicSubscription(state.compiled.rule.id, trigger)
      state.subscriptions.push(subscription)
      world.subscriptions.add(trigger.filter, subscription)
    }
    schedules.plan(state)
  }

  function deactivate(state: RuleState): void {
    state.isActive = false
    schedules.cancel(state)
    for (const subscription of state.subscriptions)
      world.subscriptions.remove(subscription.trigger.filter, subscription)
    state.subscriptions = []
    for (const [value, watchers] of watching) {
      const rest = watchers.filter(each => each.state !== state)
      if (rest.length === 0) watching.delete(value)
      else watching.set(value, rest)
    }
  }

  const byRule = (id: string) => files.get(id.split('/')[0]!)?.states.get(id)

  /** Puts a text into force; rules whose text did not change keep their state. */
  function apply(stored: StoredRuleFile): void {
    const { slug, text, version } = stored
    const before = files.get(slug)
    const { file, faults } = checkText({ text, file: `${slug}.yaml`, slug, catalogue: world.catalogue })
    const readable = file ?? checkText({ text, file: `${slug}.yaml`, slug, catalogue: null }).file
    const fresh = new Map<string, RuleState>()
    for (const rule of readable?.rules ?? []) {
      const compiled = compileRule(rule, { file: slug, version, catalogue: world.catalogue })
      const known = before?.states.get(rule.id)
      const isSame = known !== undefined && known.compiled.rule.fingerprint === rule.fingerprint
      const state = known ?? new RuleState(compiled)
      if (known !== undefined) deactivate(known)
      if (!isSame) state.truths.clear()
      state.compiled = compiled
      state.problems = faults.filter(fault => fault.severity === 'error')
      fresh.set(rule.id, state)
      if (stored.enabled && rule.enabled && !options.paused && file !== null) activate(state)
    }
    for (const [id, state] of before?.states ?? []) if (!fresh.has(id)) deactivate(state)
    files.set(slug, { stored, states: fresh })
  }

  function ruleInfo(state: RuleState): RuleInfo {
    const { rule } = state.compiled
    return {
      id: rule.id,
      key: rule.key,
      name: rule.name,
      active: state.isActive,
      problems: state.problems,
      lastRun: state.lastRun,
      openRuns: state.open.map(runInfo),
      nextAt: state.nextAt,
    }
  }

  const fileInfo = ({ stored, states: own }: LiveFile): RuleFileInfo => ({
    ...stored,
    rules: [...own.values()].map(ruleInfo),
  })
  const find = (slug: string) => {
    const found = files.get(slug)
    if (found === undefined) throw new HobError('rules.unknown_file', `there is no rule file "${slug}"`)
    return found
  }
  const reapply = () => {
    for (const { stored } of files.values()) apply(stored)
  }
  world.onStructure(() => {
    if (isOpen) reapply()
  })
  world.onHouse(() => {
    zone = createZone(world.house().zone)
    if (isOpen) reapply()
  })

  const onTopic = (event: Event, starts: Start[]) => {
    const { message, at: now, cause } = event
    if (message === null) return
    let incoming: Incoming | undefined
    for (const subscriber of event.matched) {
      if (!(subscriber instanceof TopicSubscription)) continue
      // A rule does not hear what it says itself.
      if (cause.kind === 'rule' && cause.who === subscriber.rule) continue
      const state = byRule(subscriber.rule)
      if (state === undefined) continue
      const taken = subscriber.take((incoming ??= new Incoming(message)))
      if (taken === null || 'misfit' in taken) continue
      starts.push({ state, trigger: subscriber.trigger.path, locals: taken, cause, now })
    }
  }

  const onValues = (event: Event, starts: Start[]) => {
    const { at: now, cause } = event
    for (const change of event.changes) {
      if (change.kind !== 'value') continue
      for (const watcher of watching.get(change.value) ?? []) look(watcher, { now, cause }, starts)
    }
  }

  return {
    async open() {
      const stored = await store.load()
      openedAt = clock.now()
      isOpen = true
      for (const { rule, trigger, at } of stored.moments) schedules.restore(rule, trigger, at)
      for (const file of stored.files) apply(file)
      for (const run of stored.runs) resume(run, stored.needed)
      for (const { rule, trigger, since, dueAt } of stored.deadlines) {
        const state = byRule(rule)
        if (state?.isActive === true && state.truths.get(trigger) === true) count(state, trigger, { since, dueAt })
        else store.write({ op: 'rules.deadline.remove', rule, trigger })
      }
      const cause = causes.root('hub', 'start')
      begin(
        states().flatMap(state =>
          state.compiled.rule.triggers
            .filter(trigger => trigger.kind === 'start')
            .map(trigger => ({ state, trigger: trigger.path, locals: {}, cause, now: openedAt })),
        ),
      )
      const settle = new Timer(openedAt + SETTLE_TIME, releaseHeld, true)
      timers.set(settle, settle.due)
    },
    event(event) {
      if (!isOpen) return
      const starts: Start[] = []
      onTopic(event, starts)
      onValues(event, starts)
      if (starts.length > 0) begin(starts)
      releaseHeld()
    },
    check: (text, file = 'rule.yaml') => checkText({ text, file, slug: 'draft', catalogue: world.catalogue }).faults,
    files: () => [...files.values()].map(fileInfo),
    file(slug) {
      const found = files.get(slug)
      return found === undefined ? undefined : fileInfo(found)
    },
    async save({ slug, text, ifVersion }, cause) {
      if (!isSlug(slug))
        throw new HobError(
          'rules.bad_slug',
          `"${slug}" cannot name a rule file: lower-case letters, digits and _, a letter first`,
        )
      const { faults } = checkText({ text, file: `${slug}.yaml`, slug, catalogue: world.catalogue })
      if (faults.some(fault => fault.severity === 'error')) {
        throw new HobError('rules.faulty', 'the text has errors; nothing was changed', { faults })
      }
      const result = await store.saveFile({ slug, text, ifVersion, cause, at: clock.now() })
      if ('stale' in result) throw staleVersion(slug, result.stale)
      apply(result.saved)
      return fileInfo(find(slug))
    },
    async remove({ slug, ifVersion }, cause) {
      const file = find(slug)
      const result = await store.removeFile({ slug, ifVersion, cause, at: clock.now() })
      if ('stale' in result) throw staleVersion(slug, result.stale)
      files.delete(slug)
      for (const state of file.states.values()) {
        deactivate(state)
        runner.cancel(state)
      }
    },
    async enable(slug, enabled) {
      const file = find(slug)
      const batch = store.write({ op: 'rules.enabled', slug, enabled })
      apply({ ...file.stored, enabled })
      await whenDurable(batch)
      return fileInfo(find(slug))
    },
    versions: slug => store.versions(slug),
    async runs({ slug, rule, limit, before }) {
      const { states: own } = find(slug)
      const open = [...own.values()]
        .filter(state => rule === undefined || state.compiled.rule.id === rule)
        .flatMap(state => state.open.map(runInfo))
      const finished = await store.traces({ file: slug, rule: rule ?? null, limit, before: before ?? null })
      const newest = before === undefined ? open.toReversed() : []
      return [...newest, ...finished.map(traceInfo)].slice(0, limit)
    },
    async run(id) {
      const open = states()
        .flatMap(state => state.open)
        .find(run => run.id === id)
      if (open !== undefined) return { ...runInfo(open), trace: open.trace }
      const found = await store.trace(id)
      return found === undefined ? undefined : { ...traceInfo(found), trace: found.trace }
    },
    close() {
      isOpen = false
      timers.close()
    },
  }

  function resume(run: Parameters<typeof runner.resume>[1], needed: readonly StoredRuleFile[]): void {
    const current = files.get(run.file)
    const old = needed.find(({ slug, version }) => slug === run.file && version === run.version)
    const text = current?.stored.version === run.version ? current.stored.text : old?.text
    const own =
      text === undefined
        ? undefined
        : checkText({ text, file: run.file, slug: run.file, catalogue: null }).file?.rules.find(
            ({ id }) => id === run.rule,
          )
    if (own === undefined) {
      log.warn({ run: run.id, rule: run.rule }, 'a waiting run has lost its text; it is dropped')
      store.write({ op: 'rules.run.remove', id: run.id })
      return
    }
    const compiled = compileRule(own, { file: run.file, version: run.version, catalogue: world.catalogue })
    const state = byRule(run.rule) ?? new RuleState(compiled)
    runner.resume(state, run, compiled)
  }
}

function staleVersion(slug: string, current: StoredRuleFile | null): HobError {
  const what = current === null ? 'is not there' : `is at version ${current.version}`
  return new HobError('rules.stale_version', `"${slug}" was changed meanwhile and ${what}; load it and save again`, {
    current,
  })
}

function traceInfo({ id, rule, file, version, startedAt, endedAt, result, cause }: StoredTrace) {
  return { id, rule, file, version, startedAt, state: result, dueAt: null, endedAt, cause }
}
