import { describe, expect, test } from 'vitest'
import { playScene, type Scene } from './support/stage.ts'

/** Filters and the topics that they match, of `TOPICS`. */
const TOPICS = ['a', 'a/', '/', '/a', 'a/b', 'a/b/c', '$x', '$x/a']
const MATCHES: Record<string, readonly string[]> = {
  '#': ['a', 'a/', '/', '/a', 'a/b', 'a/b/c'],
  '+': ['a'],
  '+/+': ['a/', '/', '/a', 'a/b'],
  '/+': ['/', '/a'],
  'a/#': ['a', 'a/', 'a/b', 'a/b/c'],
  'a/+': ['a/', 'a/b'],
  'a/+/c': ['a/b/c'],
  '+/b/#': ['a/b', 'a/b/c'],
  '$x/#': ['$x', '$x/a'],
  '$x/+': ['$x/a'],
  '+/a': ['/a'],
}

const scenes: Scene[] = [
  ...Object.entries(MATCHES).map(([filter, topics]) => ({
    name: `${filter} matches ${topics.join(' ')} live and retained [MQTT3-4.7.1-2, -3, 4.7.2-1, 4.7.3-4]`,
    lines: `
      s> connect ; subscribe #1 ${filter}:0
      s< connack 0
      s< suback #1 0
      ${TOPICS.map(topic => `hub> publish ${topic} x retain`).join('\n')}
      ${topics.map(topic => `s< publish ${topic} x`).join('\n')}
      s< nothing
      r> connect ; subscribe #1 ${filter}:0
      r< connack 0
      r< suback #1 0
      counts retained=${TOPICS.length} sent=${2 * topics.length}
      r> unsubscribe #2 ${filter}
      ${topics.map(() => 'r< any').join('\n')}
      r< unsuback #2`,
  })),
  ...['a/#/b', 'a#', '#a', 'a+', '+a/b', 'a/b#'].map(filter => ({
    name: `${filter} is no filter: the connection ends before any of its filters counts [MQTT3-4.7.1-2, -3]`,
    lines: `
      s> connect ; subscribe #1 ok:0 ${filter}:0
      s< connack 0
      s< closed
      reason s broker.topic_filter
      counts subscriptions=0`,
  })),
  {
    name: 'overlapping subscriptions give one copy at the highest QoS [MQTT3-3.3.5-1]',
    lines: `
      s> connect ; subscribe #1 t/#:0 t/+:2 t/a:1
      s< connack 0
      s< suback #1 0 2 1
      p> connect ; publish t/a x q2 #1 ; publish t/a/b y q2 #2
      p< connack 0
      p< pubrec #1
      p< pubrec #2
      s< publish t/a x q2 #1
      s< publish t/a/b y`,
  },
  {
    name: 'SUBSCRIBE again takes the place of the subscription and sends retained messages again [MQTT3-3.8.4-3]',
    lines: `
      hub> publish t kept q1 retain
      s> connect ; subscribe #1 t:0
      s< connack 0
      s< suback #1 0
      s< publish t kept retain
      s> subscribe #2 t:1
      s< suback #2 1
      s< publish t kept q1 #1 retain
      hub> publish t x q1
      s< publish t x q1 #2
      counts subscriptions=1`,
  },
  {
    name: 'UNSUBSCRIBE ends it, and is answered also for what nobody knows [MQTT3-3.10.4-4, -5]',
    lines: `
      s> connect ; subscribe #1 t:1 u:0
      s< connack 0
      s< suback #1 1 0
      hub> publish t x q1
      s< publish t x q1 #1
      s> unsubscribe #2 t nothing ; unsubscribe #3 t
      s< unsuback #2
      s< unsuback #3
      hub> publish t y q1
      hub> publish u z
      s< publish u z
      s> puback #1 ; pingreq
      s< pingresp
      counts subscriptions=1`,
  },
  {
    name: 'a client gets its own messages, too',
    lines: `
      s> connect ; subscribe #1 t:1 ; publish t x q1 #5
      s< connack 0
      s< suback #1 1
      s< publish t x q1 #1
      s< puback #5`,
  },
  {
    name: 'one client, one order: a retained message is there for the SUBSCRIBE behind it',
    lines: `
      s> connect ; publish t kept retain ; subscribe #1 t:0
      s< connack 0
      s< suback #1 0
      s< publish t kept retain`,
  },
  {
    name: 'shared subscriptions serve 3.1.1 as well',
    lines: `
      a> connect ; subscribe #1 $share/g/t:0
      a< connack 0
      a< suback #1 0
      b> connect ; subscribe #1 $share/g/t:0
      b< connack 0
      b< suback #1 0
      counts subscriptions=2
      hub> publish t 1
      hub> publish t 2
      a< publish t 1
      b< publish t 2`,
  },
  {
    name: 'subscriptions beyond the limit are refused one by one; one that stands may be changed',
    limits: { maxSubscriptions: 2 },
    lines: `
      s> connect ; subscribe #1 a:0 b:0 c:0
      s< connack 0
      s< suback #1 0 0 80
      s> subscribe #2 a:1
      s< suback #2 1
      s> unsubscribe #3 b ; subscribe #4 c:2
      s< unsuback #3
      s< suback #4 2`,
  },
  {
    name: 'one packet names at most 1,000 filters',
    lines: `
      s> connect
      s< connack 0
      s> subscribe #1 ${Array.from({ length: 1001 }, (_, i) => `t/${i}:0`).join(' ')}
      s< closed
      reason s broker.too_many_filters
      s> connect
      s< connack 0
      s> unsubscribe #1 ${Array.from({ length: 1001 }, (_, i) => `t/${i}`).join(' ')}
      s< closed`,
  },
  {
    name: 'a filter has at most 128 levels',
    lines: `
      s> connect ; subscribe #1 ${'+/'.repeat(127)}#:0
      s< connack 0
      s< suback #1 0
      s> subscribe #2 ${'+/'.repeat(128)}#:0
      s< closed`,
  },
]

describe('SUBSCRIBE and UNSUBSCRIBE', () => {
  test.each(scenes)('$name', async scene => expect(await playScene(scene)).toEqual([]))
})
