import type { Command } from '#devices'
import type { Clock, Ulid } from '#kernel'
import type { CommandWaiter } from '../routes/entities.ts'

/** Lets a request wait for the end of its command (`?wait=2s`). */
export function createCommandWaiter(clock: Clock): CommandWaiter & { note(command: Command): void } {
  const waiting = new Map<Ulid, (command: Command) => void>()
  return {
    note(command) {
      if (command.state !== 'pending') waiting.get(command.id)?.(command)
    },
    settled(command, milliseconds) {
      if (command.state !== 'pending') return Promise.resolve(command)
      return new Promise(resolve => {
        const cancel = clock.after(milliseconds, () => finish(command))
        const finish = (last: Command) => {
          cancel()
          waiting.delete(command.id)
          resolve(last)
        }
        waiting.set(command.id, finish)
      })
    },
  }
}
