import { createDurableWait, HobError, isSlug } from '#kernel'
import { checkText } from './check/check-text.ts'
import { complete } from './complete/complete.ts'
import { compileRule } from './compiled-rule.ts'
import { createContexts } from './contexts.ts'
import type { Engine, EngineOptions, RunDetail } from './face.ts'
import { sentenceOf } from './format/sentence.ts'
import { createInTurn } from './in-turn.ts'
import { endedInfo, fileInfo, traceInfo } from './info.ts'
import { createRuleFiles, SWITCHED_OFF, type RuleHooks } from './rule-files.ts'
import type { RuleState } from './rule-state.ts'
import { runInfo } from './run.ts'
import { createRunner } from './runner.ts'
import { createSchedules } from './schedules.ts'
import { createStarts, SETTLE_TIME, type Start } from './starts.ts'
import type { StoredRuleFile, StoredRules } from './store.ts'
import { createTimers, Timer } from './timers.ts'
import { later } from './triggers/because.ts'
import { createQuiets } from './triggers/quiets.ts'
import { createTopics } from './triggers/topics.ts'
import { createWhens } from './triggers/whens.ts'

/** `/rules/new` is where a rule is begun. */
const NEW = 'new'

/** The rules engine: loads rule files, watches events and the clock, starts runs and carries them on. */
export function createEngine(options: EngineOptions): Engine {
  const { clock, causes, newId, store, world, log, paused, onFile } = options
  const { now } = clock
  const whenDurable = createDurableWait(store)
  let openedAt = 0
  /** While it opens, events are taken and wait; what is planned waits for the runs of before. */
  let phase: 'closed' | 'opening' | 'open' = 'closed'

  const onFault = (error: unknown) => log.error({ error: String(error) }, 'the rules broke')
  const inTurn = createInTurn(onFault)
  // A rule that breaks takes no other with it.
  const guard = (task: () => void) => {
    try {
      task()
    } catch (error) {
      onFault(error)
    }
  }
  const contexts = createContexts({ zone: world.house().zone, random: options.random })
  const { contextOf } = contexts

  const timers = createTimers({
    clock,
    inTurn,
    onFault,
    onJump(by) {
      for (const state of files.states()) if (state.isActive) schedules.jumped(state, by)
    },
  })
  const runner = createRunner(options, { timers, inTurn, contextOf })
  const starts = createStarts({ clock, openedAt: () => openedAt, start: each => guard(() => runner.start(each)) })
  const scheduled = (state: RuleState, trigger: string): Start => ({
    state,
    trigger,
    locals: {},
    cause: causes.root('schedule', 'clock'),
    now: now(),
  })

  // A deadline that ran out is no new start: it does not wait for values to be confirmed.
  const whens = createWhens({
    timers,
    store,
    now,
    contextOf,
    fire(state, path, because) {
      if (!state.isActive) return
      const start = scheduled(state, path)
      runner.start(because === undefined ? start : { ...start, cause: later(start.cause, because) })
    },
  })
  const quiets = createQuiets({ timers, store, newId, now, fire: start => starts.begin([start]) })
  const topics = createTopics({ subscriptions: world.subscriptions, quiets })
  const schedules = createSchedules({
    timers,
    store,
    now,
    zone: contexts.zone,
    fire: (state, path, planned) => starts.begin([{ ...scheduled(state, path), planned }]),
  })

  const hooks: RuleHooks = {
    activate(state) {
      state.isActive = true
      whens.watch(state)
      topics.subscribe(state)
      if (phase === 'open') schedules.plan(state)
    },
    refresh: whens.refresh,
    rest(state) {
      state.isActive = false
      starts.drop(state)
      whens.unwatch(state)
      topics.unsubscribe(state)
      schedules.cancel(state)
    },
    end: runner.cancel,
  }
  const files = createRuleFiles({ catalogue: world.catalogue, paused, hooks })
  const check = (text: string, file: string, slug: string) =>
    checkText({ text, file, slug, catalogue: world.catalogue })

  world.onStructure(() => {
    if (phase === 'open') inTurn(() => files.reapply().forEach(onFile))
  })
  world.onHouse(() => {
    const { zone } = world.house()
    if (phase !== 'open' || zone === contexts.zone().name) return
    inTurn(() => {
      contexts.setZone(zone)
      for (const state of files.states()) if (state.isActive) schedules.plan(state)
    })
  })

  function resumeRuns({ runs, needed }: StoredRules): void {
    const own = new Map<RuleState, Parameters<typeof runner.resume>[1][number][]>()
    for (const run of runs.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const state = files.state(run.rule)
      if (quiets.restore(run, state)) continue
      const rule = files.ruleOf(run, needed)
      if (rule === undefined || state === undefined) {
        log.warn({ run: run.id, rule: run.rule }, 'the rule of a waiting run is gone; the run is dropped')
        store.write({ op: 'rules.run.remove', id: run.id })
        continue
      }
      const { file, version } = run
      const compiled = compileRule(rule, { file, version, catalogue: world.catalogue })
      own.set(state, [...(own.get(state) ?? []), { run, compiled }])
    }
    for (const [state, mine] of own) {
      runner.resume(state, mine)
      if (!state.isSwitchedOn) runner.cancel(state, SWITCHED_OFF)
    }
  }

  function startRules(): void {
    const cause = causes.root('hub', 'start')
    for (const state of files.states()) {
      if (!state.isActive) continue
      schedules.makeUp(state)
      const own = state.compiled.rule.triggers.filter(({ kind }) => kind === 'start')
      starts.begin(own.map(({ path }) => ({ state, trigger: path, locals: {}, cause, now: now() })))
    }
  }

  function staleVersion(slug: string, current: StoredRuleFile | null): HobError {
    const what = current === null ? 'is not there' : `is at version ${current.version}`
    return new HobError('rules.stale_version', `"${slug}" was changed meanwhile and ${what}; load it and save again`, {
      current: current?.version ?? null,
      text: current?.text ?? null,
    })
  }

  return {
    async open() {
      const stored = await store.load()
      inTurn(() => {
        openedAt = clock.monotonic()
        phase = 'opening'
        for (const { rule, trigger, at } of stored.moments) schedules.restore(rule, trigger, at)
        for (const file of stored.files) files.apply(file)
        for (const run of stored.lastRuns) {
          const state = files.state(run.rule)
          if (state !== undefined) state.lastRun = endedInfo(run)
        }
        resumeRuns(stored)
        for (const deadline of stored.deadlines) whens.restore(files.state(deadline.rule), deadline)
        phase = 'open'
        startRules()
        const settle = new Timer(0, starts.release, true)
        timers.set(settle, now() + SETTLE_TIME)
      })
    },
    event(event) {
      if (phase === 'closed') return
      inTurn(() => {
        const begun: Start[] = []
        topics.onEvent(event, begun)
        whens.onEvent(event, begun)
        starts.begin(begun)
        starts.release()
        for (const change of event.changes) if (change.kind === 'command') runner.onCommand(change.command, event.at)
      })
    },
    check(text, file = 'rule.yaml') {
      const { faults, rules } = check(text, file, 'draft')
      return {
        faults,
        rules: rules.map(({ rule }) => ({ key: rule.key, name: rule.name, sentence: sentenceOf(rule) })),
      }
    },
    complete: (text, offset) => complete(text, offset, world.catalogue),
    nameOf: rule => files.state(rule)?.compiled.rule.name,
    files: () => files.all().map(file => fileInfo(file, now())),
    file(slug) {
      const found = files.get(slug)
      return found === undefined ? undefined : fileInfo(found, now())
    },
    async save({ slug, text, ifVersion }, cause) {
      if (!isSlug(slug))
        throw new HobError(
          'rules.bad_slug',
          `"${slug}" cannot name a rule file: lower-case letters, digits and _, a letter first`,
        )
      if (slug === NEW)
        throw new HobError(
          'rules.bad_slug',
          `"${slug}" cannot name a rule file: it is the address of the page for a new one`,
        )
      const { file, faults } = check(text, `${slug}.yaml`, slug)
      if (file === null) throw new HobError('rules.faulty', 'the text has errors; nothing was changed', { faults })
      const result = await store.saveFile({ slug, text, ifVersion, cause, at: now() })
      if ('stale' in result) throw staleVersion(slug, result.stale)
      inTurn(() => files.apply(result.saved))
      onFile(slug)
      return fileInfo(files.find(slug), now())
    },
    async remove({ slug, ifVersion }, cause) {
      files.find(slug)
      const result = await store.removeFile({ slug, ifVersion, cause, at: now() })
      if ('stale' in result) throw staleVersion(slug, result.stale)
      inTurn(() => files.remove(slug))
      onFile(slug)
    },
    async enable(slug, enabled) {
      const { stored } = files.find(slug)
      const batch = store.write({ op: 'rules.enabled', slug, enabled })
      inTurn(() => files.apply({ ...stored, enabled }))
      await whenDurable(batch)
      onFile(slug)
      return fileInfo(files.find(slug), now())
    },
    versions: slug => store.versions(slug),
    async runs({ slug, rule, limit, before }) {
      const { states } = files.find(slug)
      const isAsked = (id: string) => (rule === undefined ? states.has(id) : id === rule)
      const open = [...states.values()].flatMap(state => state.open.toReversed())
      const inMemory = [...open, ...runner.settling().toReversed()]
        .filter(({ compiled }) => isAsked(compiled.rule.id))
        .map(runInfo)
      const finished = await store.traces({ file: slug, rule: rule ?? null, limit, before: before ?? null })
      const first = before === undefined ? inMemory : []
      return [...first, ...finished.map(traceInfo)].slice(0, limit)
    },
    async run(id) {
      const open = files.states().flatMap(state => state.open)
      const known = [...open, ...runner.settling()].find(run => run.id === id)
      if (known !== undefined) return { ...runInfo(known), trace: known.trace }
      const found = await store.trace(id)
      return found === undefined
        ? undefined
        : { ...traceInfo(found), trace: found.trace as unknown as RunDetail['trace'] }
    },
    nearMisses(rule) {
      const state = files.state(rule)
      if (state === undefined) throw new HobError('rules.unknown_rule', `there is no rule "${rule}"`)
      return state.nearMisses.all()
    },
    close() {
      phase = 'closed'
      timers.close()
      runner.close()
    },
  }
}
