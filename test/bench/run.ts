// npm run bench [-- --rounds 5 --seconds 2 --only codec,rights,health,storage,slow-disk,history,broker,whole,hub,rules,page --case fan-in --peer FILE]
// Figures are ratios: ours and the peer's in turn, the median of the rounds. See README.md beside this file.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { brokerCases, type BrokerCase } from './cases.ts'
import { measureCodec } from './codec.ts'
import { measureHistory } from './history.ts'
import type { LoadPlan, LoadReport } from './load-plan.ts'
import { measurePage } from './page.ts'
import * as processes from './processes.ts'
import type { Running } from './processes.ts'
import { measureSlowDisk, percentile } from '../durability/slow-disk.ts'
import { measureHealth } from './health.ts'
import { measureRights } from './rights.ts'
import { startFullHub, startRuleHub } from './rules.ts'
import { measureStorage } from './storage.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: 'codec,rights,health,storage,slow-disk,history,broker,whole,hub,rules,page' },
    case: { type: 'string', default: '' },
    peer: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
/** One each 5 ms. */
const SLOW_DISK_MESSAGES = 2_000
const seconds = Number(values.seconds)
const parts = new Set(values.only.split(','))

const count = (value: number): string => Math.round(value).toLocaleString('en-US')
const percent = (value: number): string => `${Math.round(value * 100)} %`

function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

interface Sample extends LoadReport {
  /** Microseconds of the broker's CPU for each delivered message. */
  readonly cpu: number
}

/** Runs the load generator once against a broker. */
async function load(
  running: Running,
  plan: Omit<LoadPlan, 'port' | 'payload' | 'warmup' | 'seconds'>,
): Promise<Sample> {
  const whole: LoadPlan = { ...plan, port: running.port, payload: 64, warmup: Math.min(1, seconds), seconds }
  const script = join(import.meta.dirname, 'load.ts')
  const { file, args } = processes.onCore(processes.cores.load, [process.execPath, script, JSON.stringify(whole)])
  const before = processes.cpuSeconds(running.pid)
  const child = promisify(execFile)(file, args, { timeout: (seconds + 30) * 1000 })
  const report = JSON.parse((await child).stdout) as LoadReport
  // The warm-up's share of the CPU is taken out by time.
  const used = (processes.cpuSeconds(running.pid) - before) * (seconds / (seconds + whole.warmup))
  return { ...report, cpu: (used / Math.max(1, report.messages)) * 1e6 }
}

function describeRate(samples: readonly Sample[]): string {
  const [rate, cpu, busy] = [
    median(samples.map(sample => sample.rate)),
    median(samples.map(sample => sample.cpu)),
    median(samples.map(sample => sample.load)),
  ]
  return `${count(rate)}/s, ${cpu.toFixed(2)} us CPU each (load generator ${percent(busy)})`
}

function describeLatency(samples: readonly Sample[]): string {
  const [p50, p99] = [samples.map(sample => sample.latency!.p50), samples.map(sample => sample.latency!.p99)]
  return `p50 ${median(p50)} us, p99 ${median(p99)} us`
}

interface Side {
  readonly running: Running
  readonly credential?: LoadPlan['credential']
  /** As it is printed; at most ten characters. */
  readonly label: string
}

