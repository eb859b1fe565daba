// Writes numbered rows until it is killed; prints each one when it is durable, and numbers of the sequence as it takes them.
import { openStorage } from '../../server/storage/index.ts'
import { createTestClock } from '../support/clock.ts'

const [folder, round] = process.argv.slice(2) as [string, string]
const fail = (error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
const storage = await openStorage({
  folder,
  clock: createTestClock(),
  log: { debug() {}, info() {}, warn() {}, error() {} },
  writeBudget: () => 0,
  onFatal: fail,
})
const waiting: { batch: number; topic: string }[] = []
let n = 0

function writeSome(): void {
  for (let i = 0; i < 5; i++) {
    const topic = `${round}/${n++}`
    waiting.push({ topic, batch: storage.broker.write({ op: 'broker.retained.put', retained: { topic, message: n } }) })
  }
  process.stdout.write(`seq ${storage.nextSeq()}\n`)
  void recordSome()
}

storage.history.putSeries({ id: Number(round) + 1, entity: round, value: 'n', class: 'n' })

/** Records a number and says so once it is written. */
async function recordSome(): Promise<void> {
  const number = n
  storage.history.record(Number(round) + 1, { seq: number, at: number }, number)
  await storage.history.flush()
  process.stdout.write(`sample ${round} ${number}\n`)
}

storage.broker.onDurable(durable => {
  while (waiting.length > 0 && waiting[0]!.batch <= durable) process.stdout.write(`row ${waiting.shift()!.topic}\n`)
  writeSome()
})
writeSome()
// A worker alone keeps the process; this says so even while nothing is on its way.
setInterval(() => {}, 60_000)
