import type { Entity, Registry } from '#devices'
import { toIso, type Cancel, type Clock } from '#kernel'
import { LiveFrame } from './frames.ts'

/** Milliseconds between two frames that tell who reported without a change. */
export const SEEN_EVERY = 15_000

/** The frame of entities whose newest report came after `since` and changed nothing; none when there are none. */
export function seenFrames(entities: readonly Entity[], since: number): LiveFrame<null>[] {
  const reports: [string, string][] = []
  for (const { id, values } of entities) {
    let at = 0
    let changedAt = 0
    for (const value of values.values()) {
      at = Math.max(at, value.at)
      changedAt = Math.max(changedAt, value.changedAt)
    }
    if (at > since && at > changedAt) reports.push([id, toIso(at)])
  }
  if (reports.length === 0) return []
  const frame = { type: 'seen', entities: Object.fromEntries(reports) } as const
  return [new LiveFrame(null, frame, { entities: reports.map(([id]) => id) })]
}

/** Looks at all entities every 15 s while it runs: nothing is noted as reports come in. */
export function watchReports(options: {
  registry: Pick<Registry, 'entities'>
  clock: Clock
  send: (frames: readonly LiveFrame<null>[]) => void
}): { start(): void; stop(): void } {
  const { registry, clock } = options
  let timer: Cancel | undefined
  let lookedAt = 0
  const look = () => {
    const since = lookedAt
    lookedAt = clock.now()
    timer = clock.after(SEEN_EVERY, look)
    options.send(seenFrames(registry.entities(), since))
  }
  return {
    start() {
      if (timer !== undefined) return
      lookedAt = clock.now()
      timer = clock.after(SEEN_EVERY, look)
    },
    stop() {
      timer?.()
      timer = undefined
    },
  }
}