async function compare(ours: Side, theirs: Side | null, test: BrokerCase): Promise<void> {
  const our: Sample[] = []
  const their: Sample[] = []
  const plan = ({ credential }: Side) => (credential === undefined ? test : { ...test, credential })
  for (let round = 0; round < rounds; round++) {
    our.push(await load(ours.running, plan(ours)))
    if (theirs !== null) their.push(await load(theirs.running, plan(theirs)))
  }
  const describe = test.pace === null ? describeRate : describeLatency
  console.log(test.name)
  console.log(`  ${ours.label.padEnd(10)} ${describe(our)}`)
  const busiest = Math.max(...our.map(sample => sample.load))
  if (theirs !== null) {
    console.log(`  ${theirs.label.padEnd(10)} ${describe(their)}`)
    const of = (sample: Sample): number => (test.pace === null ? sample.rate : sample.latency!.p99)
    const ratios = our.map((sample, i) => of(sample) / of(their[i]!))
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)]
    const cpu = median(our.map((sample, i) => their[i]!.cpu / sample.cpu))
    const also = test.pace === null ? `, by CPU time ${cpu.toFixed(2)}` : ' of the p99'
    console.log(`  ratio      ${median(ratios).toFixed(2)} [${least.toFixed(2)} to ${most.toFixed(2)}]${also}`)
  }
  if (busiest > 0.9) console.log(`  the load generator used up to ${percent(busiest)} of its core: hob can do more`)
}

/** Another build of the program where one was named, else mosquitto where there is one. */
async function startPeer(mosquitto: string | null): Promise<Running | null> {
  if (values.peer !== undefined) return processes.startBroker(values.peer)
  return mosquitto === null ? null : processes.startMosquitto(mosquitto)
}

async function benchBroker(mosquitto: string | null): Promise<void> {
  const ours = await processes.startBroker()
  const theirs = await startPeer(mosquitto)
  const peer = theirs === null ? null : { running: theirs, label: values.peer === undefined ? 'mosquitto' : 'peer' }
  try {
    for (const test of brokerCases) {
      if (test.name.includes(values.case)) await compare({ running: ours, label: 'hob' }, peer, test)
    }
  } finally {
    await ours.stop()
    await theirs?.stop()
  }
}

