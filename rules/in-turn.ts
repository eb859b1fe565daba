/** Runs a task to its end before the next begins: what it sets off comes after it, never inside it. */
export type InTurn = (task: () => void) => void

/** @param onFault hears of a task that threw; the next one runs all the same. */
export function createInTurn(onFault: (error: unknown) => void): InTurn {
  const waiting: (() => void)[] = []
  let isBusy = false
  return task => {
    waiting.push(task)
    if (isBusy) return
    isBusy = true
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        next()
      } catch (error) {
        onFault(error)
      }
    }
    isBusy = false
  }
}
