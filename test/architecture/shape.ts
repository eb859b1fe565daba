import { posix } from 'node:path'
import { scan } from './scan.ts'
import { isCode, type Finding, type Source } from './sources.ts'

/** Files that may be longer than the limit: data tables only. */
const LONG: ReadonlySet<string> = new Set(['test/broker/codec/wire-cases.ts', 'test/demo/household.ts'])
/** The composition root: a parts list in start order that one can read through. */
const PARTS_LIST = 'server/hub.ts'
const KERNEL_LINES = 520
const FUNCTION_LINES = 50
const VAGUE = /(^|[-.])(utils?|helpers?|common|managers?|services?|misc)([-.]|$)/

const countLines = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

function limitOf(path: string): number | undefined {
  const name = posix.basename(path)
  if (name === 'README.md') return 120
  if (path.endsWith('.md')) return undefined
  if (path.endsWith('.svelte')) return /^web\/(routes|lib\/components\/views)\//.test(path) ? 300 : 200
  if (name === 'index.ts') return /^(server\/)?[^/]+\/index\.ts$/.test(path) ? 40 : 80
  if (path === PARTS_LIST) return 200
  return LONG.has(path) ? undefined : 400
}

/** How long files may be, and the kernel as a whole. */
export function checkSizes(sources: readonly Source[]): Finding[] {
  const findings = sources.flatMap(({ path, text }) => {
    const limit = limitOf(path)
    const lines = countLines(text)
    if (limit === undefined || lines <= limit) return []
    return [{ path, line: 0, says: `${lines} lines, at most ${limit}: split it by what it holds` }]
  })
  const kernel = sources
    .filter(({ path }) => path.startsWith('server/kernel/') && path.endsWith('.ts'))
    .reduce((sum, { text }) => sum + countLines(text), 0)
  if (kernel <= KERNEL_LINES) return findings
  const says = `the kernel has ${kernel} lines, at most ${KERNEL_LINES}: what one room needs lives in that room`
  return [...findings, { path: 'server/kernel', line: 0, says }]
}

/** Functions of sources hold at most 50 lines of their own. */
export function checkFunctions(sources: readonly Source[]): Finding[] {
  return sources
    .filter(source => isCode(source) && !source.path.startsWith('test/'))
    .flatMap(source =>
      scan(source)
        .functions.filter(({ lines }) => lines > FUNCTION_LINES)
        .map(({ name, line, lines }) => ({
          path: source.path,
          line,
          says: `${name} has ${lines} lines of its own, at most ${FUNCTION_LINES}: give its parts names`,
        })),
    )
}

/** File and folder names say what they hold: kebab-case, PascalCase for components, nothing vague. */
export function checkNames(sources: readonly Source[]): Finding[] {
  return sources.filter(isCode).flatMap(({ path }) => {
    const says: string[] = []
    for (const part of path.split('/')) {
      const stem = part.replace(/(\.(test|long|svelte|config|d|gen))*\.(ts|mjs|svelte)$/, '')
      if (VAGUE.test(stem)) says.push(`"${part}" says nothing: name it after what it holds`)
    }
    const name = posix.basename(path)
    if (name.endsWith('.svelte') && !/^[A-Z][A-Za-z0-9]*\.svelte$/.test(name))
      says.push('components are named in PascalCase')
    if (!name.endsWith('.svelte') && !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|mjs)$/.test(name))
      says.push('files are named in kebab-case')
    return says.map(text => ({ path, line: 0, says: text }))
  })
}

const WORDS: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  { pattern: /\{@html\b/, says: '{@html} lets text become markup: render it as text' },
  { pattern: /\b(eslint|oxlint)-disable/, says: 'no switched-off lint rules: change the code, or the rule for all' },
  { pattern: /@ts-(ignore|nocheck|expect-error)/, says: 'no switched-off type checks: fix the type' },
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, says: 'no open ends in the code: finish it or leave it out' },
]
const TEST_WORDS = [
  { pattern: /\b(it|test|describe)\.(skip|only|todo)\b/, says: 'every test runs: repair it or remove it' },
]

/** Words that have no place in the project. This check's own files may spell them. */
export function checkWords(sources: readonly Source[]): Finding[] {
  return sources
    .filter(source => isCode(source) && !/^test\/architecture(\/|\.)/.test(source.path))
    .flatMap(({ path, text }) => {
      const words = path.startsWith('test/') ? [...WORDS, ...TEST_WORDS] : WORDS
      return text
        .split('\n')
        .flatMap((line, index) =>
          words.filter(({ pattern }) => pattern.test(line)).map(({ says }) => ({ path, line: index + 1, says })),
        )
    })
}
