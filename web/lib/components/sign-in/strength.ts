/** Characters that the hub asks of a password. */
export const MIN_PASSWORD = 10

/** What holds a password back most; `good` when nothing does. */
export type Weakness = 'short' | 'common' | 'name' | 'repeated' | 'longer' | 'good'

export interface Strength {
  /** 0 very weak to 4 strong. */
  readonly level: 0 | 1 | 2 | 3 | 4
  readonly weakness: Weakness
}

/** Bits of guessing work from which a level begins. */
const LEVELS = [28, 44, 58, 74]

// What stands alone or with a tail of figures in every list of leaked passwords.
const COMMON =
  /^(pass\w?w?o?r?d|passwort|qwert[yz]\w*|asdf\w*|1q2w3e\w*|letmein|welcome|admin\w*|iloveyou|football|monkey|dragon|sunshine|hallo|schatz|abc|test|home\w*|smart\w*)[\d!.]*$/i
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'yxcvbnm',
  'zxcvbnm',
]

/** How long somebody would guess: by what a password is made of, less what follows from what stands before. */
export function strengthOf(password: string, name: string): Strength {
  const characters = [...password]
  const plain = password.toLowerCase()
  const bits = countSurprises(plain) * Math.log2(alphabetOf(password))
  const level = LEVELS.filter(from => bits >= from).length as Strength['level']
  if (characters.length < MIN_PASSWORD) return { level: Math.min(level, 1) as Strength['level'], weakness: 'short' }
  if (COMMON.test(plain)) return { level: 0, weakness: 'common' }
  if (name.trim().length > 2 && plain.includes(name.trim().toLowerCase()))
    return { level: Math.min(level, 1) as Strength['level'], weakness: 'name' }
  if (countSurprises(plain) < characters.length * 0.6) return { level, weakness: 'repeated' }
  return { level, weakness: level < 3 ? 'longer' : 'good' }
}

function alphabetOf(password: string): number {
  let size = 0
  if (/\p{Ll}/u.test(password)) size += 26
  if (/\p{Lu}/u.test(password)) size += 26
  if (/\d/.test(password)) size += 10
  if (/[^\p{L}\d]/u.test(password)) size += 20
  return Math.max(size, 2)
}

/** Characters that do not follow from the ones before: not a repetition, not the next of a row. */
function countSurprises(plain: string): number {
  let count = 0
  for (let index = 0; index < plain.length; index++) {
    const pair = plain.slice(index - 1, index + 1)
    const isRun = index > 0 && (plain[index] === plain[index - 1] || RUNS.some(run => isIn(run, pair)))
    const isRepeated = index >= 3 && plain.slice(0, index).includes(plain.slice(index - 2, index + 1))
    if (!isRun && !isRepeated) count++
  }
  return count
}

const isIn = (run: string, pair: string) => run.includes(pair) || run.includes(`${pair[1] ?? ''}${pair[0] ?? ''}`)
