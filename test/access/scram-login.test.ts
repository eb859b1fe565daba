import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Access } from '../../server/access/index.ts'
import type { ExchangeStep, Login } from '../../server/broker/index.ts'
import { prove } from './support/scram-client.ts'
import { cause, openStage, type Stage } from './support/stage.ts'

const NOBODY: Login = {
  clientId: 'c',
  username: null,
  password: null,
  protocol: 5,
  willTopic: null,
  peer: { address: '192.0.2.1', port: 1, transport: 'tcp' },
}

let stage: Stage
let access: Access
let knocks: string[]

beforeEach(async () => {
  knocks = []
  stage = await openStage({
    door: () => ({
      admit: () => 'closed',
      refused: (_login, reason) => void knocks.push(reason),
      welcomed() {},
    }),
  })
  access = stage.access
})
afterEach(() => stage.storage.close())

const addClient = (to: Access) =>
  to.addClient(
    { name: 'Node RED', kind: 'software', publish: ['home/+/set'], subscribe: ['home/#'], full: false },
    cause,
  )

describe('SCRAM-SHA-256', () => {
  const first = 'n,,n=c-node_red,r=abc'
  const begin = () => {
    const exchange = access.permissions.authenticate!('SCRAM-SHA-256', NOBODY)!
    const step = exchange.next(Buffer.from(first)) as ExchangeStep
    return { exchange, step, challenge: Buffer.from(step.data ?? []).toString() }
  }

  it('lets in the clients that the hub made a password for, also after a restart', async () => {
    const { password } = await addClient(stage.access)
    access = await stage.reopen()
    const { exchange, step, challenge } = begin()
    expect(step.kind).toBe('continue')
    expect(exchange.next(Buffer.from(prove(password, first, challenge)))).toMatchObject({
      kind: 'done',
      identity: { kind: 'member', user: 'c-node_red' },
    })
  })

  it('refuses a wrong proof, slows who tries too often, and offers no other method', async () => {
    await addClient(stage.access)
    for (let i = 0; i < 10; i++) {
      const { exchange, challenge } = begin()
      expect(exchange.next(Buffer.from(prove('wrong', first, challenge)))).toMatchObject({
        kind: 'done',
        identity: { kind: 'refused', reason: 'bad_credentials' },
      })
    }
    expect(knocks).toHaveLength(10)
    expect(begin().step).toMatchObject({ kind: 'done', identity: { kind: 'refused', reason: 'unavailable' } })
    stage.clock.advance(5_000)
    expect(begin().step.kind).toBe('continue')
    expect(access.permissions.authenticate!('SCRAM-SHA-1', NOBODY)).toBeNull()
  })
})
