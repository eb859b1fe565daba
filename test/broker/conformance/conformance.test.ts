import { describe, expect, test } from 'vitest'
import { conformance } from '../../../server/broker/index.ts'
import { playScene } from '../support/stage.ts'
import { withWelcome } from './case.ts'
import { connectCases } from './connect.ts'
import { malformedCases } from './malformed.ts'
import { publishCases } from './publish.ts'
import { subscribeCases } from './subscribe.ts'
import { willCases } from './will.ts'

/** Items of the checklist that the cases follow. */
const ITEMS = 54
const families = {
  'CONNECT and sessions': connectCases,
  wills: willCases,
  'SUBSCRIBE and routing': subscribeCases,
  'PUBLISH and flow control': publishCases,
  'malformed input': malformedCases,
}
const cases = Object.values(families).flat()

describe.each(Object.entries(families))('conformance: %s', (_family, list) => {
  test.each(list)('$item: $name $statements', async each => {
    const { permissions } = conformance
    const limits = { ...conformance.limits, ...each.limits }
    expect(await playScene({ permissions, ...each, limits, lines: withWelcome(each.lines) })).toEqual([])
  })
})

test('every item of the checklist has a case', () => {
  const items = new Set(cases.map(({ item }) => item))
  expect([...items].toSorted((a, b) => a - b)).toEqual(Array.from({ length: ITEMS }, (_, i) => i + 1))
})

test('every case names its statements, each with the version of the standard', () => {
  for (const { name, statements } of cases) {
    expect(statements, name).not.toEqual([])
    for (const each of statements) expect(each, name).toMatch(/^MQTT[35](-\d+(\.\d+)+-\d+| \d+(\.\d+)+)$/)
  }
})
