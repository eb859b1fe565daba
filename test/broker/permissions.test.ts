// Who may what, asked of the real access room: at connect, publish, subscribe and delivery, and again when rights change.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Access } from '../../server/access/index.ts'
import { allowEveryone, type Permissions, type TopicRules } from '../../server/broker/index.ts'
import { cause, openStage, type Stage as AccessStage } from '../access/support/stage.ts'
import { createStage, playScene, type Scene, type Stage } from './support/stage.ts'

const KIBIBYTE = 1024
const SIXTEEN_MIB = 16_777_216

let house: AccessStage
let access: Access
let stage: Stage
/** What each client says to come in. */
let logins: Record<string, string>

const kinds = {
  lab: { kind: 'software', publish: ['lab/#'], subscribe: ['lab/#', 'shown/+'] },
  mute: { kind: 'software', publish: [], subscribe: [] },
  sensor: { kind: 'device', publish: ['sensor/#'], subscribe: ['sensor/#'] },
  bridge: { kind: 'gateway', publish: ['bridge/#'], subscribe: [] },
} as const

beforeEach(async () => {
  house = await openStage()
  ;({ access } = house)
  logins = {}
  for (const [name, about] of Object.entries({
    ...kinds,
    all: { kind: 'software', publish: [], subscribe: [] } as const,
  })) {
    const made = await access.addClient({ name, ...about, full: name === 'all' }, cause)
    logins[name] = `user=${made.client.username} pass=${made.password}`
  }
  stage = await createStage({ permissions: access.permissions })
})
afterEach(() => house.storage.close())

/** Plays lines in which `as NAME` stands for the login of a client. */
async function play(lines: string): Promise<void> {
  await stage.play(lines.replaceAll(/\bas (\w+)/g, (_all, name: string) => logins[name]!))
}

const welcome5 = (size: number) => `connack 0 topicAliasMaximum=10 maximumPacketSize=${size}`

describe('at connect', () => {
  test.each([
    ['a wrong password', 'user=c-lab pass=wrong', '4', '86'],
    ['an unknown user', 'user=c-nobody pass=x', '4', '86'],
    ['no login', '', '5', '87'],
  ])('%s is refused with the code of its version', async (_what, login, before, now) => {
    await play(`
      a> connect ${login}
      a< connack ${before}
      a< closed
      b> connect level=5 ${login}
      b< connack ${now}
      b< closed`)
    expect(await stage.end()).toEqual([])
  })

  test('who is kept out hears so in 5.0, and that it has no right before', async () => {
    await play(`
      a> connect as lab
      a< connack 0
      b> connect level=5 as lab
      b< ${welcome5(SIXTEEN_MIB)}`)
    await access.addBan({ user: 'c-lab', clientId: null, address: null, until: null }, cause)
    for (const target of house.banned) stage.broker.disconnect({ ...target, reason: 'banned' })
    await play(`
      a< closed
      b< disconnect r87
      b< closed
      reason a broker.banned
      a> connect as lab
      a< connack 5
      a< closed
      b> connect level=5 as lab
      b< connack 8a
      b< closed
      c> connect as all
      c< connack 0`)
    expect(await stage.end()).toEqual([])
  })
})

describe('at publish', () => {
  test('a refused message is acknowledged and dropped before 5.0, refused with 0x87 in 5.0; the connection stands', async () => {
    await play(`
      w> connect as all ; subscribe #1 #:2
      w< connack 0
      w< suback #1 2
      a> connect as lab ; publish other x ; publish other x q1 #1 ; publish other x q2 #2 ; publish lab/a 1 q1 #3
      a< connack 0
      a< puback #1
      a< pubrec #2
      a< puback #3
      a> pubrel #2
      a< pubcomp #2
      w< publish lab/a 1 q1 #1
      b> connect level=5 as lab ; publish other x ; publish other x q1 #1 ; publish other x q2 #2 ; publish lab/a 2 q1 #3
      b< ${welcome5(SIXTEEN_MIB)}
      b< puback #1 r87
      b< pubrec #2 r87
      b< puback #3
      w< publish lab/a 2 q1 #2
      counts refused=6`)
    expect(await stage.end()).toEqual([])
  })

  test('a will goes where its client may publish, and nowhere else', async () => {
    await play(`
      w> connect as all ; subscribe #1 #:0
      w< connack 0
      w< suback #1 0
      a> connect as lab will=lab/gone:yes
      a< connack 0
      a drops
      w< publish lab/gone yes
      b> connect as lab will=other/gone:yes
      b< connack 0
      b drops
      w< nothing
      counts refused=1`)
    expect(await stage.end()).toEqual([])
  })
})

