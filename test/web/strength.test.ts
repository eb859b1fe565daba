import { describe, expect, it } from 'vitest'
import { strengthOf } from '../../web/lib/components/sign-in/strength.ts'

describe('the strength of a password', () => {
  it.each<[password: string, level: number, weakness: string]>([
    ['', 0, 'short'],
    ['Xq7!', 0, 'short'],
    ['Xq7!kkT9z', 1, 'short'],
    ['password1234', 0, 'common'],
    ['qwertzuiop', 0, 'common'],
    ['Annaannaanna', 0, 'name'],
    ['aaaaaaaaaaaa', 0, 'repeated'],
    ['abcdefghijkl', 0, 'repeated'],
    ['12341234123412341234', 0, 'repeated'],
    ['tablechairs', 1, 'longer'],
    ['table chairs', 2, 'longer'],
    ['seven green bottles', 4, 'good'],
    ['Xq7!kkT9zP#w', 3, 'good'],
  ])('%s is level %i: %s', (password, level, weakness) => {
    expect(strengthOf(password, 'Anna')).toEqual({ level, weakness })
  })
})
