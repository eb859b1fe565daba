import { systemClock, type Log } from '#kernel'
import { version, webFolder } from '../paths.ts'
import { integer, text, type Verb } from './verb.ts'

/** Milliseconds an orderly stop may take. */
const STOP_TIME = 5_000
const PORTS = { min: 0, max: 65_535 }

export const start: Verb = {
  name: 'start',
  forms: [
    '[--http-port PORT] [--mqtt-port PORT] [--mqtts-port PORT] [--cert FILE --key FILE]',
    '[--host ADDRESS] [--config FILE] [--safe]',
  ],
  summary: 'run the hub until SIGTERM or Ctrl-C',
  factless: true,
  flags: {
    host: { type: 'string', value: 'ADDRESS', help: 'address to listen on (HOB_HOST; default all, IPv4 and IPv6)' },
    'http-port': {
      type: 'string',
      value: 'PORT',
      help: 'web UI and API (HOB_HTTP_PORT; default 8080; 0 = any free one)',
    },
    'mqtt-port': { type: 'string', value: 'PORT', help: 'MQTT (HOB_MQTT_PORT; default 1883; 0 = any free one)' },
    'mqtts-port': { type: 'string', value: 'PORT', help: 'MQTT over TLS (HOB_MQTTS_PORT; default 8883; 0 = off)' },
    cert: { type: 'string', value: 'FILE', help: "certificate for it as PEM (HOB_CERT; default the hub's own)" },
    key: { type: 'string', value: 'FILE', help: 'private key of the certificate as PEM (HOB_KEY)' },
    config: {
      type: 'string',
      value: 'FILE',
      help: 'configuration file (HOB_CONFIG; default config.yaml in the data folder)',
    },
    safe: { type: 'boolean', help: 'load the rules, start none' },
  },
  async run(call) {
    const [{ loadConfig }, { createHub }, { createLog }] = await Promise.all([
      import('../config.ts'),
      import('../hub.ts'),
      import('../log.ts'),
    ])
    const config = loadConfig({
      data: call.data,
      file: text(call, 'config') ?? process.env['HOB_CONFIG'],
      env: process.env,
      flags: {
        host: call.flags['host'],
        http_port: integer(call, 'http-port', PORTS),
        mqtt_port: integer(call, 'mqtt-port', PORTS),
        mqtts_port: integer(call, 'mqtts-port', PORTS),
        cert: call.flags['cert'],
        key: call.flags['key'],
        safe: call.flags['safe'],
      },
    })
    const log = createLog(config.logLevel)
    const hub = await createHub({
      config,
      clock: systemClock,
      log,
      version,
      webFolder,
      onFatal: error => {
        log.error(
          { error: error.message },
          'the disk does not take writes; the hub stops, nothing unwritten was acknowledged',
        )
        process.exit(1)
      },
    })
    const stopped = stopOnSignal(async () => {
      log.info({}, 'stopping')
      await hub.close()
    })
    const { http, mqtt, mqtts } = await hub.listen()
    const code = hub.newClaim()
    if (code !== null) inviteOwner(`${http}/claim#${code}`, { log, complain: call.complain })
    call.print(`hob ready http=${http} mqtt=${mqtt} pid=${process.pid}${mqtts === null ? '' : ` mqtts=${mqtts}`}`)
    return stopped
  },
}

/** Tells a person at a terminal, or whoever reads the log, how to become the owner. */
function inviteOwner(link: string, { log, complain }: { log: Log; complain: (text: string) => void }): void {
  if (process.stderr.isTTY) complain(`\n  Hob is ready and belongs to nobody yet. Make it yours:\n\n    ${link}\n`)
  else log.info({ link }, 'this hub belongs to nobody yet; open the link to make it yours')
}

/** Resolves with the exit code after SIGTERM or SIGINT and an orderly stop. */
export function stopOnSignal(stop: () => Promise<void>): Promise<number> {
  return new Promise(resolve => {
    let isStopping = false
    const onSignal = () => {
      if (isStopping) return
      isStopping = true
      setTimeout(() => process.exit(1), STOP_TIME).unref()
      void stop().then(
        () => resolve(0),
        () => resolve(1),
      )
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}
