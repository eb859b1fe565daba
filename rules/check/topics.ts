import { TopicTree } from '#kernel'
import type { PublishStep, Rule, TextContent, TopicLevel } from '../format/rule.ts'
import type { Note } from './findings.ts'

/** Whether a message can match two filters: `home/+` and `+/lamp` meet at `home/lamp`. */
export function canMeet(a: readonly TopicLevel[], b: readonly TopicLevel[]): boolean {
  for (let i = 0; ; i++) {
    const [left, right] = [a[i], b[i]]
    if (left?.kind === 'rest' || right?.kind === 'rest') return !isSystemMismatch(a, b)
    if (left === undefined || right === undefined) {
      // `a/#` also matches `a` itself.
      return left === right
    }
    if (left.kind === 'text' && right.kind === 'text' && left.text !== right.text) return false
    if (i === 0 && isSystemMismatch(a, b)) return false
  }
}

/** A wildcard in front never matches a topic that begins with `$` [MQTT5-4.7.2-1]. */
function isSystemMismatch(a: readonly TopicLevel[], b: readonly TopicLevel[]): boolean {
  const isSystem = (level: TopicLevel | undefined) => level?.kind === 'text' && level.text.startsWith('$')
  return isSystem(a[0]) !== isSystem(b[0])
}

/** What a publish can send to: a level with an expression in it may be any text. */
export function publishedLevels(topic: TextContent): readonly TopicLevel[] {
  if (topic.kind === 'literal') return topic.value.split('/').map(text => ({ kind: 'text', text }))
  if (topic.kind !== 'template') return [{ kind: 'rest', name: null }]
  return topic.template.source.text
    .replaceAll(/\{\{.*?\}\}/gs, '+')
    .split('/')
    .map(text => (text.includes('+') ? { kind: 'one', name: null } : { kind: 'text', text }))
}

interface Link {
  readonly to: Rule
  readonly step: PublishStep
}

const publishes = ({ steps }: Rule) => steps.filter(step => step.kind === 'publish')

/** For each rule, the rules that it can start by a message. */
function linksOf(rules: readonly Rule[]): ReadonlyMap<Rule, readonly Link[]> {
  const tree = new TopicTree<Rule>()
  const filters = rules.flatMap(rule =>
    rule.triggers.flatMap(trigger => (trigger.kind === 'topic' ? [{ rule, trigger }] : [])),
  )
  for (const { rule, trigger } of filters) tree.add(trigger.filter, rule)
  const reached = ({ topic }: PublishStep): readonly Rule[] => {
    if (topic.kind === 'literal') return tree.match(topic.value)
    const levels = publishedLevels(topic)
    return filters.filter(({ trigger }) => canMeet(trigger.levels, levels)).map(({ rule }) => rule)
  }
  return new Map(
    rules.map(rule => [
      rule,
      publishes(rule).flatMap(step => reached(step).flatMap(to => (to === rule ? [] : [{ to, step }]))),
    ]),
  )
}

/**
 * Rules of one file that can start each other in a ring, by topics. A rule does not see what it sends itself,
 * so a ring has at least two. Each ring is told once, at the rule that stands first.
 */
export function checkFeedback(rules: readonly Rule[], note: Note): void {
  const links = linksOf(rules.filter(rule => publishes(rule).length > 0))
  const told = new Set<Rule>()
  for (const rule of links.keys()) {
    const ring = told.has(rule) ? undefined : shortestRing(rule, links)
    if (ring === undefined) continue
    for (const member of ring) told.add(member)
    const names = [...ring, rule].map(({ name }) => `"${name}"`)
    note({
      place: links.get(rule)!.find(({ to }) => to === ring[1])!.step.place,
      severity: 'warning',
      id: 'feedback',
      message: `these rules can start each other without end: ${names.join(' -> ')}`,
      suggestion: 'a condition or another topic breaks the ring',
    })
  }
}

function shortestRing(start: Rule, links: ReadonlyMap<Rule, readonly Link[]>): readonly Rule[] | undefined {
  const paths: (readonly Rule[])[] = [[start]]
  const seen = new Set<Rule>()
  for (let i = 0; i < paths.length; i++) {
    const path = paths[i]!
    for (const { to: rule } of links.get(path.at(-1)!) ?? []) {
      if (rule === start) return path
      if (!seen.has(rule)) paths.push([...path, rule])
      seen.add(rule)
    }
  }
  return undefined
}

/** Topics by which devices take commands, by the habits of the dialects. */
const COMMAND_TOPIC = /(?:^|\/)(?:set|cmd|cmnd|command|commands)(?:\/|$)/i

/** A command that stays in the broker is obeyed again at each reconnect of the device. */
export function checkRetainedCommand(step: PublishStep, note: Note): void {
  if (!step.retain || step.topic.kind === 'expression') return
  const text =
    step.topic.kind === 'literal'
      ? step.topic.value
      : step.topic.kind === 'template'
        ? step.topic.template.source.text
        : ''
  if (!COMMAND_TOPIC.test(text.replaceAll(/\{\{.*?\}\}/gs, ''))) return
  note({
    place: step.topic.place,
    severity: 'warning',
    id: 'retained-command',
    message: 'this looks like a command, and retained: the device obeys it again whenever it reconnects',
    suggestion: 'leave `retain` out',
  })
}
