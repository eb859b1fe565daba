import { pathOf, walk, type Node } from '#expression'
import { showDuration } from './duration.ts'
import type { Content, Entry, Expression, LocalTime, Mode, Name, Rule, Step, TextContent, Trigger } from './rule.ts'

/** A piece of a sentence; `name` is a thing, a value or a topic of the house, `value` a number, text or truth. */
export interface SentencePart {
  readonly kind: 'text' | 'name' | 'value' | 'duration'
  readonly text: string
}

/** What a rule does, in words. The parts put together are the text. */
export interface Sentence {
  readonly text: string
  readonly parts: readonly SentencePart[]
}

/** Characters of one value or expression, steps, and members of one list that are told. */
const MAX_TEXT = 80
const MAX_STEPS = 12
const MAX_MEMBERS = 6

/** Gathers the parts; text that follows text becomes one part. */
class Words {
  readonly parts: SentencePart[] = []

  add(kind: SentencePart['kind'], text: string): this {
    const last = this.parts.at(-1)
    if (kind === 'text' && last?.kind === 'text') this.parts[this.parts.length - 1] = { kind, text: last.text + text }
    else if (text !== '') this.parts.push({ kind, text })
    return this
  }

  text = (text: string): this => this.add('text', text)
  name = (text: string): this => this.add('name', text)
  value = (text: string): this => this.add('value', cut(text))
  duration = (milliseconds: number): this => this.add('duration', spoken(milliseconds))

  /** `a`, `a and b`, `a, b and c`, `a, b and 4 more`. */
  list<T>(
    items: readonly T[],
    how: { put: (item: T) => void; between?: string; last?: string; most?: number; more?: string },
  ): this {
    const { put, between = ', ', last = between, most = MAX_MEMBERS, more: others = 'more' } = how
    const told = items.length > most ? items.slice(0, most - 1) : items
    const more = items.length - told.length
    told.forEach((item, i) => {
      if (i > 0) this.text(i === told.length - 1 && more === 0 ? last : between)
      put(item)
    })
    return more === 0 ? this : this.text(`${last}${more} ${others}`)
  }
}

const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text)
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')
const spoken = (milliseconds: number) =>
  showDuration(milliseconds)
    .replaceAll(/(\d)([a-z])/g, '$1 $2')
    .replaceAll(/([a-z])(\d)/g, '$1 $2')
const clock = ({ hour, minute, second }: LocalTime) =>
  [hour, minute, ...(second === 0 ? [] : [second])].map(part => String(part).padStart(2, '0')).join(':')

/** The parts of an expression as it was written, with names and values marked. */
function putExpression(words: Words, { source, ast }: Pick<Expression, 'source' | 'ast'>): void {
  const marks: { start: number; end: number; kind: SentencePart['kind'] }[] = []
  const callees = new Set<Node>()
  walk(ast, node => {
    if (node.kind === 'call') callees.add(node.callee)
    const kind = callees.has(node) ? null : kindOf(node)
    if (kind !== null) marks.push({ start: node.start, end: node.end, kind })
    return kind === null
  })
  let at = ast.start
  for (const { start, end, kind } of marks.toSorted((a, b) => a.start - b.start)) {
    if (end - ast.start > 2 * MAX_TEXT) break
    words.text(oneLine(source.text.slice(at, start))).add(kind, cut(oneLine(source.text.slice(start, end))))
    at = end
  }
  const rest = source.text.slice(at, ast.end)
  words.text(rest.trim() === '' ? '' : cut(oneLine(rest)))
}

function kindOf(node: Node): SentencePart['kind'] | null {
  if (pathOf(node) !== null) return 'name'
  if (node.kind === 'duration') return 'duration'
  return node.kind === 'literal' || node.kind === 'quantity' || node.kind === 'time' ? 'value' : null
}

function putCondition(words: Words, { source, ast }: Expression): void {
  const needsBrackets = ast.kind === 'logical' && ast.op === 'or'
  if (needsBrackets) words.text('(')
  putExpression(words, { source, ast })
  if (needsBrackets) words.text(')')
}

function putContent(words: Words, content: Content | TextContent): void {
  switch (content.kind) {
    case 'literal':
      words.value(typeof content.value === 'string' ? content.value : JSON.stringify(content.value))
      return
    case 'quantity':
      words.value(content.text)
      return
    case 'expression':
      putExpression(words, content.expression)
      return
    case 'template':
      for (const part of content.template.parts) {
        if (part.kind === 'text') words.value(oneLine(part.text))
        else putExpression(words, { source: content.template.source, ast: part.ast })
      }
      return
    case 'list':
      words
        .text('[')
        .list(content.items, { put: item => putContent(words, item) })
        .text(']')
      return
    case 'map':
      words.text('{')
      words.list(content.entries, { put: ({ key, content: inner }) => putContent(words.text(`${key}: `), inner) })
      words.text('}')
  }
}