/** What the registry and the rules cost messages that are nobody's: the whole hub against its broker alone. */
async function benchWhole(): Promise<void> {
  const broker = await processes.startBroker()
  const { hub, credential, close } = await startFullHub()
  try {
    const test = { ...brokerCases[0]!, name: `${brokerCases[0]!.name}, the whole hub` }
    await compare({ running: hub, credential, label: 'hub' }, { running: broker, label: 'broker' }, test)
  } finally {
    await close()
    await broker.stop()
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

async function benchHub(): Promise<void> {
  const starts: number[] = []
  const memory: { rss: number; pss: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const folder = processes.scratchFolder()
    const hub = await processes.startHub(folder.path)
    starts.push(hub.startTime)
    await pause(3_000)
    memory.push(processes.memoryOf(hub.pid))
    await hub.stop()
    folder.remove()
  }
  console.log(`cold start to the ready line, empty data folder: ${Math.round(median(starts))} ms`)
  const [rss, pss] = [median(memory.map(found => found.rss)), median(memory.map(found => found.pss))]
  console.log(`idle hub, 3 s after the start: RSS ${Math.round(rss)} MiB, PSS ${Math.round(pss)} MiB`)
}

async function benchRules(): Promise<void> {
  const { hub, rules, credential, close } = await startRuleHub()
  try {
    const samples: Sample[] = []
    const shape = { shape: 'rules', publishers: 10, subscribers: 1, qos: 0, window: 100, rules, credential } as const
    for (let round = 0; round < rounds; round++) samples.push(await load(hub, { ...shape, pace: null }))
    console.log(`${count(rules)} topic rules, fires: ${describeRate(samples)}`)
    const paced: Sample[] = []
    for (let round = 0; round < rounds; round++) paced.push(await load(hub, { ...shape, pace: 400 }))
    console.log(`${count(rules)} topic rules at 400/s: ${describeLatency(paced)}`)
  } finally {
    await close()
  }
}

async function benchStorage(): Promise<void> {
  const { single, commits, messages, loopDelay } = await measureStorage(seconds)
  console.log(`hub.db: one message and its commit: p50 ${single.p50.toFixed(2)} ms, p99 ${single.p99.toFixed(2)} ms`)
  console.log(`hub.db under load: ${count(commits)} commits/s, ${count(messages)} messages/s`)
  console.log(`event loop while the disk stands still for 200 ms at a time: at most ${loopDelay.toFixed(1)} ms late`)
}

async function benchSlowDisk(): Promise<void> {
  const { latencies, fsyncs, acknowledged } = await measureSlowDisk(SLOW_DISK_MESSAGES)
  const [p50, p99] = [0.5, 0.99].map(share => percentile(latencies, share).toFixed(1))
  console.log(`every fsync takes 200 ms: QoS 0 p50 ${p50} ms, p99 ${p99} ms of ${count(latencies.length)} messages,`)
  console.log(`  with ${fsyncs} fsyncs and ${acknowledged} acknowledged messages of QoS 1 meanwhile`)
}

async function benchHistory(): Promise<void> {
  const { changes, bytes, writing, charts, start, ingest, day } = await measureHistory()
  const mega = (value: number) => `${(value / 1e6).toFixed(1)} MB`
  console.log(
    `history: a year of 100 devices, ${count(changes)} changes: ${mega(bytes)}, written in ${Math.round(writing)} s`,
  )
  for (const { range, p50, max, points } of charts)
    console.log(`history: ${range}, ${points} points: p50 ${p50.toFixed(1)} ms, at most ${max.toFixed(1)} ms`)
  console.log(`history: cold start to the ready line with that database: ${Math.round(start)} ms`)
  console.log(
    `history: ${count(ingest.rate)} values/s recorded, event loop at most ${ingest.loopDelay.toFixed(1)} ms late, longest turn ${ingest.turn.toFixed(1)} ms of CPU`,
  )
  console.log(
    `history: a day of 100 devices, ${count(day.changes)} changes: ${mega(day.handed)} handed over, ${mega(day.disk)} for the disk`,
  )
}

async function benchPage(): Promise<void> {
  const { firstLoad, interactive, changes, longTasks } = await measurePage(rounds, 10)
  console.log(`page: first load of Home: ${(firstLoad / 1_000).toFixed(1)} kB of JavaScript and CSS, by gzip`)
  for (const { tiles, times } of interactive)
    console.log(`page: Home of ${tiles} tiles interactive at a quarter of the CPU: ${Math.round(median(times))} ms`)
  const worst =
    longTasks.length === 0 ? 'none' : `${longTasks.length}, at most ${Math.round(Math.max(...longTasks))} ms`
  console.log(`page: tasks over 50 ms during ${count(changes)} changes over 300 tiles in 10 s: ${worst}`)
}

const mosquitto = processes.findMosquitto()
const pinned = processes.cores.broker === null ? 'not pinned' : 'program and load on a core each'
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
)
console.log(`Linux ${release()}, Node ${process.version}, ${pinned}, medians of ${rounds} rounds of ${seconds} s`)
if (values.peer !== undefined) console.log(`peer: ${values.peer}`)
else if (mosquitto === null) console.log('mosquitto is not installed (apt-get install mosquitto): our figures alone')
else console.log(`mosquitto ${processes.mosquittoVersion(mosquitto)}, everything in memory, 64-byte payloads`)
console.log()

if (parts.has('storage')) await benchStorage()
if (parts.has('codec'))
  for (const { name, rate } of measureCodec()) console.log(`codec: ${name}: ${count(rate)} packets/s`)
if (parts.has('health')) console.log(`health: one look every 10 s: ${(await measureHealth()).toFixed(0)} us of CPU`)
if (parts.has('rights')) console.log(`rights: one authorisation check: ${measureRights().toFixed(0)} ns`)
if (!existsSync(processes.program)) {
  console.log('the hub is not built: run `npm run build`')
  process.exitCode = 1
} else {
  if (parts.has('slow-disk')) await benchSlowDisk()
  if (parts.has('broker')) await benchBroker(mosquitto)
  if (parts.has('whole')) await benchWhole()
  if (parts.has('history')) await benchHistory()
  if (parts.has('hub')) await benchHub()
  if (parts.has('rules')) await benchRules()
  if (parts.has('page')) await benchPage()
}
