import { expect, it } from 'vitest'
import { changeInWords, changesBetween, textInWords } from '../../server/versions/words.ts'

it.each([
  [{ name: 'Hall' }, { name: 'Entrance' }, ['name: "Hall" became "Entrance"']],
  [{ name: 'Hall', area: null }, { name: 'Hall', area: 'A' }, ['area: nothing became "A"']],
  [{ place: { a: 1 } }, { place: null, zone: 'UTC' }, ['place: {"a":1} became nothing', 'zone: nothing became "UTC"']],
  [{ a: [1, 2] }, { a: [1, 2] }, []],
])('tells %j from %j', (from, to, words) => {
  expect(changesBetween(from, to).map(changeInWords)).toEqual(words)
})

it.each([
  ['a\nb\nc', 'a\nc', ['1 line removed']],
  ['a\nb', 'a\nx\ny\nb', ['2 lines added']],
  ['a\nb\nc', 'a\nB\nc', ['1 line added, 1 line removed']],
  ['same', 'same', []],
])('counts the lines between %j and %j', (from, to, words) => {
  expect(textInWords(from, to)).toEqual(words)
})
