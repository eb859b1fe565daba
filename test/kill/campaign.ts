import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker } from '../support/broker-process.ts'
import { seededChances, type Chances } from '../support/chances.ts'
import { FaultDisk } from '../support/fault-disk.ts'
import { kills, powerCuts, type Deaths } from './deaths.ts'
import { Load } from './load.ts'

export interface Report {
  /** Messages that the broker took over. */
  readonly acknowledged: number
  /** Milliseconds from the start of a broker that had died to its ready line, the longest. */
  readonly slowestStart: number
  /** Lost, doubled and reordered messages, lost sessions, wrong retained values, damaged databases; each with its story. */
  readonly faults: readonly string[]
}

/** kill -9 at `count` instants that a seed chooses, under load; then everything must be there, and once. */
export function killCampaign(seed: number, count: number): Promise<Report> {
  const chances = seededChances(seed)
  return inFolder(folder => run({ chances, folder, count, deaths: kills() }))
}

/** The same with power cuts: what was not synced is there in part or not at all. */
export function powerCutCampaign(seed: number, count: number): Promise<Report> {
  const chances = seededChances(seed)
  return inFolder(async folder => {
    const disk = new FaultDisk(folder)
    try {
      return await run({ chances, folder, count, deaths: powerCuts(disk, folder, chances) })
    } finally {
      disk.remove()
    }
  })
}

async function inFolder(work: (folder: string) => Promise<Report>): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'hob-kill-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Plan {
  readonly chances: Chances
  readonly folder: string
  readonly count: number
  readonly deaths: Deaths
}

async function run({ chances, folder, count, deaths }: Plan): Promise<Report> {
  const load = new Load(chances)
  const { ledger } = load
  const start = (port: number) => startBroker(folder, { port, env: deaths.env })
  let broker = start(0)
  let slowestStart = 0
  try {
    const port = await broker.ready
    await load.subscribe(port)
    for (let death = 0; death < count; death++) {
      const published = load.publish(port)
      // Now and then it dies while the clients come back.
      if (death === 0 || !chances.chance(0.2)) {
        await published
        await load.disturb(chances, port, death === 0 ? 100 : chances.between(1, 250))
      }
      await offBeat(chances, 8)
      await deaths.end(broker)
      await published
      await load.lose()
      for (const fault of deaths.after()) ledger.fault(fault)
      // Now and then it dies again before it serves.
      if (chances.chance(0.1)) {
        broker = start(port)
        await offBeat(chances, slowestStart)
        await broker.kill()
        for (const fault of deaths.after()) ledger.fault(fault)
      }
      const started = performance.now()
      broker = start(port)
      await broker.ready
      slowestStart = Math.max(slowestStart, performance.now() - started)
      await load.comeBack(chances, port)
    }
    await load.finish(port)
  } finally {
    await broker.kill()
  }
  return { acknowledged: ledger.acknowledged, slowestStart, faults: ledger.faults }
}

/** A moment of up to so many milliseconds, off the beat of the acknowledgements. */
function offBeat(chances: Chances, most: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, chances.between(0, 1_000 * most) / 1_000))
}
