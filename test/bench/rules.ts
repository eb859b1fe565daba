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
  /** Sends something to the API as the owner. */
  put(path: string, body: unknown): Promise<Response>
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
    hob(['user', 'add', 'bench', '--role', 'owner', '--password-stdin', ...data], 'a password for the bench\n')
    const token = hob(['token', 'create', '--user', 'bench', '--scopes', 'admin', ...data])
    const credential = JSON.parse(hob(['client', 'add', 'bench', '--full', '--json', ...data])) as FullHub['credential']
    const base = /http=(http:\/\/\S+)/.exec(hub.ready)?.[1]
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const put: FullHub['put'] = (path, body) =>
      fetch(`${base}/api/v1${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
    return { hub, credential, put, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A hub with 1,000 topic rules. */
export async function startRuleHub(): Promise<FullHub & { readonly rules: number }> {
  const full = await startFullHub()
  const response = await full.put('/rules/bench', { text: ruleText() })
  if (response.ok) return { ...full, rules: RULES }
  await full.close()
  throw new Error(`the rules were refused: ${response.status} ${(await response.text()).slice(0, 500)}`)
}
