// A client that does not read, a queue that is full, a disk that is behind: everything has an end.

import { describe, expect, test } from 'vitest'
import { settle } from './support/memory-stream.ts'
import { createStage, playScene, type Scene } from './support/stage.ts'

const scenes: Scene[] = [
  {
    name: 'a full queue drops the newest, counts them and says so once; the order of the others holds',
    limits: { maxInflight: 1, maxQueued: 2 },
    lines: `
      s> connect clean=0 ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      p> connect ; publish t 1 q1 #1 ; publish t 2 q1 #2 ; publish t 3 q1 #3 ; publish t 4 q1 #4 ; publish t 5 q1 #5
      p< connack 0
      p< puback #1
      p< puback #2
      p< puback #3
      p< puback #4
      p< puback #5
      counts dropped=2
      s< publish t 1 q1 #1
      s> puback #1
      s< publish t 2 q1 #2
      s> puback #2
      s< publish t 3 q1 #3
      s> puback #3 ; publish t 6 q1 #9
      s< publish t 6 q1 #4
      s< puback #9`,
  },
  {
    name: 'the bytes of a queue are bounded as well',
    limits: { maxInflight: 1, maxQueuedBytes: 2_000 },
    lines: `
      s> connect ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      hub> publish t 900*a q1
      hub> publish t 900*b q1
      hub> publish t 900*c q1
      hub> publish t 900*d q1
      counts dropped=1
      s< publish t 900*a q1 #1
      s> puback #1
      s< publish t 900*b q1 #2
      s> puback #2
      s< publish t 900*c q1 #3`,
  },
  {
    name: 'copies that have expired make room and are never sent',
    limits: { maxInflight: 1, maxQueued: 2 },
    lines: `
      s> connect clean=0 ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      hub> publish t 1 q1 expiry=10
      hub> publish t 2 q1 expiry=10
      hub> publish t 3 q1
      s< publish t 1 q1 #1
      wait 10
      hub> publish t 4 q1
      hub> publish t 5 q1
      counts dropped=1
      s drops
      s> connect clean=0
      s< connack 0 present
      s< publish t 1 q1 #1 dup
      s> puback #1
      s< publish t 3 q1 #2
      s> puback #2
      s< publish t 4 q1 #3`,
  },
  {
    name: 'a command with an expiry does not reach a client that comes back too late, also over kill -9',
    lines: `
      s> connect clean=0 ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      s drops
      hub> publish t late q1 expiry=10
      hub> publish t lasting q1
      kill
      wait 10
      s> connect clean=0
      s< connack 0 present
      s< publish t lasting q1 #1`,
  },
]

const MEGABYTE = 1024 * 1024

