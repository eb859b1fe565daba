import { pino } from 'pino'
import type { Log } from '#kernel'

const COLORS: Record<string, string> = { debug: '2', info: '36', warn: '33', error: '31' }

// One short line for a person at a terminal; control characters of facts stay escaped as JSON has them.
function readable(line: string): string {
  const { level, time, msg, ...facts } = JSON.parse(line) as { level: string; time: string; msg: string }
  const rest = Object.entries(facts)
    .map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
    .join('')
  const clean = JSON.stringify(msg).slice(1, -1)
  return `\x1b[2m${time.slice(11, 19)}\x1b[0m \x1b[${COLORS[level]}m${level.padEnd(5)}\x1b[0m ${clean}\x1b[2m${rest}\x1b[0m\n`
}

/** The hub's log: JSON lines on stderr, readable ones when that is a terminal. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): Log {
  const stderr = process.stderr
  const destination = stderr.isTTY
    ? { write: (line: string) => void stderr.write(readable(line)) }
    : { write: (line: string) => void stderr.write(line) }
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    destination,
  )
}
