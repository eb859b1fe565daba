import { describe, expect, test } from 'vitest'
import { allowEveryone } from '../../server/broker/index.ts'
import type { Exchange, Identity, Permissions } from '../../server/broker/index.ts'
import { everyone } from '../../server/broker/allow-everyone.ts'
import { playScene, type Scene } from './support/stage.ts'

const refused: Identity = { kind: 'refused', reason: 'bad_credentials' }

/** A method of two questions: the client says its user, is asked for the word and says it; `slow` answers later. */
function twoSteps(isSlow: boolean): Exchange {
  let user = ''
  const answer = (said: string): ReturnType<Exchange['next']> => {
    if (user === '') {
      user = said
      return { kind: 'continue', data: Buffer.from('word?') }
    }
    const identity: Identity = said === 'sesame' ? { ...everyone, user } : refused
    return { kind: 'done', data: Buffer.from(`bye ${user}`.replace(' ', '-')), identity }
  }
  return {
    next(data) {
      const said = Buffer.from(data ?? []).toString()
      return isSlow ? Promise.resolve().then(() => answer(said)) : answer(said)
    },
  }
}

const permissions: Permissions = {
  ...allowEveryone,
  authenticate: method => (method === 'two' || method === 'slow' ? twoSteps(method === 'slow') : null),
}
const WELCOME = 'topicAliasMaximum=10 maximumPacketSize=16777216'

const scenes: Scene[] = [
  ...['two', 'slow'].map(method => ({
    name: `AUTH goes back and forth until CONNACK (${method}) [MQTT5-4.12.0-2, 4.12.0-3, 4.12.0-5]`,
    permissions,
    lines: `
      a> connect level=5 authenticationMethod=${method} authenticationData=ann
      a< auth r18 authenticationMethod=${method} authenticationData=word?
      counts connections=0
      a> auth r18 authenticationMethod=${method} authenticationData=sesame ; publish t x q1 #1
      a< connack 0 authenticationMethod=${method} authenticationData=bye-ann ${WELCOME}
      a< puback #1 r10
      counts connections=1`,
  })),
  {
    name: 'a wrong proof is refused in CONNACK, and nothing after it is taken [MQTT5-4.12.0-4]',
    permissions,
    lines: `
      a> connect level=5 authenticationMethod=two authenticationData=ann
      a< any
      a> auth r18 authenticationMethod=two authenticationData=open ; publish t x retain
      a< connack 86
      a< closed
      counts retained=0 sessions=0`,
  },
  {
    name: 'before CONNACK there is nothing but AUTH and DISCONNECT [MQTT5-3.1.2-30]',
    permissions,
    lines: `
      a> connect level=5 authenticationMethod=two authenticationData=ann
      a< any
      a> publish t x
      a< connack 82
      a< closed
      b> connect level=5 authenticationMethod=two authenticationData=ann
      b< any
      b> disconnect
      b< closed`,
  },
  {
    name: 'the method does not change, and a client that named none sends no AUTH [MQTT5-4.12.0-5, 4.12.0-7]',
    permissions,
    lines: `
      a> connect level=5 authenticationMethod=two authenticationData=ann
      a< any
      a> auth r18 authenticationMethod=slow authenticationData=sesame
      a< connack 82
      a< closed
      b> connect level=5
      b< any
      b> auth r19 authenticationMethod=two authenticationData=ann
      b< disconnect r82
      b< closed
      c> connect level=5 authenticationMethod=two authenticationData=ann
      c< any
      c> auth r18 authenticationMethod=two authenticationData=sesame
      c< any
      c> auth r18 authenticationMethod=two authenticationData=more
      c< disconnect r82
      c< closed`,
  },
  {
    name: 'a client proves anew who it is while its messages go on; a failure ends the connection [MQTT5-4.12.1-1, -2]',
    permissions,
    lines: `
      a> connect level=5 authenticationMethod=two authenticationData=ann
      a< any
      a> auth r18 authenticationMethod=two authenticationData=sesame
      a< any
      a> auth r19 authenticationMethod=two authenticationData=ann
      a< auth r18 authenticationMethod=two authenticationData=word?
      a> publish t x q1 #1
      a< puback #1 r10
      a> auth r18 authenticationMethod=two authenticationData=sesame
      a< auth authenticationMethod=two authenticationData=bye-ann
      a> auth r19 authenticationMethod=two authenticationData=bob
      a< any
      a> auth r18 authenticationMethod=two authenticationData=sesame
      a< disconnect r87
      a< closed`,
  },
  {
    name: 'a client that never answers is closed in time',
    permissions,
    limits: { connectTimeout: 10_000 },
    lines: `
      a> connect level=5 authenticationMethod=two authenticationData=ann
      a< any
      wait 10
      a< connack 80
      a< closed`,
  },
]

describe('enhanced authentication', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
