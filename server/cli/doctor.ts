import type { HealthJson } from '#api'
import { withHub } from './hub-request.ts'
import type { Verb } from './verb.ts'

type Reading = HealthJson['readings'][number]

function readingText({ key, value, unit, limit, state }: Reading): string {
  const shown = value === null ? '-' : `${value}${unit === null || typeof value === 'string' ? '' : ` ${unit}`}`
  const warns = limit === null ? '' : ` (warns ${limit.good === 'below' ? 'from' : 'down to'} ${limit.warning})`
  return `${state.padEnd(8)} ${key.padEnd(13)} ${shown}${warns}`
}

/** What is wrong first, with what to do, then every reading. */
export function healthText({ problems, readings }: HealthJson): string[] {
  const wrong = problems.flatMap(({ state, what, where, repair, since }) => [
    `${state}: ${what}${where === null ? '' : ` (${where})`}, since ${since}`,
    `  ${repair}`,
  ])
  return [...(wrong.length === 0 ? ['nothing is wrong'] : wrong), '', ...readings.map(readingText)]
}

/** `hob doctor`: how the hub and its machine are. */
export const doctor: Verb = {
  name: 'doctor',
  forms: ['[--json]'],
  summary: 'what is wrong with the hub or its machine, and what to do',
  flags: {},
  async run(call) {
    const health = (await withHub(call, ask => ask('GET', '/system/health'))) as HealthJson
    if (call.json) call.print(JSON.stringify(health))
    else for (const line of healthText(health)) call.print(line)
    return health.problems.length === 0 ? 0 : 1
  },
}
