import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conformance } from '../../../server/broker/index.ts'
import { playScene } from '../support/stage.ts'
import { withWelcome } from './case.ts'
import { beforeFive } from './before-5.ts'
import { connectCases } from './connect.ts'
import { furtherCases } from './further.ts'
import { malformedCases } from './malformed.ts'
import { publishCases } from './publish.ts'
import { standard } from './standard.ts'
import { subscribeCases } from './subscribe.ts'
import { willCases } from './will.ts'

const root = join(import.meta.dirname, '../../..')

/** Items of the checklist that the cases follow, and one for the statements that none of them names. */
const ITEMS = 55
const families = {
  'CONNECT and sessions': connectCases,
  wills: willCases,
  'SUBSCRIBE and routing': subscribeCases,
  'PUBLISH and flow control': publishCases,
  'malformed input': malformedCases,
  'clients of 3.1.1 and 3.1': beforeFive,
  'further statements': furtherCases,
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
    for (const each of statements) expect(each, name).toMatch(/^(MQTT[35]-\d+(\.\d+)+-\d+|MQTT(5|3|31) \d+(\.\d+)+)$/)
  }
})

test('the numbers of statements are those of the standards, here and in the comments of the broker', () => {
  const files = ['server/broker', 'test/broker'].flatMap(folder =>
    globSync(`${folder}/**/*.ts`, { cwd: root }).map(file => readFileSync(join(root, file), 'utf8')),
  )
  expect(files.flatMap(citations).filter(each => !isStatement(each))).toEqual([])
  const isOfFive = (number: string) => isStatement(`MQTT5-${number}`)
  expect(['4.7.1-3', '3.3.6-1', '3.1.2-0', '3.1.2-22'].map(isOfFive)).toEqual([false, false, false, true])
})

/** The statements that a text cites: `[MQTT5-3.3.2-2, 4.7.3-1]`, `-15..-17`, `MQTT5-3.1.2-8`. */
function citations(text: string): string[] {
  return [...text.matchAll(/(MQTT[35])-(\d[\d.]*-\d+(?:(?:\.\.|, )-?[\d.]*-?\d+)*)/g)].flatMap(([, version, list]) => {
    let section = ''
    return list!.split(/\.\.|, /).map(each => {
      const [, named, number] = /^(?:(\d+(?:\.\d+)+)-|-?)(\d+)$/.exec(each) ?? []
      section = named ?? section
      return `${version}-${section}-${number}`
    })
  })
}

function isStatement(citation: string): boolean {
  const [version = '', section = '', number = ''] = citation.split('-')
  return Number(number) > 0 && Number(number) <= (standard[version]?.[section] ?? 0)
}
