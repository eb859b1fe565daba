import { createUlids, type Cause } from '#kernel'
import type { Door } from '#devices'
import { createAccess, type Access, type AccessOptions, type Browser } from '../../../server/access/index.ts'
import type { BanTarget } from '../../../server/access/bans.ts'
import { openStorage, type Storage } from '../../../server/storage/index.ts'
import { createTestClock, type TestClock } from '../../support/clock.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

export const cause: Cause = {
  id: '01KJM7QA000000000000000000',
  parent: null,
  kind: 'user',
  who: 'test',
  depth: 0,
  byRule: false,
}

export const PASSWORD = 'correct horse'

/** Access over a database in memory, on a clock moved by hand. */
export interface Stage {
  readonly clock: TestClock
  readonly storage: Storage
  readonly access: Access
  /** MQTT users whose credential is gone. */
  readonly disconnected: string[]
  /** Whom a ban sent away. */
  readonly banned: BanTarget[]
  /** Access as after a restart of the hub, over the same database. */
  reopen(options?: { allowAnonymous: boolean }): Promise<Access>
  /** A user with `PASSWORD`. */
  addUser(name: string, role?: 'owner' | 'admin' | 'guest'): ReturnType<Access['addUser']>
}

const closedDoor: Door = { admit: () => 'closed', refused() {}, welcomed() {} }

export async function openStage(options: Partial<Pick<AccessOptions, 'door' | 'connected'>> = {}): Promise<Stage> {
  const clock = createTestClock()
  const disconnected: string[] = []
  const banned: BanTarget[] = []
  const storage = await openStorage({
    folder: null,
    clock,
    log: silent,
    writeBudget: () => 0,
    onFatal(error) {
      throw error
    },
  })
  let state = 1
  const nextByte = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24
  const random = (length: number) => Uint8Array.from({ length }, nextByte)
  const newId = createUlids(clock.now, random)
  const reopen = async ({ allowAnonymous } = { allowAnonymous: false }) => {
    const store = storage.access
    const access = createAccess({
      clock,
      newId,
      random,
      store,
      log: silent,
      allowAnonymous,
      door: () => closedDoor,
      connected: () => [],
      onCredentialRevoked: ({ user }) => void disconnected.push(user),
      onBanned: ({ user, clientId, address }) => void banned.push({ user, clientId, address }),
      ...options,
    })
    await access.open()
    return access
  }
  const access = await reopen()
  const addUser: Stage['addUser'] = (name, role = 'owner') => access.addUser({ name, role, password: PASSWORD }, cause)
  return { clock, storage, access, disconnected, banned, reopen, addUser }
}

/** A browser at an address. */
export function from(address = '192.0.2.1'): Browser {
  return { address, userAgent: 'Browser' }
}
