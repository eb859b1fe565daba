import type { Verb } from './verb.ts'

export const broker: Verb = {
  name: 'broker',
  forms: [
    '--allow-anonymous [--port PORT] [--host ADDRESS] [--data DIR]',
    '--profile conformance [--port PORT] [--host ADDRESS] [--data DIR]',
    '--allow-anonymous --tls-port PORT --cert FILE --key FILE',
  ],
  summary: 'run the MQTT broker alone; durable with --data, else in memory',
  factless: true,
  flags: {
    port: { type: 'string', value: 'PORT', help: 'default 1883; 0 = any free one, like each of the ports' },
    host: { type: 'string', value: 'ADDRESS', help: 'default all, IPv4 and IPv6' },
    'tls-port': { type: 'string', value: 'PORT', help: 'MQTT over TLS; needs --cert and --key' },
    'ws-port': { type: 'string', value: 'PORT', help: 'MQTT over WebSocket, at any path' },
    'wss-port': { type: 'string', value: 'PORT', help: 'MQTT over WebSocket and TLS; needs --cert and --key' },
    cert: { type: 'string', value: 'FILE', help: "the server's certificate as PEM; read again when it changes" },
    key: { type: 'string', value: 'FILE', help: 'its private key as PEM' },
    'proxy-protocol': {
      type: 'string',
      value: 'LIST',
      help: 'addresses and networks of proxies that send a PROXY header (version 2), with commas',
    },
    'allow-anonymous': { type: 'boolean', help: 'take every client, with all rights' },
    profile: { type: 'string', value: 'NAME', help: 'conformance: what public test suites expect' },
    'max-inflight': { type: 'string', value: 'N', help: 'unacknowledged messages towards one client' },
    'max-queued': { type: 'string', value: 'N', help: 'messages waiting for one session' },
    'max-packet-size': { type: 'string', value: 'BYTES', help: 'up to 268435455' },
    'max-connections': { type: 'string', value: 'N', help: 'connections at a time' },
    'max-keep-alive': { type: 'string', value: 'SECONDS', help: 'longest keep alive of a 5.0 client; 0 = any' },
    'receive-maximum': { type: 'string', value: 'N', help: 'unacknowledged messages of one 5.0 client' },
    'maximum-qos': { type: 'string', value: 'N', help: 'highest QoS of a message: 0, 1 or 2' },
    'no-retain': { type: 'boolean', help: 'no retained messages' },
    'topic-alias-maximum': { type: 'string', value: 'N', help: 'topic aliases of one 5.0 connection, each way' },
    data: { type: 'string', value: 'DIR', help: 'data folder; without it all is in memory' },
  },
  async run(call) {
    const { runBroker } = await import('./broker-alone.ts')
    return runBroker(call)
  },
}
