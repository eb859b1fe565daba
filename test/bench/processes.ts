import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The built program that is measured. */
export const program = process.env['HOB_PROGRAM'] ?? join(import.meta.dirname, '../../dist/server/main.js')

/** A program under measurement. */
export interface Running {
  readonly name: string
  readonly pid: number
  readonly port: number
  /** What its ready line said, for a hub. */
  readonly ready: string
  /** Milliseconds from spawn to ready. */
  readonly startTime: number
  stop(): Promise<void>
}

const taskset = spawnSync('taskset', ['--version']).status === 0 && availableParallelism() >= 2

/** Puts the measured program on one core and the load on another, where the machine allows it. */
export const cores = { broker: taskset ? '0' : null, load: taskset ? '1' : null }

/** A command that runs on a core. */
export function onCore(core: string | null, command: readonly string[]): { file: string; args: string[] } {
  const [file = '', ...args] = core === null ? command : ['taskset', '-c', core, ...command]
  return { file, args }
}

/** A fresh folder, and the way to throw it away. */
export function scratchFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'hob-bench-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

function stopper(child: ChildProcess): () => Promise<void> {
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  return async () => {
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(patience)
  }
}

/** Starts the built program and waits for its ready line. */
async function startOurs(name: string, args: readonly string[], entry = program): Promise<Running> {
  const { file, args: words } = onCore(cores.broker, [process.execPath, entry, ...args])
  const started = performance.now()
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = stopper(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    log = (log + part).slice(-4_000)
  })
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      if (line.startsWith('hob ')) resolve(line)
    })
    child.once('exit', code => reject(new Error(`${name} ended with ${code} before it was ready:\n${log}`)))
    child.once('error', reject)
  })
  const startTime = performance.now() - started
  const port = Number(/mqtt=\S+:(\d+)/.exec(ready)?.[1])
  return { name, pid: child.pid!, port, ready, startTime, stop }
}

/** `hob broker`, everything in memory; of another build where its entry is given. */
export function startBroker(entry?: string): Promise<Running> {
  return startOurs('hob', ['broker', '--port', '0', '--host', '127.0.0.1', '--allow-anonymous'], entry)
}

/** `hob start` on a data folder. */
export function startHub(data: string): Promise<Running> {
  const ports = ['--http-port', '0', '--mqtt-port', '0', '--host', '127.0.0.1']
  return startOurs('hob', ['start', '--data', data, ...ports])
}

/** A verb of `hob`, run to its end. */
export function hob(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`hob ${args.slice(0, 2).join(' ')} ended with ${status}: ${stderr}`)
  return stdout.trim()
}

const places = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto']

/** The peer's program, or null when it is not installed. */
export function findMosquitto(): string | null {
  return places.find(place => existsSync(place)) ?? null
}

/** `2.0.11` of `mosquitto version 2.0.11`. */
export function mosquittoVersion(file: string): string {
  return /version (\S+)/.exec(spawnSync(file, ['-h'], { encoding: 'utf8' }).stdout)?.[1] ?? 'unknown'
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** mosquitto from a configuration of its own, everything in memory. */
export async function startMosquitto(file: string): Promise<Running> {
  const folder = scratchFolder()
  const port = await freePort()
  const lines = ['allow_anonymous true', 'persistence false', 'set_tcp_nodelay true', 'connection_messages false']
  const config = join(folder.path, 'mosquitto.conf')
  writeFileSync(config, [`listener ${port} 127.0.0.1`, ...lines, ''].join('\n'))
  const { file: command, args } = onCore(cores.broker, [file, '-c', config, '-v'])
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const stop = stopper(child)
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', line => {
      if (/mosquitto version .* running/.test(line)) resolve()
    })
    child.once('exit', code => reject(new Error(`mosquitto ended with ${code} before it was ready`)))
    child.once('error', reject)
  })
  const stopAndRemove = async (): Promise<void> => {
    await stop()
    folder.remove()
  }
  return {
    name: 'mosquitto',
    pid: child.pid!,
    port,
    ready: '',
    startTime: performance.now() - started,
    stop: stopAndRemove,
  }
}

/** CPU seconds that a process has used. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Memory of a process in MiB: resident, and its share of what it shares. */
export function memoryOf(pid: number): { rss: number; pss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024
  return { rss: field('Rss'), pss: field('Pss') }
}
