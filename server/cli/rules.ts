import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { HobError, isHobError, isJsonObject, isSlug, parseJson } from '#kernel'
import type { Catalogue, Fault } from '#rules'
import { holdsHub, withHub, withNewHub } from './hub-request.ts'
import { text, UsageError, word, type Call, type Verb } from './verb.ts'

const ENDING = /\.ya?ml$/

/** `porch-light.yaml` holds the rule file `porch_light`. */
function slugOf(path: string): string {
  return basename(path).replace(ENDING, '').replaceAll('-', '_')
}

async function report(call: Call, faults: readonly Fault[], sources: ReadonlyMap<string, string>): Promise<number> {
  const { printFault } = await import('#rules')
  if (call.json) call.print(JSON.stringify(faults))
  else for (const fault of faults) call.print(`${printFault(fault, sources.get(fault.file) ?? '')}\n`)
  return faults.some(fault => fault.severity === 'error') ? 1 : 0
}

async function catalogueFrom(path: string): Promise<Catalogue> {
  const json = parseJson(readFileSync(path, 'utf8'))
  if (!isJsonObject(json)) throw new HobError('cli.bad_file', `${path} is not a JSON object with "entities"`)
  const { catalogueFromJson } = await import('#rules')
  return catalogueFromJson(json)
}

/** `hob check`: faults of rule files, without saving. */
export const check: Verb = {
  name: 'check',
  forms: ['FILE... [--devices FILE.json] [--json]'],
  summary: 'static check of rule files; exit code 1 when there is an error',
  words: Infinity,
  flags: { devices: { type: 'string', value: 'FILE.json', help: 'a synthetic registry to resolve names against' } },
  async run(call) {
    if (call.words.length === 0) throw new UsageError('FILE is missing')
    const sources = new Map(call.words.map(path => [path, readFileSync(path, 'utf8')]))
    const devices = text(call, 'devices')
    if (devices === undefined && holdsHub(call.data)) {
      const faults = await withHub(call, async ask => {
        const found: Fault[] = []
        for (const [file, source] of sources) {
          const { items } = (await ask('POST', '/rules/check', { text: source, file })) as { items: Fault[] }
          found.push(...items)
        }
        return found
      })
      return report(call, faults, sources)
    }
    const { checkText } = await import('#rules')
    const catalogue = devices === undefined ? null : await catalogueFrom(devices)
    const faults = [...sources].flatMap(
      ([file, source]) => checkText({ text: source, file, slug: slugOf(file), catalogue }).faults,
    )
    return report(call, faults, sources)
  },
}

interface RuleFile {
  slug: string
  text: string
}

/** `hob rules`: rule files as files, for git and editors. */
export const rules: Verb = {
  name: 'rules',
  forms: ['export DIR', 'import DIR'],
  summary: 'write all rule files into a folder, or save those of a folder',
  words: 2,
  flags: {},
  async run(call) {
    const action = word(call, 0, 'export or import')
    const folder = word(call, 1, 'DIR')
    if (action === 'export') return exportTo(call, folder)
    if (action === 'import') return importFrom(call, folder)
    throw new UsageError(`there is no "hob rules ${action}"`)
  },
}

async function exportTo(call: Call, folder: string): Promise<number> {
  const { items } = (await withHub(call, ask => ask('GET', '/rules'))) as { items: RuleFile[] }
  mkdirSync(folder, { recursive: true })
  for (const { slug, text: source } of items) writeFileSync(join(folder, `${slug}.yaml`), source)
  call.print(
    call.json ? JSON.stringify(items.map(({ slug }) => slug)) : `${items.length} rule files written to ${folder}`,
  )
  return 0
}

async function importFrom(call: Call, folder: string): Promise<number> {
  const paths = readdirSync(folder)
    .filter(name => ENDING.test(name))
    .map(name => join(folder, name))
  if (paths.length === 0) throw new HobError('cli.nothing_to_import', `${folder} holds no .yaml file`)
  for (const path of paths) {
    if (!isSlug(slugOf(path)))
      throw new HobError('rules.bad_slug', `${path}: the file name must be lower-case letters, digits and _`)
  }
  const sources = new Map(paths.map(path => [path, readFileSync(path, 'utf8')]))
  const faults: Fault[] = []
  await withNewHub(call, async ask => {
    for (const [path, source] of sources) {
      try {
        await ask('PUT', `/rules/${slugOf(path)}`, { text: source })
        if (!call.json) call.complain(`saved ${slugOf(path)}`)
      } catch (error) {
        if (!isHobError(error, 'rules.faulty')) throw error
        faults.push(...(error.facts['faults'] as Fault[]).map(fault => ({ ...fault, file: path })))
      }
    }
  })
  return report(call, faults, sources)
}
