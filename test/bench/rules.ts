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

export interface RuleHub {
  readonly hub: Running
  readonly rules: number
  readonly credential: { readonly username: string; readonly password: string }
  close(): Promise<void>
}

/** A hub with 1,000 topic rules and a client that may do everything. */
export async function startRuleHub(): Promise<RuleHub> {
  const folder = scratchFolder()
  const hub = await startHub(folder.path)
  const close = async (): Promise<void> => {
    await hub.stop()
    folder.remove()
  }
  try {
    const data = ['--data', folder.path]
    hob(['user', 'add', 'bench', '--role', 'owner', '--password-stdin', ...data], 'a password for the bench\n')
    const token = hob(['token', 'create', '--user', 'bench', '--scopes', 'admin', ...data])
    const credential = JSON.parse(hob(['client', 'add', 'bench', '--full', '--json', ...data])) as RuleHub['credential']
    const base = /http=(http:\/\/\S+)/.exec(hub.ready)?.[1]
    const response = await fetch(`${base}/api/v1/rules/bench`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: ruleText() }),
    })
    if (!response.ok)
      throw new Error(`the rules were refused: ${response.status} ${(await response.text()).slice(0, 500)}`)
    return { hub, rules: RULES, credential, close }
  } catch (error) {
    await close()
    throw error
  }
}
