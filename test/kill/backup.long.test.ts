import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seededChances } from '../support/chances.ts'
import { hob, mqttClient, program, startHub, temporaryFolder } from '../support/hub-process.ts'

const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
const ROUNDS = 50
const TOPICS = 200
const PASSPHRASE = 'correct horse battery'

/** Runs a verb while the load goes on; `killAfter` milliseconds it is killed. @returns its exit code, null when killed. */
function run(args: readonly string[], killAfter?: number): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  child.stdin.end(`${PASSPHRASE}\n`)
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise(resolve => {
    child.once('close', code => {
      clearTimeout(timer)
      resolve({ code, stderr })
    })
  })
}

/** The newest number of each topic in a restored house, which is whole. */
function retainedIn(folder: string): Map<string, number> {
  for (const name of ['hub.db', 'history.db']) {
    const database = new Database(join(folder, name), { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    database.close()
  }
  const database = new Database(join(folder, 'hub.db'), { readonly: true })
  const rows = database
    .prepare('select r.topic, m.payload from broker_retained r join broker_message m on m.key = r.message')
    .all() as { topic: string; payload: Buffer }[]
  database.close()
  return new Map(rows.map(({ topic, payload }) => [topic, Number(payload.toString())]))
}

const p99 = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? 0

it(
  `${ROUNDS} backups under load restore equal, also when they or the hub are killed (HOB_SEED=${seed})`,
  { timeout: 3_000_000 },
  async () => {
    const chances = seededChances(seed)
    const folder = temporaryFolder()
    const data = join(folder.path, 'data')
    const file = join(folder.path, 'house.hob')
    const { username, password } = JSON.parse(
      hob(['client', 'add', 'lab', '--full', '--json', '--data', data]).stdout,
    ) as { username: string; password: string }
    let hub = await startHub(data)
    const sent = new Map<string, number>()
    const acknowledged = new Map<string, number>()
    const delays: Record<'quiet' | 'backup', number[]> = { quiet: [], backup: [] }
    let during: 'quiet' | 'backup' = 'quiet'
    let number = 0
    let isLoaded = true

    /** Publishes a number to one topic after the other, each as soon as the one before was taken over. */
    async function load(): Promise<void> {
      const { client } = await mqttClient(hub, { username, password })
      const gone = new Promise<void>(resolve => client.once('close', () => resolve()))
      const publishAll = async () => {
        while (isLoaded && client.connected) {
          const n = number++
          const topic = `load/${n % TOPICS}`
          const when = during
          const begun = performance.now()
          sent.set(topic, n)
          await client.publishAsync(topic, String(n), { qos: 1, retain: true })
          acknowledged.set(topic, n)
          delays[when].push(performance.now() - begun)
        }
      }
      await Promise.race([publishAll().catch(() => gone), gone])
      client.end(true)
    }

    async function restored(before: ReadonlyMap<string, number>): Promise<void> {
      const fresh = join(folder.path, 'fresh')
      const result = await run(['restore', file, '--data', fresh, '--passphrase-stdin'])
      expect([result.code, result.stderr]).toEqual([0, ''])
      const found = retainedIn(fresh)
      for (const [topic, n] of before) {
        expect([topic, (found.get(topic) ?? -1) >= n && found.get(topic)! <= sent.get(topic)!]).toEqual([topic, true])
      }
      rmSync(fresh, { recursive: true })
    }

    let loading = load()
    let good: ReadonlyMap<string, number> = new Map()
    const backup = ['backup', file, '--data', data, '--passphrase-stdin']
    const outcomes = { made: 0, killed: 0, hubKilled: 0 }
    for (let round = 1; round <= ROUNDS; round++) {
      // Some load of its own between two backups.
      const goal = delays.quiet.length + 200
      while (delays.quiet.length < goal) await new Promise(resolve => setImmediate(resolve))
      const before = new Map(acknowledged)
      during = 'backup'
      const isKilled = round % 5 === 0
      const killsHub = round % 7 === 0
      const making = run(backup, isKilled ? chances.between(50, 1_500) : undefined)
      if (killsHub) {
        await new Promise(resolve => setTimeout(resolve, chances.between(50, 1_500)))
        await hub.kill()
        await loading
      }
      const { code, stderr } = await making
      during = 'quiet'
      if (code === 0) good = before
      else if (!isKilled && !killsHub) expect.unreachable(stderr)
      outcomes[code === 0 ? 'made' : killsHub ? 'hubKilled' : 'killed']++
      if (killsHub) {
        hub = await startHub(data)
        loading = load()
      }
      // After a kill the file is the one before, or the new one, and opens.
      if (good.size > 0) await restored(good)
    }
    isLoaded = false
    await loading
    await hub.stop()
    const figures = { quiet: p99(delays.quiet), backup: p99(delays.backup) }
    console.log(`backups: ${JSON.stringify({ ...outcomes, messages: number, p99: figures })}`)
    expect(outcomes.made).toBeGreaterThan(ROUNDS / 2)
    folder.remove()
  },
)
