import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createCauses, createUlids, systemClock } from '#kernel'
import { anonymous, conformance, createBroker, createMemoryBrokerStore } from '../broker/index.ts'
import type { BrokerLimits, Profile } from '../broker/index.ts'
import { createLog } from '../log.ts'
import { version } from '../paths.ts'
import { lockFolder, openStorage } from '../storage/index.ts'
import { listenerPlan, openListeners } from './broker-listeners.ts'
import { stopOnSignal } from './start.ts'
import { integer, text, UsageError, type Call } from './verb.ts'

/** Bytes: the largest packet MQTT can announce. */
const LARGEST_PACKET = 268_435_455
const MILLION = 1_000_000
/** What two bytes hold. */
const MAX_ID = 65_535

const profiles: Readonly<Record<string, Profile>> = { conformance }

function profileOf(call: Call): Profile {
  const name = text(call, 'profile')
  if (name === undefined) {
    if (call.flags['allow-anonymous'] === true) return anonymous
    throw new UsageError('the broker alone knows no credentials: say --allow-anonymous, or run `hob start`')
  }
  const profile = profiles[name]
  if (profile === undefined)
    throw new UsageError(`there is no profile "${name}"; there is: ${Object.keys(profiles).join(', ')}`)
  return profile
}

function limits(call: Call, { limits: usual }: Profile): Required<BrokerLimits> {
  const given = {
    maxInflight: integer(call, 'max-inflight', { min: 1, max: MAX_ID }),
    maxQueued: integer(call, 'max-queued', { min: 0, max: MILLION }),
    maxPacketSize: integer(call, 'max-packet-size', { min: 128, max: LARGEST_PACKET }),
    maxConnections: integer(call, 'max-connections', { min: 1, max: MILLION }),
    maxKeepAlive: integer(call, 'max-keep-alive', { min: 0, max: MAX_ID }),
    receiveMaximum: integer(call, 'receive-maximum', { min: 1, max: MAX_ID }),
    maximumQos: integer(call, 'maximum-qos', { min: 0, max: 2 }),
    topicAliasMaximum: integer(call, 'topic-alias-maximum', { min: 0, max: MAX_ID }),
    retainAvailable: call.flags['no-retain'] === true ? false : undefined,
  }
  return { ...usual, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}

/** `hob broker` until it is told to stop. @returns the exit code. @throws UsageError */
export async function runBroker(call: Call): Promise<number> {
  const profile = profileOf(call)
  const plan = listenerPlan(call)
  const log = createLog('info')
  const clock = systemClock
  const folder = text(call, 'data')
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = folder === undefined ? undefined : lockFolder(folder)
  const storage =
    folder === undefined
      ? undefined
      : await openStorage({
          folder,
          clock,
          log,
          writeBudget: () => 10,
          onFatal: error => {
            log.error({ error: error.message }, 'the disk does not take writes; the broker stops')
            process.exit(1)
          },
        })
  const alone = createBroker({
    clock,
    causes: createCauses(createUlids(clock.now, randomBytes)),
    store: storage?.broker ?? createMemoryBrokerStore(),
    permissions: profile.permissions,
    limits: limits(call, profile),
    log,
    version: `hob version ${version}`,
    onMessage: () => {},
  })
  await alone.open()
  const listeners = await openListeners(plan, { broker: alone, clock, log })
  const stopped = stopOnSignal(async () => {
    await listeners.close()
    await alone.close()
    await storage?.close()
    lock?.release()
  })
  call.print(`hob broker ready ${listeners.places}`)
  return stopped
}
