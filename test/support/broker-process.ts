import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The built program; HOB_PROGRAM names another one. */
const program = process.env['HOB_PROGRAM'] ?? join(import.meta.dirname, '../../dist/server/main.js')

export interface BrokerProcess {
  /** Resolves with its port when it serves; rejects when it ends before that. */
  readonly ready: Promise<number>
  /** Resolves with its exit code when it is gone; null after a signal. */
  readonly gone: Promise<number | null>
  /** What it wrote to stderr so far, the end of it. */
  readonly log: () => string
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** Starts `hob broker`. Without a data folder it keeps all in memory; port 0 takes a free one. */
export function startBroker(
  data: string | null,
  { port = 0, env = {} }: { port?: number; env?: Readonly<Record<string, string>> } = {},
): BrokerProcess {
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`npm run build\` before this test`)
  const args = ['broker', '--host', '127.0.0.1', '--port', String(port), '--allow-anonymous']
  const limits = ['--max-queued', '1000000', '--max-inflight', '1000']
  const child = spawn(process.execPath, [program, ...args, ...limits, ...(data === null ? [] : ['--data', data])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    log = (log + part).slice(-8_000)
  })
  const gone = new Promise<number | null>(resolve => child.once('close', resolve))
  const ready = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      const port = /^hob broker ready mqtt=\S+:(\d+)/.exec(line)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
    void gone.then(code => reject(new Error(`the broker ended with ${code} before it was ready:\n${log}`)))
  })
  // Who kills it at once does not ask.
  ready.catch(() => {})
  return {
    ready,
    gone,
    log: () => log,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    stop() {
      child.kill('SIGTERM')
      return gone
    },
  }
}
