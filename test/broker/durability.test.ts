// Which packet of a message leaves before and after which commit, by the rows of the table in server/broker/README.md.
// Each scene moves the disk by hand; test/durability walks the same table on a real one.

import { describe, expect, test } from 'vitest'
import { createStage, playScene, type Scene } from './support/stage.ts'

/** A lasting session `s` on `t/#` with QoS 2, and a clean session `c` there, too. */
const LISTENERS = `
      s> connect clean=0 ; subscribe #1 t/#:2
      commit
      s< connack 0
      s< suback #1 2
      c> connect ; subscribe #1 t/#:2
      c< connack 0
      c< suback #1 2`

const rows: Readonly<Record<string, readonly Scene[]>> = {
  'QoS 1/2 for a lasting session; retained by QoS 1/2: after the commit': [
    {
      name: 'QoS 1 for a lasting session: acknowledged and delivered after the commit; QoS 0 copies at once',
      lines: `${LISTENERS}
      n> connect ; subscribe #1 t/#:0
      n< connack 0
      n< suback #1 0
      p> connect ; publish t/x 1 q1 #1
      p< connack 0
      n< publish t/x 1
      p< nothing
      s< nothing
      commit
      p< puback #1
      s< publish t/x 1 q1 #1
      c< publish t/x 1 q1 #1`,
    },
    {
      name: 'entries wait for their own batch, not for the newest',
      lines: `${LISTENERS}
      p> connect ; publish t/x 1 q1 #1
      p< connack 0
      c< any
      commit
      p< puback #1
      p> publish t/x 2 q1 #2
      c< any
      p< nothing
      s< publish t/x 1 q1 #1
      s< nothing
      commit
      p< puback #2
      s< publish t/x 2 q1 #2`,
    },
    {
      name: 'a retained message of QoS 1 is acknowledged after the commit, of QoS 0 it costs nothing at once',
      lines: `
      p> connect ; publish t 0 retain ; publish t 1 q1 #1 retain
      p< connack 0
      p< nothing
      commit
      p< puback #1`,
    },
    {
      name: 'the acknowledgement waits also for what a part of the hub wrote',
      onMessage: message => (message.topic === 'rule' ? 99 : undefined),
      lines: `
      hub> subscribe #
      p> connect ; publish rule 1 q1 #1 ; publish other 2 q1 #2
      p< connack 0
      p< nothing
      hub< rule 1 q1 from p
      hub< other 2 q1 from p`,
    },
    {
      name: 'what was not acknowledged may be gone after kill -9, what was acknowledged is not',
      lines: `${LISTENERS}
      p> connect ; publish t/x kept q1 #1
      p< connack 0
      c< any
      commit
      p< puback #1
      p> publish t/x lost q1 #2
      p< nothing
      kill
      s> connect clean=0
      commit
      s< connack 0 present
      s< publish t/x kept q1 #1 dup
      s< nothing`,
    },
  ],
  "QoS 1/2 that needs no disk: at once, in this client's order": [
    {
      name: 'a QoS 1 message without any lasting subscriber is acknowledged at once',
      lines: `
      p> connect clean=0
      commit
      p< connack 0
      p> publish nobody 1 q1 #1
      p< puback #1`,
    },
    {
      name: 'QoS 1 to a clean session needs no disk and leaves at once, though its PUBACK waits for another session',
      lines: `${LISTENERS}
      p> connect ; publish t/x 1 q1 #1
      p< connack 0
      c< publish t/x 1 q1 #1
      p< nothing
      commit
      p< puback #1
      s< publish t/x 1 q1 #1`,
    },
    {
      name: 'PUBACKs of one client never overtake; other clients and QoS 0 do not wait',
      lines: `${LISTENERS}
      p> connect ; publish t/x 1 q1 #1 ; publish free 2 q1 #2 ; publish t/x 3 ; publish free 4 q2 #4
      p< connack 0
      p< nothing
      s< publish t/x 3
      c< publish t/x 1 q1 #1
      c< publish t/x 3
      o> connect ; publish free 5 q1 #5
      o< connack 0
      o< puback #5
      commit
      p< puback #1
      p< puback #2
      p< pubrec #4
      s< publish t/x 1 q1 #1`,
    },
  ],
  'outbound QoS 2, QoS 1 to lasting sessions: after the commit of its row': [
    {
      name: 'QoS 2 from a lasting session: PUBREC and outbound QoS 2 wait for the packet id, QoS 0 and 1 copies do not',
      lines: `
      c> connect ; subscribe #1 t:2
      c< connack 0
      c< suback #1 2
      d> connect ; subscribe #1 t:1
      d< connack 0
      d< suback #1 1
      n> connect ; subscribe #1 t:0
      n< connack 0
      n< suback #1 0
      p> connect clean=0
      commit
      p< connack 0
      p> publish t 1 q2 #1
      n< publish t 1
      d< publish t 1 q1 #1
      c< nothing
      p< nothing
      commit
      c< publish t 1 q2 #1
      p< pubrec #1
      p> pubrel #1
      p< nothing
      commit
      p< pubcomp #1`,
    },
    {
      name: 'QoS 2 copies that wait are not overtaken by those that need not',
      lines: `
      c> connect ; subscribe #1 t:2
      c< connack 0
      c< suback #1 2
      p> connect clean=0
      commit
      p< connack 0
      p> publish t 1 q2 #1
      o> connect ; publish t 2 q2 #2
      o< connack 0
      o< pubrec #2
      c< nothing
      commit
      p< pubrec #1
      c< publish t 1 q2 #1
      c< publish t 2 q2 #2`,
    },
    {
      name: 'PUBREL to a lasting session leaves after the commit that knows of the PUBREC',
      lines: `${LISTENERS}
      hub> publish t/x 1 q2
      c< any
      commit
      s< publish t/x 1 q2 #1
      s> pubrec #1
      s< nothing
      c> pubrec #1
      c< pubrel #1
      commit
      s< pubrel #1`,
    },
    {
      name: 'a QoS 2 message leaves the queue after the commit that knows its packet id, QoS 1 at once',
      limits: { maxInflight: 1 },
      lines: `${LISTENERS}
      hub> publish t/x 1 q1
      hub> publish t/x 2 q2
      hub> publish t/x 3 q1
      c< any
      commit
      s< publish t/x 1 q1 #1
      s> puback #1
      s< nothing
      commit
      s< publish t/x 2 q2 #2
      s> pubrec #2
      commit
      s< pubrel #2
      s> pubcomp #2
      s< publish t/x 3 q1 #3`,
    },
    {
      name: 'a message queued in the batch that still gathers waits for it when the window opens',
      limits: { maxInflight: 1 },
      lines: `${LISTENERS}
      hub> publish t/x 1 q1
      commit
      c< any
      s< publish t/x 1 q1 #1
      hub> publish t/x 2 q1
      s> puback #1
      s< nothing
      commit
      s< publish t/x 2 q1 #2`,
    },
    {
      name: 'a session that is resumed before the disk caught up sends nothing before the commit',
      lines: `${LISTENERS}
      hub> publish t/x 1 q2
      c< any
      s drops
      s> connect clean=0
      s< nothing
      commit
      s< connack 0 present
      s< publish t/x 1 q2 #1 dup`,
    },
  ],
}

