import { withNewHub } from './hub-request.ts'
import { UsageError, word, type Verb } from './verb.ts'

/** How each key is written on the command line. */
const KEYS: Readonly<Record<string, (value: string) => unknown>> = {
  name: value => value,
  zone: value => value,
  place: value => {
    if (value === 'none') return null
    const match = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(value)
    if (match === null) throw new UsageError('place is LATITUDE,LONGITUDE like 52.52,13.40, or none')
    return { latitude: Number(match[1]), longitude: Number(match[2]) }
  },
  writeBudget: value => Number(value),
}

/** `hob set`: settings of the house. */
export const set: Verb = {
  name: 'set',
  forms: ['name "Garden street 7"', 'zone Europe/Berlin', 'place 52.52,13.40', 'writeBudget 0|10|60'],
  summary: 'change a setting of the house',
  words: 2,
  flags: {},
  async run(call) {
    const key = word(call, 0, 'KEY')
    const value = word(call, 1, 'VALUE')
    const parse = KEYS[key]
    if (parse === undefined)
      throw new UsageError(`there is no setting "${key}"; settings are ${Object.keys(KEYS).join(', ')}`)
    const settings = await withNewHub(call, ask => ask('PATCH', '/settings', { [key]: parse(value) }))
    call.print(call.json ? JSON.stringify(settings) : `${key} is ${value}`)
    return 0
  },
}
