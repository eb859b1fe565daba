// npm run demo [-- --http-port 8080 --mqtt-port 1883 --seed home --fast 60 --days 2]
import { isHobError } from '#kernel'
import { stopOnSignal } from '../../server/cli/index.ts'
import { startDemo } from './demo.ts'
import { readFlags } from './flags.ts'

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
  const starting = startDemo(readFlags(process.argv.slice(2)))
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
