import { watchHealth } from '../../server/health.ts'
import { machineFiles } from '../../server/system/index.ts'
import { createTestClock } from '../support/clock.ts'

type Options = Parameters<typeof watchHealth>[0]

const LOOKS = 1_000
const MANY = 1_000

/** Microseconds of CPU of one look at a hub with 1,000 entities and 1,000 rules; there is one every ten seconds. */
export async function measureHealth(): Promise<number> {
  const values = new Map(['on', 'power', 'energy'].map(name => [name, { name, at: 0, every: 10_000 }]))
  const entities = Array.from({ length: MANY }, (_, n) => ({ device: { id: `device-${n}` }, online: true, values }))
  const files = Array.from({ length: MANY }, () => ({ enabled: true, rules: [{ active: true, problems: [] }] }))
  const pace = { commits: 1, milliseconds: 1, longest: 1, waiting: 0 }
  const health = watchHealth({
    version: '',
    folder: '/',
    clock: createTestClock(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    storage: { pace: () => ({ hub: pace, history: pace }), historyFault: () => null } as unknown as Options['storage'],
    broker: { queues: () => ({ messages: 0, bytes: 0, inflight: 0, fullest: null }) } as unknown as Options['broker'],
    history: {
      writes: async () => ({ perDay: 1 }),
      space: async () => ({ fullIn: null }),
    } as unknown as Options['history'],
    registry: { entities: () => entities } as unknown as Options['registry'],
    engine: { files: () => files } as unknown as Options['engine'],
    backups: { status: () => ({ last: null, fault: null }) },
    certificateFault: async () => null,
    files: machineFiles,
  })
  for (let i = 0; i < LOOKS / 10; i++) await health.look()
  const before = process.cpuUsage()
  for (let i = 0; i < LOOKS; i++) await health.look()
  const { user, system } = process.cpuUsage(before)
  health.close()
  return (user + system) / LOOKS
}
