// npm run demo [-- --http-port 8080 --mqtt-port 1883 --seed home --fast 60]
import { parseArgs } from 'node:util'
import { HobError, isHobError } from '#kernel'
import { stopOnSignal } from '../../server/cli/index.ts'
import { startDemo } from './demo.ts'

const PORT = [0, 65_535] as const

/** The command line. @throws HobError for a flag that is not one or does not fit. */
function readFlags() {
  const { values } = parseArgs({
    options: {
      'http-port': { type: 'string', default: '8080' },
      'mqtt-port': { type: 'string', default: '1883' },
      seed: { type: 'string', default: 'home' },
      fast: { type: 'string', default: '1' },
    },
  })
  const number = (flag: 'http-port' | 'mqtt-port' | 'fast', [least, most]: readonly [number, number]) => {
    const value = Number(values[flag])
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new HobError(
      'demo.bad_flag',
      `--${flag} must be a whole number from ${least} to ${most}, not "${values[flag]}"`,
    )
  }
  return {
    httpPort: number('http-port', PORT),
    mqttPort: number('mqtt-port', PORT),
    seed: values.seed,
    fast: number('fast', [1, 600]),
  }
}

function isWrongUse(error: unknown): boolean {
  if (isHobError(error, 'demo.bad_flag')) return true
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}

/** What to tell of an expected failure, or undefined. */
function explain(error: unknown): string | undefined {
  if (isHobError(error) || isWrongUse(error)) return (error as Error).message
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return undefined
  return `${error.message}; choose other ports with --http-port and --mqtt-port`
}

try {
  const starting = startDemo(readFlags())
  const stopped = stopOnSignal(async () => (await starting).stop())
  const demo = await starting
  console.log(`demo: a simulated house at ${demo.url}, MQTT at ${demo.mqtt.host}:${demo.mqtt.port}; Ctrl-C ends it`)
  console.log(demo.signInLink)
  process.exitCode = await stopped
} catch (error) {
  const told = explain(error)
  if (told === undefined) throw error
  console.error(`demo: ${told}`)
  process.exitCode = isWrongUse(error) ? 2 : 1
}
process.exit()