describe.each(Object.entries(rows))('%s', (_, scenes) => {
  test.each(scenes)('$name', async scene => expect(await playScene({ ...scene, disk: 'by hand' })).toEqual([]))
})

describe('what is written', () => {
  test('a message is stored once for all sessions, and its row goes with the last of them', async () => {
    const stage = await createStage({ disk: 'by hand' })
    await stage.play(`
      a> connect clean=0 ; subscribe #1 t:1
      b> connect clean=0 ; subscribe #1 t:1
      commit
      a< connack 0
      a< suback #1 1
      b< connack 0
      b< suback #1 1
      hub> publish t x q1 retain`)
    const put = ['message.put', 'delivery.put', 'delivery.put', 'message.put', 'retained.put']
    expect(stage.store.commit().toSorted()).toEqual(put.slice(1).toSorted())
    await stage.play(`
      a< publish t x q1 #1
      b< publish t x q1 #1
      a> puback #1
      b> puback #1`)
    expect(stage.store.commit()).toEqual(['delivery.remove', 'delivery.remove'])
    expect(stage.store.rows().messages).toHaveLength(1)
    await stage.play('hub> publish t "" q1 retain')
    expect(stage.store.commit()).toContain('message.remove')
    await stage.play(`commit
      a< any
      b< any
      a> puback #2
      b> puback #2
      commit`)
    expect(stage.store.rows().messages).toEqual([])
    expect(await stage.end()).toEqual([])
  })

  test('everything that one packet causes is in one batch', async () => {
    const stage = await createStage({
      disk: 'by hand',
      onMessage: (message, broker) => {
        if (message.topic === 't') broker.publish({ topic: 'u', payload: 'y', qos: 1, cause: message.cause })
      },
    })
    await stage.play(`
      hub> subscribe t
      s> connect clean=0 ; subscribe #1 #:1
      commit
      s< connack 0
      s< suback #1 1
      p> connect ; publish t x q1 #1 retain
      p< connack 0
      hub< t x q1 retain from p`)
    expect(stage.store.commit().toSorted()).toEqual(
      ['delivery.put', 'delivery.put', 'message.put', 'message.put', 'retained.put'].toSorted(),
    )
    await stage.play(`commit
      p< puback #1
      s< publish t x q1 #1
      s< publish u y q1 #2`)
    expect(await stage.end()).toEqual([])
  })
})