describe('backlog', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))

  test('is told over all sessions, with the one that is nearest to its limit', async () => {
    const stage = await createStage({ limits: { maxInflight: 1, maxQueued: 10, maxQueuedBytes: 2_000 } })
    expect(stage.broker.queues()).toEqual({ messages: 0, bytes: 0, inflight: 0, fullest: null })
    await stage.play(`
      s> connect ; subscribe #1 a:1
      s< connack 0
      s< suback #1 1
      r> connect ; subscribe #1 b:1
      r< connack 0
      r< suback #1 1
      hub> publish a 1 q1
      hub> publish a 2 q1
      hub> publish a 3 q1
      hub> publish b 1 q1
      hub> publish b 900*x q1`)
    expect(stage.broker.queues()).toMatchObject({ messages: 3, inflight: 2 })
    // Two of ten messages beside 965 of 2,000 bytes.
    expect(stage.broker.queues().fullest).toMatchObject({ clientId: 'r', share: 0.4825 })
    for (let i = 0; i < 20; i++) await stage.play('hub> publish a x q1')
    expect(stage.broker.queues().fullest).toMatchObject({ clientId: 's', share: 1 })
  })

  test('a client that does not read loses QoS 0 above 1 MiB and no QoS 1', async () => {
    const stage = await createStage({ limits: { maxInflight: 1000 } })
    await stage.play(`
      s> connect ; subscribe #1 t:1
      s< connack 0
      s< suback #1 1
      s stalls`)
    for (let i = 0; i < 300; i++) await stage.play('hub> publish t 10000*x')
    const dropped = stage.broker.stats().dropped
    expect(dropped).toBeGreaterThan(150)
    expect(stage.stream('s').writableLength).toBeLessThan(1.5 * MEGABYTE)
    await stage.play('hub> publish t kept q1')
    expect(stage.broker.clients().find(client => client.clientId === 's')?.queued).toBe(1)
    await stage.play('s reads')
    for (let i = dropped; i < 300; i++) await stage.play('s< publish t 10000*x')
    await stage.play('s< publish t kept q1 #1')
    expect(await stage.end()).toEqual([])
  })

  test('a client that sends requests and reads no answers is not read any more, until it reads', async () => {
    const stage = await createStage()
    await stage.play(`
      s> connect
      s< connack 0
      s stalls`)
    const stream = stage.stream('s')
    const pings = Buffer.alloc(64 * 1024, Uint8Array.of(0xc0, 0))
    for (let i = 0; i < 60; i++) {
      stream.feed(pings)
      await settle()
    }
    expect(stream.isPaused()).toBe(true)
    expect(stream.writableLength).toBeLessThan(1.5 * MEGABYTE)
    stream.unstall()
    let answered = 0
    while (answered < 60 * pings.length) {
      await settle()
      answered += stream.taken().length
    }
    // One answer for each request: none was lost.
    expect(answered).toBe(60 * pings.length)
    expect(stream.isPaused()).toBe(false)
  })

  test('retained messages beyond what the client reads wait for it', async () => {
    const stage = await createStage()
    for (let i = 0; i < 300; i++) await stage.play(`hub> publish t/${i} 10000*x retain`)
    await stage.play(`
      s> connect
      s< connack 0
      s stalls
      s> subscribe #1 #:0`)
    expect(stage.stream('s').writableLength).toBeLessThan(1.5 * MEGABYTE)
    await stage.play(`
      hub> publish t/299 new retain
      s reads
      s< suback #1 0`)
    for (let i = 0; i < 299; i++) await stage.play(`s< publish t/${i} 10000*x retain`)
    await stage.play('s< publish t/299 new retain')
    expect(stage.broker.stats().dropped).toBe(1)
    expect(await stage.end()).toEqual([])
  })

  test('a client that subscribes again and again without reading is not read further', async () => {
    const stage = await createStage()
    for (let i = 0; i < 300; i++) await stage.play(`hub> publish t/${i} 10000*x retain`)
    await stage.play(`
      s> connect
      s< connack 0
      s stalls`)
    for (let i = 1; i < 20; i++) await stage.play(`s> subscribe #${i} #:0`)
    expect(stage.stream('s').isPaused()).toBe(true)
    expect(stage.stream('s').writableLength).toBeLessThan(1.5 * MEGABYTE)
    await stage.play('s reads')
    for (let i = 0; i < 60; i++) await settle()
    for (let i = 0; i < 19 * 301; i++) await stage.play('s< any')
    expect(stage.stream('s').isPaused()).toBe(false)
    expect(await stage.end()).toEqual([])
  })

  test('a publisher of durable messages is not read while the disk is 8 MiB behind, and its keep alive rests', async () => {
    const stage = await createStage({ disk: 'by hand', limits: { maxQueuedBytes: 100 * MEGABYTE } })
    await stage.play(`
      s> connect clean=0 ; subscribe #1 t:1
      commit
      s< connack 0
      s< suback #1 1
      p> connect keep=10
      p< connack 0
      n> connect
      n< connack 0`)
    for (let i = 1; i <= 10; i++) await stage.play(`p> publish t 1000000*x q1 #${i}`)
    expect(stage.stream('p').isPaused()).toBe(true)
    expect(stage.store.pending.filter(({ op }) => op === 'broker.message.put')).toHaveLength(9)
    await stage.play(`
      wait 60
      p< nothing
      n> pingreq
      n< pingresp
      commit`)
    for (let i = 1; i <= 9; i++) await stage.play(`p< puback #${i}`)
    await stage.play('commit\np< puback #10')
    for (let i = 1; i <= 10; i++) await stage.play(`s< publish t 1000000*x q1 #${i}`)
    expect(stage.stream('p').isPaused()).toBe(false)
    expect(await stage.end()).toEqual([])
  })
})