describe('at subscribe', () => {
  test('who may hear nothing is refused, with the code of its version', async () => {
    await play(`
      a> connect as mute ; subscribe #1 lab/#:1 #:0 $share/g/lab/#:1
      a< connack 0
      a< suback #1 80 80 80
      b> connect level=5 as mute ; subscribe #1 lab/#:1 #:0 $share/g/lab/#:1
      b< ${welcome5(SIXTEEN_MIB)}
      b< suback #1 87 87 87`)
    expect(await stage.end()).toEqual([])
  })
})

describe('at delivery', () => {
  test('a subscription wider than the rights brings what they cover: live, retained, queued', async () => {
    await play(`
      p> connect as all ; publish shown/r kept q1 #1 retain ; publish hidden/r kept q1 #2 retain ; publish shown/a/b deep q1 #3 retain
      p< connack 0
      p< any
      p< any
      p< any
      a> connect clean=0 as lab ; subscribe #1 #:1
      a< connack 0
      a< suback #1 1
      a< publish shown/r kept q1 #1 retain
      a> puback #1
      p> publish shown/l 1 q1 #4 ; publish hidden/l 1 q1 #5
      p< any
      p< any
      a< publish shown/l 1 q1 #2
      a> puback #2
      a drops
      p> publish shown/q 1 q1 #6 ; publish hidden/q 1 q1 #7
      p< any
      p< any
      a> connect clean=0 as lab
      a< connack 0 present
      a< publish shown/q 1 q1 #3`)
    expect(await stage.end()).toEqual([])
  })

  test('who lost the login gets nothing more: its connection ends, and what waited for it is gone', async () => {
    await play(`
      a> connect clean=0 as lab ; subscribe #1 lab/#:1
      a< connack 0
      a< suback #1 1
      b> connect clean=0 id=away as lab ; subscribe #1 lab/#:1
      b< connack 0
      b< suback #1 1
      b drops
      p> connect as all ; publish lab/x 1 q1 #1
      p< connack 0
      p< puback #1
      a< publish lab/x 1 q1 #1`)
    await access.removeClient('c-lab', cause)
    expect(house.disconnected).toEqual(['c-lab'])
    stage.broker.disconnect({ user: 'c-lab', forget: true })
    await play(`
      a< closed
      p> publish lab/x 2 q1 #2
      p< puback #2
      a> connect clean=0 as lab
      a< connack 5
      a< closed`)
    expect(stage.broker.clients().map(({ user }) => user)).toEqual(['c-all'])
    expect(stage.store.rows()).toMatchObject({ sessions: [], deliveries: [], messages: [] })
  })
})

describe('when rights are narrowed while a client is there', () => {
  /** Everybody may come in; what may be heard changes under them. */
  function narrowing(): { permissions: Permissions; hide: (topic: string) => void } {
    const hidden = new Set<string>()
    const rules: TopicRules = {
      mayPublish: () => true,
      maySubscribe: () => true,
      mayReceive: topic => !hidden.has(topic),
    }
    const permissions: Permissions = {
      identify(login) {
        const identity = allowEveryone.identify(login)
        return identity instanceof Promise || identity.kind !== 'member' ? identity : { ...identity, rules }
      },
    }
    return { permissions, hide: topic => void hidden.add(topic) }
  }

  test('nothing more comes: not live, not from the queue, not again after a reconnect, not as a retained message', async () => {
    const { permissions, hide } = narrowing()
    const narrowed = await createStage({ permissions, limits: { maxInflight: 2 } })
    await narrowed.play(`
      a> connect clean=0 ; subscribe #1 #:1
      a< connack 0
      a< suback #1 1
      hub> publish secret 1 q1 retain
      hub> publish open 1 q1
      hub> publish secret 2 q1
      hub> publish open 2 q1
      a< publish secret 1 q1 #1
      a< publish open 1 q1 #2`)
    hide('secret')
    await narrowed.play(`
      hub> publish secret 3
      hub> publish secret 4 q1
      a< nothing
      a> puback #2
      a< publish open 2 q1 #3
      a drops
      a> connect clean=0
      a< connack 0 present
      a< publish open 2 q1 #3 dup
      a> puback #3 ; subscribe #2 secret:1
      a< suback #2 1
      a< nothing`)
    expect(narrowed.broker.clients()).toMatchObject([{ queued: 0, inflight: 0 }])
    expect(await narrowed.end()).toEqual([])
  })
})

