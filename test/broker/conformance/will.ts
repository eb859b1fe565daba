import { watch, type ConformanceCase } from './case.ts'

const WATCH = `
  w> connect level=5 ; subscribe #1 #:2:rap
  w< welcome
  w< suback #1 2`

/** Will messages. */
export const willCases: readonly ConformanceCase[] = [
  {
    item: 16,
    name: 'all properties of the will but its delay are part of the message, in order',
    statements: ['MQTT5-3.1.3-10', 'MQTT5-3.1.2-15', 'MQTT5-3.3.2-4'],
    lines: `${WATCH}
      a> connect level=5 will=w:gone will_qos=1 will_retain sessionExpiry=60 will.willDelay=1 will.payloadFormat=1 will.messageExpiry=30 will.contentType=text will.responseTopic=r will.correlationData=c will.userProperties=a:1,b:2,a:1
      a< welcome
      a drops
      w< nothing
      wait 1
      w< publish w gone q1 #1 retain payloadFormat=1 messageExpiry=30 contentType=text responseTopic=r correlationData=c userProperties=a:1,b:2,a:1`,
  },
  {
    item: 17,
    name: 'the will goes out after its delay or with the end of the session, whichever comes first',
    statements: ['MQTT5-3.1.2-8'],
    lines: `${watch('will/+')}
      a> connect level=5 will=will/a:gone will.willDelay=100
      a< welcome
      a drops
      w< publish will/a gone
      b> connect level=5 will=will/b:gone will.willDelay=100 sessionExpiry=5
      b< welcome
      b drops
      wait 4
      w< nothing
      wait 1
      w< publish will/b gone
      c> connect level=5 will=will/c:gone will.willDelay=5 sessionExpiry=100
      c< welcome
      c drops
      wait 4
      w< nothing
      wait 1
      w< publish will/c gone`,
  },
  ...[0, 1].map(clean => ({
    item: 18,
    name: `a client that is back before the delay is over cancels its will for good (Clean Start ${clean})`,
    statements: ['MQTT5-3.1.3-9', 'MQTT5-3.1.2-8'],
    lines: `${watch('will')}
      a> connect level=5 will=will:gone will.willDelay=10 sessionExpiry=100
      a< welcome
      a drops
      wait 9
      a> connect level=5 clean=${clean} sessionExpiry=100
      a< welcome${clean === 0 ? ' present' : ''}
      a drops
      wait 1000
      w< nothing`,
  })),
  {
    item: 19,
    name: 'DISCONNECT 0x04 sends the will, 0x00 deletes it for good',
    statements: ['MQTT5-3.14.4-3', 'MQTT5-3.1.2-10'],
    lines: `${watch('will')}
      a> connect level=5 will=will:one sessionExpiry=60
      a< welcome
      a> disconnect r4
      a< closed
      w< publish will one
      a> connect level=5 will=will:two sessionExpiry=60
      a< welcome
      a> disconnect
      a< closed
      a> connect level=5 clean=0 sessionExpiry=60
      a< welcome present
      a drops
      wait 1000
      w< nothing`,
  },
  ...[
    { what: 'an empty topic', bytes: '10 14 00 04 4d 51 54 54 05 06 00 00 00 00 01 61 00 00 00 00 01 62' },
    { what: 'U+0000 in its topic', bytes: '10 16 00 04 4d 51 54 54 05 06 00 00 00 00 01 61 00 00 02 74 00 00 01 62' },
    { what: 'QoS 3', bytes: '10 15 00 04 4d 51 54 54 05 1e 00 00 00 00 01 61 00 00 01 74 00 01 62' },
    { what: 'a QoS, but no will', bytes: '10 0e 00 04 4d 51 54 54 05 0a 00 00 00 00 01 61' },
    { what: 'RETAIN, but no will', bytes: '10 0e 00 04 4d 51 54 54 05 22 00 00 00 00 01 61' },
  ].map(({ what, bytes }) => ({
    item: 20,
    name: `a CONNECT with ${what} is refused`,
    statements: [
      'MQTT5-3.1.2-11',
      'MQTT5-3.1.2-12',
      'MQTT5-3.1.2-13',
      'MQTT5-4.7.3-1',
      'MQTT5-4.7.3-2',
      'MQTT5-1.5.4-2',
    ],
    lines: `
      a opens
      a> raw ${bytes}
      a<< 20 03 00 81 00
      a< closed
      counts sessions=0`,
  })),
  {
    item: 21,
    name: 'a will that waits for its delay survives kill -9 of the broker',
    statements: ['MQTT5-3.1.2-7', 'MQTT5-3.1.2-8'],
    lines: `
      a> connect level=5 will=will:gone will_qos=1 will.willDelay=60 will.messageExpiry=5 sessionExpiry=100
      a< welcome
      a drops
      wait 30
      kill
      w> connect level=5 ; subscribe #1 will:1
      w< welcome
      w< suback #1 1
      wait 29
      w< nothing
      wait 1
      w< publish will gone q1 #1 messageExpiry=5`,
  },
]
