import type { HealthSources } from '../../server/system/index.ts'

type Answer<Name extends keyof HealthSources> = HealthSources[Name] extends () => infer Result ? Awaited<Result> : never

/** How everything is that health looks at; a test changes what it is about. */
export interface Condition {
  loop: { p99: number; longest: number } | null
  memory: number
  commits: Answer<'commits'>
  queues: Answer<'queues'>
  machine: Awaited<ReturnType<HealthSources['machine']['look']>>
  disk: Answer<'disk'>
  writes: Answer<'writes'>
  space: Answer<'space'>
  troubles: Answer<'troubles'>
}

const GB = 1e9

/** A hub on a Raspberry Pi that has nothing to complain of. */
export function goodCondition(): Condition {
  return {
    loop: { p99: 2, longest: 9 },
    memory: 120e6,
    commits: { longest: 12, waiting: 0 },
    queues: { fullest: null },
    machine: {
      temperature: 52.1,
      power: { word: 'steady', state: 'good' },
      clock: { word: 'synchronised', state: 'good' },
    },
    disk: { free: 20 * GB },
    writes: { perDay: 40e6 },
    space: { fullIn: null },
    troubles: [],
  }
}

/** What health looks at, as the condition says. */
export function sourcesOf(now: Condition): HealthSources {
  return {
    loop: { look: () => now.loop, close() {} },
    memory: () => now.memory,
    commits: () => now.commits,
    queues: () => now.queues,
    machine: { look: async () => now.machine },
    disk: async () => now.disk,
    writes: async () => now.writes,
    space: async () => now.space,
    troubles: async () => now.troubles,
  }
}
