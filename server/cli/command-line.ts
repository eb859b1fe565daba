import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { HobError } from '#kernel'
import { defaultDataFolder, version } from '../paths.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import { broker } from './broker.ts'
import { claim } from './claim.ts'
import { adopt, forget, replay } from './devices.ts'
import { doctor } from './doctor.ts'
import { pair } from './pair.ts'
import { client, token, user } from './people.ts'
import { restore } from './restore.ts'
import { check, rules } from './rules.ts'
import { set } from './settings.ts'
import { start } from './start.ts'
import { why } from './why.ts'
import { toParseOptions, UsageError, type Flags, type Verb } from './verb.ts'

/** Every verb of `hob`, in the order of the help. */
export const verbs: readonly Verb[] = [
  start,
  broker,
  claim,
  user,
  token,
  client,
  audit,
  pair,
  adopt,
  forget,
  set,
  rules,
  check,
  why,
  replay,
  doctor,
  backup,
  restore,
]

const COMMON: Flags = {
  data: { type: 'string', value: 'DIR', help: `data folder (HOB_DATA; default ${defaultDataFolder})` },
  json: { type: 'boolean', help: 'facts as JSON' },
  help: { type: 'boolean', help: 'this text' },
}

function overview(): string {
  const lines = verbs.map(({ name, summary }) => `  hob ${name.padEnd(8)} ${summary}`)
  return [
    'hob: a smart-home hub in one process',
    '',
    ...lines,
    '',
    'Each has --help. hob --version says which version this is.',
  ].join('\n')
}

/** The verb's own flags, then those of every verb that it does not tell otherwise. */
function flagsOf({ flags, factless }: Verb): Flags {
  const common = Object.entries(COMMON).filter(([name]) => !(name in flags) && !(name === 'json' && factless))
  return { ...flags, ...Object.fromEntries(common) }
}

function help(verb: Verb): string {
  const { name, forms, summary } = verb
  const shown = Object.entries(flagsOf(verb)).map(([flag, { value, help: line }]) => {
    return `  ${`--${flag}${value === undefined ? '' : ` ${value}`}`.padEnd(26)} ${line}`
  })
  return [...forms.map(form => `hob ${name} ${form}`), '', summary, '', ...shown].join('\n')
}

function parse(verb: Verb, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: toParseOptions(flagsOf(verb)), allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function run(verb: Verb, args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(verb, args)
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  if (values['help'] === true) {
    print(help(verb))
    return 0
  }
  const tooMany = positionals[verb.words ?? 0]
  if (tooMany !== undefined)
    throw new UsageError(`"${tooMany}" is a word too many; a text with spaces stands between quotes`)
  const data = typeof values['data'] === 'string' ? values['data'] : process.env['HOB_DATA']
  return verb.run({
    flags: values,
    words: positionals,
    data: resolve(data ?? defaultDataFolder),
    json: values['json'] === true,
    print,
    complain: line => void process.stderr.write(`${line}\n`),
  })
}

/**
 * Runs one command line.
 * @returns the exit code: 0 fine, 1 findings or failure, 2 wrong use.
 */
export async function commandLine(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === '--version') {
    process.stdout.write(`${version}\n`)
    return 0
  }
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${overview()}\n`)
    return name === undefined ? 2 : 0
  }
  const verb = verbs.find(each => each.name === name)
  try {
    if (verb === undefined) throw new UsageError(`there is no "hob ${name}"; hob --help lists what there is`)
    return await run(verb, rest)
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`hob: ${error.message}\n${verb === undefined ? '' : `Try: hob ${verb.name} --help\n`}`)
      return 2
    }
    if (error instanceof HobError || (error instanceof Error && 'syscall' in error)) {
      process.stderr.write(`hob: ${error.message}\n`)
      return 1
    }
    throw error
  }
}
