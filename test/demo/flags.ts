import { parseArgs } from 'node:util'
import { HobError } from '#kernel'
import type { DemoOptions } from './demo.ts'

const PORT = [0, 65_535] as const

/** The command line. @throws HobError `demo.bad_flag`; what `parseArgs` throws for a flag that is not one. */
export function readFlags(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'http-port': { type: 'string', default: '8080' },
      'mqtt-port': { type: 'string', default: '1883' },
      seed: { type: 'string', default: 'home' },
      fast: { type: 'string', default: '1' },
      days: { type: 'string', default: '2' },
    },
  })
  const number = (flag: 'http-port' | 'mqtt-port' | 'fast' | 'days', [least, most]: readonly [number, number]) => {
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
    days: number('days', [0, 60]),
  }
}
