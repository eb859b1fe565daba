// What one evaluation costs:  node test/bench/expression.ts
import { compile, createContext, NUMBER, parse, type Environment } from '#expression'

const ROUNDS = 5
const TIMES = 2_000_000

const environment: Environment = {
  name: path => ({ parts: 1, type: NUMBER, read: () => (path[0]!.name === 'temp' ? 22 : 8) }),
}
const parsed = parse('temp > 21.5 and hours >= 7', 'strict')
if ('faults' in parsed) throw new Error('the expression does not parse')
const run = compile(parsed.ast, environment)
if (typeof run !== 'function') throw new Error(run.fault.message)
const context = createContext(0)
const figures = Array.from({ length: ROUNDS }, () => {
  const start = performance.now()
  let held = 0
  for (let i = 0; i < TIMES; i++) if (run(context) === true) held++
  if (held !== TIMES) throw new Error('the expression must hold')
  return ((performance.now() - start) / TIMES) * 1e6
})
console.log(
  `temp > 21.5 and hours >= 7: ${figures.toSorted((a, b) => a - b)[ROUNDS >> 1]!.toFixed(0)} ns an evaluation`,
)