function putTrigger(words: Words, trigger: Trigger): void {
  switch (trigger.kind) {
    case 'topic': {
      const { levels, as, changed, retained, debounce } = trigger
      const kind = as === 'auto' ? 'a message' : as === 'text' ? 'a text' : as === 'json' ? 'JSON' : `a ${as}`
      const topic = levels.map(level =>
        level.kind === 'text' ? level.text : `${level.kind === 'one' ? '+' : '#'}${level.name ?? ''}`,
      )
      const also = retained === 'fire' ? ', also one retained before,' : ''
      words.text(`${changed ? 'another payload' : kind}${also} comes on `).name(topic.join('/'))
      if (debounce > 0) words.text(' and then none for ').duration(debounce)
      break
    }
    case 'when':
      putExpression(words, trigger.expression)
      words.text(' becomes true')
      if (trigger.for > 0) words.text(' and stays so for ').duration(trigger.for)
      break
    case 'at':
      words.text('it is ').list(trigger.times, { put: time => words.value(clock(time)), last: ' or ' })
      if (trigger.days.length < 7) words.text(' on ').list(trigger.days, { put: words.value, last: ' or ', most: 7 })
      break
    case 'every':
      words.text('each ').duration(trigger.every).text(' begin')
      if (trigger.offset > 0) words.text(', ').duration(trigger.offset).text(' later')
      break
    case 'start':
      words.text('the hub starts')
  }
  if (trigger.if !== null) putCondition(words.text(' with '), trigger.if)
}

const VERBS = { turn_on: 'turn on', turn_off: 'turn off', toggle: 'toggle', set: 'set' } as const

/** `it` for what the step before last acted on names the same single thing. */
function putTargets(words: Words, targets: readonly Name[], before: string | null): void {
  if (targets.length === 1 && targets[0]!.text === before) words.text('it')
  else words.list(targets, { put: ({ text }) => words.name(text), last: ' and ' })
}

function putStep(words: Words, step: Step, before: string | null): void {
  switch (step.kind) {
    case 'publish':
      if (step.payload === null) words.text('pass the message on to ')
      else {
        words.text('publish ')
        putContent(words, step.payload)
        words.text(' to ')
      }
      if (step.topic.kind === 'literal') words.name(step.topic.value)
      else putContent(words, step.topic)
      if (step.retain) words.text(' to be retained')
      break
    case 'turn_on':
    case 'turn_off':
      // "turn it off", "turn off hall_lamp"
      if (step.targets.length === 1 && step.targets[0]!.text === before)
        words.text(`turn it ${VERBS[step.kind].slice(5)}`)
      else putTargets(words.text(`${VERBS[step.kind]} `), step.targets, null)
      putWith(words, step.with)
      break
    case 'toggle':
      putTargets(words.text('toggle '), step.targets, before)
      putWith(words, step.with)
      break
    case 'set':
      putTargets(words.text('set '), step.targets, before)
      words.text(' to ')
      if (step.to.kind === 'map') putEntries(words, step.to.entries)
      else putContent(words, step.to)
      break
    case 'wait':
      words.text('wait ').duration(step.duration)
      break
    case 'log':
      putContent(words.text('log '), step.text)
  }
  if (step.if !== null) putCondition(words.text(' if '), step.if)
}

function putWith(words: Words, entries: readonly Entry[]): void {
  if (entries.length === 0) return
  putEntries(words.text(' with '), entries)
}

function putEntries(words: Words, entries: readonly Pick<Entry, 'key' | 'content'>[]): void {
  words.list(entries, { put: ({ key, content }) => putContent(words.text(`${key} `), content), last: ' and ' })
}

function putSteps(words: Words, steps: readonly Step[]): void {
  let before: string | null = null
  const told = steps.slice(0, MAX_STEPS)
  told.forEach((step, i) => {
    if (i > 0) words.text(', ')
    putStep(words, step, before)
    if ('targets' in step) before = step.targets.length === 1 ? step.targets[0]!.text : null
  })
  const more = steps.length - told.length
  if (more > 0) words.text(`, and ${more} more steps`)
}

const MEANWHILE: Readonly<Record<Mode, string>> = {
  restart: 'triggered again meanwhile, it begins anew',
  single: 'triggered again meanwhile, it goes on as it was',
  queue: 'triggered again meanwhile, it runs once more afterwards',
  parallel: 'triggered again meanwhile, it runs side by side',
}

/** What a rule does in one sentence: a summary that leaves out, and never says what the rule does not. */
export function sentenceOf(rule: Rule): Sentence {
  const { triggers, let: bindings, conditions, steps, mode, enabled } = rule
  const words = new Words()
  if (!enabled) words.text('Switched off: ')
  words
    .text(enabled ? 'When ' : 'when ')
    .list(triggers, { put: trigger => putTrigger(words, trigger), between: ' or when ', more: 'more triggers' })
  if (conditions.length > 0) {
    words.text(', if ').list(conditions, { put: condition => putCondition(words, condition), last: ' and ' })
  }
  if (bindings.length > 0) {
    const put: (binding: Rule['let'][number]) => void = ({ name, expression }) =>
      putExpression(words.name(name).text(' for '), expression)
    words.text(', with ').list(bindings, { put, last: ' and ' })
  }
  putSteps(words.text(': '), steps)
  if (steps.some(({ kind }) => kind === 'wait')) words.text(`; ${MEANWHILE[mode]}`)
  return { text: words.parts.map(({ text }) => text).join(''), parts: words.parts }
}