describe('limits by kind', () => {
  const sizes = [
    ['device', 'sensor', 'sensor/x', 256 * KIBIBYTE],
    ['program', 'lab', 'lab/x', SIXTEEN_MIB],
  ] as const

  test.each(sizes)('a packet of a %s has so many bytes and none more', async (_kind, name, topic, size) => {
    // 1 for the type, 3 or 4 for the length, 2 and the topic.
    const fits = size - 1 - (size > 2_097_151 ? 4 : 3) - 2 - topic.length
    await play(`
      a> connect level=5 as ${name}
      a< ${welcome5(size)}
      a> publish ${topic} ${fits - 1}*x ; pingreq
      a< pingresp
      a> publish ${topic} ${fits}*x
      a< disconnect r95
      a< closed
      b> connect as ${name} ; publish ${topic} ${fits + 1}*x
      b< connack 0
      b< closed
      reason b broker.packet_too_large`)
    expect(await stage.end()).toEqual([])
  })

  test('a gateway has those of a program', async () => {
    await play(`
      a> connect level=5 as bridge
      a< ${welcome5(SIXTEEN_MIB)}`)
    expect(access.member('c-bridge').limits).toEqual(access.member('c-lab').limits)
  })

  test('a guest of the pairing window may send 4 MiB, and keeps no retained message', async () => {
    const seat = { user: 'guest-1', open() {}, accept() {}, closed() {} }
    const door = { admit: () => seat, refused() {}, welcomed() {} }
    const open = await openStage({ door: () => door })
    stage = await createStage({ permissions: open.access.permissions })
    const fits = 4_194_304 - 5 - 3
    await play(`
      a> connect level=5 user=new pass=x
      a< ${welcome5(4_194_304)}
      a> publish t ${fits - 1}*x retain ; pingreq
      a< pingresp
      a> publish t ${fits + 1}*x
      a< disconnect r95`)
    expect(stage.broker.stats().retained).toBe(0)
    await open.storage.close()
  })

  test('a device owns 500 retained topics; those it has may change, and one given up makes room', async () => {
    await play('a> connect as sensor\na< connack 0')
    for (let i = 0; i < 500; i++) await play(`a> publish sensor/${i} x retain`)
    await play(`
      counts retained=500 dropped=0
      a> publish sensor/more x q1 #1 retain
      a< puback #1
      counts retained=500 dropped=1
      a> publish sensor/7 y retain ; publish sensor/8 "" retain ; publish sensor/more x retain
      counts retained=500 dropped=1`)
    expect(await stage.end()).toEqual([])
  })
})

const flags: Scene[] = [
  {
    name: '--no-retain: said in CONNACK, 0x9A in 5.0; before, the message goes out without being kept',
    limits: { retainAvailable: false },
    lines: `
      w> connect ; subscribe #1 #:0
      w< connack 0
      w< suback #1 0
      a> connect ; publish t x retain ; publish t y q1 #1 retain
      a< connack 0
      a< puback #1
      w< publish t x
      w< publish t y
      b> connect level=5
      b< connack 0 topicAliasMaximum=10 maximumPacketSize=16777216 retainAvailable=0
      b> publish t x retain
      b< disconnect r9a
      b< closed
      reason b broker.retain_not_supported
      c> connect level=5 will=t:x will_retain
      c< connack 9a
      c< closed
      hub> publish h x retain
      w< publish h x
      counts retained=0
      d> connect will=t:bye will_retain
      d< connack 0
      d drops
      w< publish t bye
      counts retained=0`,
  },
  ...([0, 1] as const).map((maximumQos): Scene => {
    const more = maximumQos + 1
    return {
      name: `--maximum-qos ${maximumQos}: said in CONNACK, 0x9B in 5.0; grants are no higher`,
      limits: { maximumQos },
      lines: `
        a> connect level=5
        a< connack 0 topicAliasMaximum=10 maximumPacketSize=16777216 maximumQos=${maximumQos}
        a> subscribe #1 t:2 u:${maximumQos}
        a< suback #1 ${maximumQos} ${maximumQos}
        a> publish x x q${more} #1
        a< disconnect r9b
        a< closed
        reason a broker.qos_not_supported
        b> connect ; publish x x q${more} #1
        b< connack 0
        b< closed
        c> connect level=5 will=t:x will_qos=${more}
        c< connack 9b
        c< closed
        s> connect ; subscribe #1 t:2
        s< connack 0
        s< suback #1 ${maximumQos}
        hub> publish t x q2
        s< publish t x${maximumQos === 1 ? ' q1 #1' : ''}`,
    }
  }),
]

describe('what a flag takes away', () => {
  test.each(flags)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
