/** What every client must see in one step. Topics are below the root of the run; the words are those of the README. */
export interface Step {
  readonly name: string
  /** Protocol levels in which the step is played: 4 is 3.1.1, 5 is 5.0. */
  readonly levels: readonly (4 | 5)[]
  readonly seen: readonly string[]
}

const BOTH = [4, 5] as const

export const steps: readonly Step[] = [
  { name: 'login', levels: [4], seen: ['welcome', 'wrong password 4', 'nobody 5'] },
  { name: 'login', levels: [5], seen: ['welcome', 'wrong password 134', 'nobody 135'] },
  { name: 'qos', levels: BOTH, seen: ['qos/0 hello q0', 'qos/1 hello q1', 'qos/2 hello q2'] },
  { name: 'retained', levels: BOTH, seen: ['kept/a new q1 retain', 'kept/end end q1'] },
  { name: 'will', levels: BOTH, seen: ['wills/lost gone q1'] },
  { name: 'session', levels: BOTH, seen: ['away/1 one q1', 'away/2 two q2', 'away/end end q2'] },
  { name: 'session present', levels: [4], seen: ['0', '1', '0'] },
  { name: 'session present in 5.0', levels: [5], seen: ['0', '1', '0'] },
  { name: 'takeover', levels: [4], seen: ['closed', 'takeover here q1'] },
  { name: 'takeover', levels: [5], seen: ['closed 142', 'takeover here q1'] },
  { name: 'refused filter', levels: [4], seen: ['128'] },
  { name: 'refused filter', levels: [5], seen: ['135'] },
  { name: 'refused publish', levels: [5], seen: ['135'] },
  { name: 'no subscribers', levels: [5], seen: ['16'] },
  { name: 'unknown subscription', levels: [5], seen: ['17'] },
  { name: 'assigned client id', levels: [5], seen: ['given'] },
  {
    name: 'properties',
    levels: [5],
    seen: [
      'request hello q1 payloadFormat=1 contentType=text/plain responseTopic=answer correlationData=c7 userProperties=a:1,a:3,b:2',
      'answer yes q1 correlationData=c7',
    ],
  },
  { name: 'session expiry', levels: [5], seen: ['without: end', 'with 100: kept end', 'ended by disconnect: end'] },
  { name: 'will delay', levels: [5], seen: ['wills/late gone q1'] },
  { name: 'message expiry', levels: [5], seen: ['expiry/long long q1 messageExpiry=90..100'] },
  { name: 'no local', levels: [5], seen: ['local other q1'] },
  { name: 'retain as published', levels: [5], seen: ['published kept q1 retain'] },
  { name: 'retain handling', levels: [5], seen: ['handling live q1'] },
  { name: 'subscription identifier', levels: [5], seen: ['identified hello q1 subscriptionIds=7'] },
  { name: 'shared subscription', levels: [5], seen: ['2 and 2 of 4'] },
  { name: 'alias of the client', levels: [5], seen: ['alias/out first q1', 'alias/out second q1'] },
  { name: 'alias of the hub', levels: [5], seen: ['alias/in first q0', 'alias/in second q0'] },
]

/** A client, and what it cannot play, with the reason. */
export interface InteropClient {
  readonly name: string
  readonly lacks: Readonly<Record<string, string>>
}

export const clients: readonly InteropClient[] = [
  { name: 'mqtt-js', lacks: {} },
  {
    name: 'mosquitto',
    lacks: {
      'session present': 'not printed',
      'session present in 5.0': 'not printed',
      'unknown subscription': 'the reason of an UNSUBACK is not printed',
      'no local': 'no such option',
      'retain handling': 'no such option',
      'alias of the client': 'a command publishes one message',
      'alias of the hub': 'the library of 2.0 takes an empty topic for a fault',
    },
  },
  { name: 'paho-c', lacks: { 'session present in 5.0': 'given to programs of 3.1.1 only' } },
  {
    name: 'paho-python',
    lacks: {
      'refused publish': 'the library drops the reason of a PUBACK',
      'no subscribers': 'the library drops the reason of a PUBACK',
    },
  },
]
