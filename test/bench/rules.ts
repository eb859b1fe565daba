import { join } from 'node:path'
import { askThrough, type Ask } from '../../server/cli/index.ts'
import { LOCAL_SOCKET } from '../../server/paths.ts'
import { hob, scratchFolder, startHub, type Running } from './processes.ts'

const RULES = 1_000

/** A rule file of many rules, each with a topic of its own. */
function ruleText(): string {
  const rules = Array.from({ length: RULES }, (_, i) => {
    const topic = `bench/${String(i).padStart(4, '0')}`
    return `  r${i}:\n    on: ${topic}/in\n    do:\n      - publish: ${topic}/out\n`
  })
  return `rules:\n${rules.join('')}`
}

/** A whole hub, and a client that may do everything. */
export interface FullHub {
  readonly hub: Running
  readonly credential: { readonly username: string; readonly password: string }
  /** Asks the API as the owner. */
  readonly ask: Ask
  close(): Promise<void>
}

export async function startFullHub(): Promise<FullHub> {
  const folder = scratchFolder()
  const hub = await startHub(folder.path)
  const close = async (): Promise<void> => {
    await hub.stop()
    folder.remove()
  }
  try {
    const data = ['--data', folder.path]
    const credential = JSON.parse(hob(['client', 'add', 'bench', '--full', '--json', ...data])) as FullHub['credential']
    return { hub, credential, ask: askThrough(join(folder.path, LOCAL_SOCKET)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A hub with 1,000 topic rules. */
export async function startRuleHub(): Promise<FullHub & { readonly rules: number }> {
  const full = await startFullHub()
  try {
    await full.ask('PUT', '/rules/bench', { text: ruleText() })
    return { ...full, rules: RULES }
  } catch (error) {
    await full.close()
    throw error
  }
}
