import { watch, type ConformanceCase } from './case.ts'

/** CONNECT, CONNACK and the life of a session. */
export const connectCases: readonly ConformanceCase[] = [
  {
    item: 1,
    name: 'session present is 1 also for a session without subscriptions',
    statements: ['MQTT5-3.2.2-3', 'MQTT5-3.1.2-5'],
    lines: `
      a> connect level=5 sessionExpiry=60
      a< welcome
      a> disconnect
      a< closed
      a> connect level=5 clean=0 sessionExpiry=60
      a< welcome present`,
  },
  {
    item: 1,
    name: 'session present is 0 when there was none, or it was to start anew',
    statements: ['MQTT5-3.2.2-2', 'MQTT5-3.2.2-3', 'MQTT5-3.1.2-6'],
    lines: `
      a> connect level=5 clean=0 sessionExpiry=60
      a< welcome
      a> disconnect
      a< closed
      a> connect level=5 clean=1 sessionExpiry=60
      a< welcome`,
  },
  {
    item: 2,
    name: 'session present is 0 when the client is refused, whatever it left',
    statements: ['MQTT5-3.2.2-6', 'MQTT5-3.2.2-7'],
    lines: `
      a> connect level=5 sessionExpiry=60
      a< welcome
      a drops
      a> connect level=5 clean=0 sessionExpiry=60 authenticationMethod=unheard-of
      a< connack 8c
      a< closed`,
  },
  {
    item: 3,
    name: 'Clean Start 1 with Session Expiry makes a session that outlives the connection',
    statements: ['MQTT5-3.1.2-4', 'MQTT5-3.1.2-23'],
    lines: `
      a> connect level=5 clean=1 sessionExpiry=60 ; subscribe #1 t:1
      a< welcome
      a< suback #1 1
      a drops
      hub> publish t kept q1
      a> connect level=5 clean=0 sessionExpiry=60
      a< welcome present
      a< publish t kept q1 #1`,
  },
  {
    item: 4,
    name: 'without Session Expiry the session ends with the connection, also with Clean Start 0',
    statements: ['MQTT5-3.1.2-23', 'MQTT5-4.1.0-2'],
    lines: `
      a> connect level=5 clean=0 ; subscribe #1 t:1
      a< welcome
      a< suback #1 1
      a drops
      counts sessions=0
      a> connect level=5 clean=0
      a< welcome`,
  },
  {
    item: 4,
    name: 'a session that was kept ends with a connection that does not ask for more',
    statements: ['MQTT5-3.1.2-23', 'MQTT5-4.1.0-2'],
    lines: `
      a> connect level=5 sessionExpiry=60 ; subscribe #1 t:1
      a< welcome
      a< suback #1 1
      a drops
      a> connect level=5 clean=0
      a< welcome present
      hub> publish t x
      a< publish t x
      a drops
      counts sessions=0
      a> connect level=5 clean=0
      a< welcome`,
  },
  {
    item: 4,
    name: 'Clean Session 0 of 3.1.1 lives on without end',
    statements: ['MQTT3-3.1.2-4', 'MQTT3-3.1.2-5'],
    lines: `
      a> connect clean=0
      a< connack 0
      a drops
      wait 100000000
      a> connect clean=0
      a< connack 0 present`,
  },
  {
    item: 5,
    name: 'DISCONNECT lengthens and shortens the life of the session',
    statements: ['MQTT5 3.14.2.2.2'],
    lines: `
      a> connect level=5 sessionExpiry=10
      a< welcome
      a> disconnect sessionExpiry=100
      a< closed
      wait 99
      a> connect level=5 clean=0 sessionExpiry=10
      a< welcome present
      a> disconnect sessionExpiry=0
      a< closed
      counts sessions=0
      a> connect level=5 clean=0
      a< welcome`,
  },
  {
    item: 5,
    name: 'a session that was to end with the connection cannot be kept by DISCONNECT',
    statements: ['MQTT5 3.14.2.2.2'],
    lines: `
      a> connect level=5 ; disconnect sessionExpiry=5
      a< welcome
      a< disconnect r82
      a< closed
      counts sessions=0`,
  },
  {
    item: 6,
    name: 'Session Expiry ends the session to the second, also over kill -9 of the broker',
    statements: ['MQTT5-4.1.0-2'],
    lines: `
      a> connect level=5 sessionExpiry=60
      a< welcome
      b> connect level=5 sessionExpiry=60
      b< welcome
      c> connect level=5 sessionExpiry=4294967295
      c< welcome
      a> disconnect
      a< closed
      b> disconnect
      b< closed
      c> disconnect
      c< closed
      wait 30
      kill
      wait 29
      counts sessions=3
      a> connect level=5 clean=0 sessionExpiry=60
      a< welcome present
      wait 1
      counts sessions=2
      b> connect level=5 clean=0
      b< welcome
      a drops
      b drops
      wait 100000000
      c> connect level=5 clean=0
      c< welcome present`,
  },
  {
    item: 7,
    name: 'an empty client id needs Clean Session 1 before 5.0',
    statements: ['MQTT3-3.1.3-7', 'MQTT3-3.1.3-8'],
    lines: `
      a> connect id= clean=0
      a< connack 2
      a< closed
      b> connect id= clean=1
      b< connack 0`,
  },
  {
    item: 8,
    name: 'an empty client id gets one of its own, and its session goes by it',
    statements: ['MQTT5-3.1.3-6', 'MQTT5-3.1.3-7', 'MQTT5-3.2.2-16'],
    lines: `
      a> connect level=5 id= clean=0 sessionExpiry=60
      a< assigned
      b> connect level=5 id= clean=1
      b< assigned
      counts sessions=2`,
  },
  {
    item: 9,
    name: 'an unknown protocol level is answered in its own form',
    statements: ['MQTT3-3.1.2-2', 'MQTT5-3.1.2-2', 'MQTT5-3.2.2-8'],
    lines: `
      a opens
      a> raw 10 0d 00 04 4d 51 54 54 02 02 00 00 00 01 61
      a<< 20 02 00 01
      a< closed
      b opens
      b> raw 10 0e 00 04 4d 51 54 54 06 02 00 00 00 00 01 61
      b<< 20 03 00 84 00
      b< closed`,
  },
  {
    item: 10,
    name: 'a second CONNECT is a protocol error',
    statements: ['MQTT5-3.1.0-2', 'MQTT3-3.1.0-2'],
    lines: `
      a opens
      a> connect level=5 ; connect level=5
      a< welcome
      a< disconnect r82
      a< closed
      b opens
      b> connect ; connect
      b< connack 0
      b< closed`,
  },
  {
    item: 11,
    name: 'the old connection is told that its session was taken over',
    statements: ['MQTT5-3.1.4-3'],
    lines: `
      old> connect level=5 id=x sessionExpiry=60
      old< welcome
      new> connect level=5 id=x clean=0 sessionExpiry=60
      old< disconnect r8e
      old< closed
      new< welcome present`,
  },
  ...[0, 60].flatMap(sessionExpiry =>
    [0, 1].map(clean => ({
      item: 12,
      name: `a will without delay goes out at a takeover (Session Expiry ${sessionExpiry}, Clean Start ${clean})`,
      statements: ['MQTT5-3.1.2-8', 'MQTT5-3.1.4-3'],
      lines: `${watch('will')}
        old> connect level=5 id=x sessionExpiry=${sessionExpiry} will=will:gone
        old< welcome
        new> connect level=5 id=x clean=${clean} sessionExpiry=${sessionExpiry}
        new< welcome${sessionExpiry > 0 && clean === 0 ? ' present' : ''}
        old< disconnect r8e
        w< publish will gone`,
    })),
  ),
  {
    item: 12,
    name: 'one with delay goes out when the takeover ends the session, and not when it goes on',
    statements: ['MQTT5-3.1.2-8', 'MQTT5-3.1.3-9', 'MQTT5 3.1.4'],
    lines: `${watch('will/+')}
      a> connect level=5 id=x sessionExpiry=60 will=will/x:gone will.willDelay=10
      a< welcome
      b> connect level=5 id=y sessionExpiry=60 will=will/y:gone will.willDelay=10
      b< welcome
      c> connect level=5 id=x clean=0 sessionExpiry=60
      a< any
      c< welcome present
      d> connect level=5 id=y clean=1
      b< any
      d< welcome
      w< publish will/y gone
      wait 100
      w< nothing`,
  },
  {
    item: 13,
    name: 'one and a half keep alives of silence are a loss',
    statements: ['MQTT5-3.1.2-22', 'MQTT3-3.1.2-24'],
    lines: `${watch('will')}
      a> connect level=5 keep=10 will=will:gone
      a< welcome
      wait 14
      a< nothing
      wait 1
      a< disconnect r8d
      a< closed
      w< publish will gone
      b> connect keep=10 will=will:gone
      b< connack 0
      wait 15
      b< closed
      w< publish will gone`,
  },
  {
    item: 13,
    name: 'Server Keep Alive shortens that of a 5.0 client only; 0 stays none',
    statements: ['MQTT5-3.2.2-21', 'MQTT5-3.2.2-22'],
    lines: `
      a> connect level=5 keep=120
      a< connack 0 serverKeepAlive=60 topicAliasMaximum=10 maximumPacketSize=2000000 receiveMaximum=20
      b> connect level=5 keep=0
      b< welcome
      c> connect keep=120
      c< connack 0
      wait 90
      a< disconnect r8d
      a< closed
      wait 89
      c> pingreq
      c< pingresp
      wait 100000
      b> pingreq
      b< pingresp`,
  },
  {
    item: 14,
    name: 'an authentication method that is not offered is refused',
    statements: ['MQTT5-4.12.0-1', 'MQTT5-3.2.2-7'],
    lines: `
      a> connect level=5 authenticationMethod=unheard-of authenticationData=x
      a< connack 8c
      a< closed`,
  },
  {
    item: 15,
    name: 'what is sent behind CONNECT is taken after CONNACK, and nothing after a refusal',
    statements: ['MQTT5-3.1.4-6', 'MQTT5-3.2.0-1'],
    lines: `
      a> connect level=5 ; subscribe #1 t:0 ; publish t x ; pingreq
      a< welcome
      a< suback #1 0
      a< publish t x
      a< pingresp
      b> connect level=5 authenticationMethod=unheard-of ; publish t y retain
      b< connack 8c
      b< closed
      a< nothing
      counts retained=0 received=1`,
  },
  {
    item: 44,
    name: 'a client that does not take the answer it needs is not left waiting for it',
    statements: ['MQTT5-3.1.2-24', 'MQTT5-3.2.0-1'],
    lines: `
      a> connect level=5 maximumPacketSize=15 sessionExpiry=60 will=t:x
      a< connack 95
      a< closed
      counts sessions=0
      b> connect level=5 maximumPacketSize=2 ; publish t x retain
      b< closed
      c> connect level=5 maximumPacketSize=16 ; subscribe #1 a:0 b:0 c:0 d:0 e:0 f:0 g:0 h:0 i:0 j:0 k:0 ; unsubscribe #2 a
      c< welcome
      c< suback #1 0 0 0 0 0 0 0 0 0 0 0
      c< unsuback #2 0
      c> subscribe #1 a:0 b:0 c:0 d:0 e:0 f:0 g:0 h:0 i:0 j:0 k:0 l:0
      c< disconnect r95
      c< closed
      counts retained=0 received=0`,
  },
  {
    item: 53,
    name: 'no client is sent to another server, and none is given a base for response topics',
    statements: ['MQTT5 4.11', 'MQTT5 3.2.2.3.15', 'MQTT5 3.2.2.3.16', 'MQTT5 3.14.2.2.5'],
    lines: `
      a> connect level=5 id=x requestResponseInformation=1
      a< welcome
      b> connect level=5 id=x
      a< disconnect r8e
      b< welcome
      c> connect level=5 authenticationMethod=unheard-of
      c< connack 8c`,
  },
]
