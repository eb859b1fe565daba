import type { ConformanceCase } from './case.ts'

/** A client of MQTT over WebSocket, and what it gets. */
export interface WebSocketCase extends Pick<ConformanceCase, 'name' | 'statements'> {
  /** The subprotocols that it offers; `mqtt` unless given. */
  readonly offers?: readonly string[]
  readonly version?: 3 | 4 | 5
  /**
   * One line for each step:
   *   frame connect; pingreq    the packets in one binary frame
   *   cut 3 connect             the packets in frames of three bytes
   *   parts 3 connect           the packets in one message of fragments of three bytes, with a ping between them
   *   text connect              the packets in a text frame
   */
  readonly sends: readonly string[]
  /** The packets that it gets. */
  readonly gets: readonly string[]
  /** The status of the broker's close frame; null where it stays open. */
  readonly closes: number | null
}

const versions = [3, 4, 5] as const
const of = (number: string) => [`MQTT3-${number}`, `MQTT5-${number}`]
/** Both specifications say the same, in the same words. */
const each = (version: 3 | 4 | 5) => (version === 5 ? 'MQTT5' : 'MQTT3')

export const webSocketCases: readonly WebSocketCase[] = [
  ...versions.flatMap((version): WebSocketCase[] => [
    {
      name: `packets in binary frames, level ${version}`,
      statements: [`${each(version)}-6.0.0-1`, `${each(version)}-6.0.0-4`],
      version,
      sends: [`frame connect level=${version}`, 'frame pingreq'],
      gets: ['connack', 'pingresp'],
      closes: null,
    },
    {
      name: `a text frame closes the connection, level ${version}`,
      statements: [`${each(version)}-6.0.0-1`],
      version,
      sends: [`frame connect level=${version}`, 'text pingreq'],
      gets: version === 5 ? ['connack', 'disconnect r81'] : ['connack'],
      closes: 1003,
    },
  ]),
  {
    name: 'a text frame as the first',
    statements: of('6.0.0-1'),
    sends: ['text connect'],
    gets: [],
    closes: 1003,
  },
  {
    name: 'several packets in one frame',
    statements: of('6.0.0-2'),
    sends: ['frame connect; subscribe #1 a:0; publish a hello; pingreq'],
    gets: ['connack 0', 'suback #1 0', 'publish a hello', 'pingresp'],
    closes: null,
  },
  {
    name: 'a packet over several frames',
    statements: of('6.0.0-2'),
    sends: ['cut 3 connect', 'cut 1 subscribe #1 a:0; publish a hello', 'frame pingreq'],
    gets: ['connack 0', 'suback #1 0', 'publish a hello', 'pingresp'],
    closes: null,
  },
  {
    name: 'one message of many fragments',
    statements: of('6.0.0-2'),
    sends: ['parts 3 connect; subscribe #1 a:0; publish a hello', 'frame pingreq'],
    gets: ['connack 0', 'suback #1 0', 'publish a hello', 'pingresp'],
    closes: null,
  },
  {
    name: 'a frame that ends inside a packet',
    statements: of('6.0.0-2'),
    sends: ['cut 40 connect; publish a 100*x; pingreq'],
    gets: ['connack 0', 'pingresp'],
    closes: null,
  },
  {
    name: '"mqtt" is chosen among several',
    statements: [...of('6.0.0-3'), ...of('6.0.0-4')],
    offers: ['mqttv3.1', 'mqtt', 'soap'],
    sends: ['frame connect'],
    gets: ['connack 0'],
    closes: null,
  },
  {
    name: 'bytes that are no packet',
    statements: ['MQTT3-4.8.0-1', 'MQTT5-4.13.1-1'],
    sends: ['frame connect', 'frame raw 00 00'],
    gets: ['connack 0'],
    closes: 1000,
  },
]
