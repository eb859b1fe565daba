import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../rules/check/check-text.ts'
import { complete } from '../../rules/complete/complete.ts'
import type { Fault } from '../../rules/format/errors.ts'
import { printFault } from '../../rules/format/print.ts'
import { sentenceOf } from '../../rules/format/sentence.ts'
import { house } from './check/house.ts'
import { goldenFiles } from './support/golden.ts'

const folder = (name: string) => new URL(`golden/${name}/`, import.meta.url)
const check = (text: string, slug: string) => checkText({ text, file: `${slug}.yaml`, slug, catalogue: house })

/** The rules of a text in words; names in «», values in ‹›, durations in []. */
function told(text: string, slug: string): string {
  const marks = { text: ['', ''], name: ['«', '»'], value: ['‹', '›'], duration: ['[', ']'] } as const
  return check(text, slug)
    .rules.map(({ rule }) => {
      const { parts, text: plain } = sentenceOf(rule)
      expect(parts.map(part => part.text).join('')).toBe(plain)
      return parts.map(part => `${marks[part.kind][0]}${part.text}${marks[part.kind][1]}`).join('')
    })
    .join('\n')
}

describe('a bad rule file', () => {
  it.each(goldenFiles(folder('bad')))('$name', ({ name, input, expect: expectOutput }) => {
    const { faults } = check(input, name)
    expect(faults).not.toEqual([])
    expectOutput(faults.map(fault => printFault(fault, input)).join('\n'))
  })
})

/** The text with one stretch of a line replaced, as an editor would do it. */
function mend(text: string, { line, column, endColumn }: Fault, replacement: string): string {
  const lines = text.split('\n')
  const old = lines[line - 1]!
  lines[line - 1] = old.slice(0, column - 1) + replacement + old.slice(endColumn - 1)
  return lines.join('\n')
}

describe('what is offered in place of what is wrong', () => {
  it.each(goldenFiles(folder('bad')))('mends it: $name', ({ name, input }) => {
    for (const fault of check(input, name).faults) {
      for (const replacement of fault.replacements) {
        const { line, column, message } = fault
        const left = check(mend(input, fault, replacement), name).faults
        expect(left, replacement).not.toContainEqual(expect.objectContaining({ line, column, message }))
        expect(left, replacement).not.toContainEqual(expect.objectContaining({ id: 'syntax', line }))
      }
    }
  })

  it.each<[text: string, wrong: string, replacements: readonly string[]]>([
    ['on: a/b\ndo: {turn_on: hall_lamb}\n', 'hall_lamb', ['hall_lamp']],
    ['on: a/b\ndo: {turn_onn: hall_lamp}\n', 'turn_onn', ['turn_on']],
    ['on: a/b\ndo: {turn_on: two_gang}\n', 'two_gang', ['two_gang.left', 'two_gang.right']],
    ['on: a/b\nmode: restrt\ndo: {log: x}\n', 'restrt', ['restart']],
    ['on: a/b\nenabled: yes\ndo: {log: x}\n', 'yes', ['true']],
    ['on: a/b\nmode: single\ndo: [{wait: 5}, {log: x}]\n', '5', ['5s', '5min']],
  ])('%j', (text, wrong, replacements) => {
    const [fault] = check(text, 'rule').faults
    const { line, column, endColumn } = fault!
    expect(text.split('\n')[line - 1]!.slice(column - 1, endColumn - 1)).toBe(wrong)
    expect(fault!.replacements).toEqual(replacements)
  })
})

describe('a good rule file', () => {
  it.each(goldenFiles(folder('good')))('$name', ({ name, input, expect: expectOutput }) => {
    expect(check(input, name).faults).toEqual([])
    expectOutput(told(input, name))
  })
})

describe('an example', () => {
  const examples = new URL('../../rules/examples/', import.meta.url)
  it.each(readdirSync(examples))('%s has no fault, and a sentence', file => {
    const text = readFileSync(new URL(file, examples), 'utf8')
    expect(check(text, 'example').faults).toEqual([])
    expect(told(text, 'example')).toMatch(/^When .+: .+/)
  })
})

describe('completion', () => {
  it.each(goldenFiles(folder('complete')))('$name', ({ input, expect: expectOutput }) => {
    const out = input.split('\n-----\n').map(each => {
      const at = each.indexOf('|>')
      const text = each.slice(0, at) + each.slice(at + 2)
      const { from, to, items } = complete(text, at, house)
      expect(to).toBe(at)
      const shown = items
        .slice(0, 12)
        .map(({ label, kind, detail }) => `  ${label} (${[kind, detail].filter(Boolean).join(': ')})`)
      const more = items.length > 12 ? [`  and ${items.length - 12} more`] : []
      return [`"${text.slice(from, to)}"`, ...shown, ...more].join('\n')
    })
    expectOutput(out.join('\n'))
  })
})
