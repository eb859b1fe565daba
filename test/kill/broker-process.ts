import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The built program; HOB_PROGRAM names another one. */
const program = process.env['HOB_PROGRAM'] ?? join(import.meta.dirname, '../../dist/server/main.js')

export interface BrokerProcess {
  readonly port: number
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts `hob broker` on a data folder and waits for its ready line. Port 0 takes a free one. */
export async function startBroker(data: string, port: number): Promise<BrokerProcess> {
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`npm run build\` before the kill tests`)
  const args = ['broker', '--host', '127.0.0.1', '--port', String(port), '--data', data, '--allow-anonymous']
  const child = spawn(process.execPath, [program, ...args, '--max-queued', '1000000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    log = (log + part).slice(-8_000)
  })
  const gone = new Promise<number | null>(resolve => child.once('exit', resolve))
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      if (line.startsWith('hob broker ready ')) resolve(line)
    })
    void gone.then(code => reject(new Error(`the broker ended with ${code} before it was ready:\n${log}`)))
  })
  return {
    port: Number(/mqtt=\S+:(\d+)/.exec(ready)?.[1]),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
