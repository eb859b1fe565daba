import { clockNames, functionNames, parse, pathOf, testNames } from '#expression'
import { triggerNames } from '../scope.ts'
import { resolveValue } from '../names.ts'
import type { Catalogue } from '../world.ts'
import type { Completion, Proposed } from './complete.ts'
import { completeName } from './names.ts'

const PATH = /[\p{L}_$][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]*)*$/u
/** `hall.mode == "au`: a comparison with a text that is being written. */
const COMPARED = /([\p{L}_][\p{L}\p{N}_.]*)\s*(?:==|!=)\s*(?:"([^"]*)|'([^']*))?$/u

const functionItem = (label: string): Completion => ({ label, kind: 'function', detail: '' })

/** The names that a rule text gives itself: captures, `let`, and what triggers give. */
function ownNames(text: string): string[] {
  const captures = [...text.matchAll(/[/\s"'][+#]([a-z_]\w*)/gi)].map(([, name]) => name!)
  const bindings = [...text.matchAll(/^\s+([a-z_]\w*):/gim)]
    .filter(match =>
      /^\s*let:\s*$/m.test(
        text
          .slice(0, match.index)
          .split(/\n(?=\S)/)
          .at(-1) ?? '',
      ),
    )
    .map(([, name]) => name!)
  return [...new Set([...captures, ...bindings, ...triggerNames])]
}

/** What may stand at the end of the beginning of an expression. */
export function completeExpression(
  typed: string,
  { text, catalogue }: { text: string; catalogue: Catalogue },
): Proposed {
  const compared = COMPARED.exec(typed)
  if (compared !== null) {
    const options = optionsOf(compared[1]!, catalogue)
    const given = compared[2] ?? compared[3]
    const quoted = given === undefined ? options.map(option => JSON.stringify(option)) : options
    if (options.length > 0 || given !== undefined)
      return {
        at: typed.length - (given?.length ?? 0),
        items: quoted.map(label => ({ label, kind: 'value', detail: '' })),
      }
  }
  // Inside a text nothing is proposed.
  if ((typed.replaceAll('\\"', '').split('"').length - 1) % 2 === 1) return { at: typed.length, items: [] }
  const path = PATH.exec(typed)?.[0] ?? ''
  const at = typed.length - path.length
  const before = typed.slice(0, at).trimEnd()
  if (/\d$/.test(typed.slice(0, at))) return { at: typed.length, items: [] }
  if (before.endsWith('|') && !before.endsWith('||')) return { at, items: functionNames.map(functionItem) }
  if (/\bis(?:\s+not)?$/.test(before))
    return { at, items: testNames.map(label => ({ label, kind: 'value', detail: '' })) }
  if (path.includes('.')) return completeName(path, at, catalogue)
  if (isComplete(before)) return { at, items: OPERATORS.map(label => ({ label, kind: 'value', detail: '' })) }
  const names = completeName(path, at, catalogue).items
  const own = [...ownNames(text), ...clockNames.keys()].map((label): Completion => ({
    label,
    kind: 'name',
    detail: '',
  }))
  const constants = ['not', 'true', 'false'].map((label): Completion => ({ label, kind: 'value', detail: '' }))
  return { at, items: [...names, ...own, ...functionNames.map(functionItem), ...constants] }
}

const OPERATORS = ['and', 'or', 'in', 'not in', 'is', 'if', 'else']

/** Whether an operator must follow. */
function isComplete(before: string): boolean {
  if (before === '' || /\b(?:and|or|not|in|if|else|is)$/.test(before)) return false
  const parsed = parse(before, 'strict')
  return 'ast' in parsed && (pathOf(parsed.ast) !== null || /[\w)\]"']$/.test(before))
}

function optionsOf(name: string, catalogue: Catalogue): readonly string[] {
  const found = resolveValue(name, catalogue)
  return found.kind === 'value' ? (found.value.spec.options ?? []) : []
}
