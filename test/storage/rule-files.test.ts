import { describe, expect, it } from 'vitest'
import { type Storage } from '../../server/storage/index.ts'
import { cause, id, openStage } from './support/stage.ts'

const stage = openStage()
const { start, restart } = stage

describe('rule files', () => {
  const save = (storage: Storage, text: string, ifVersion: number | null = null) =>
    storage.rules.saveFile({ slug: 'porch', text, ifVersion, cause, at: 77 })

  it('keep every version and refuse a stale save', async () => {
    const storage = await start()
    expect(await save(storage, 'one', 0)).toMatchObject({ saved: { version: 1, enabled: true } })
    expect(await save(storage, 'two', 1)).toMatchObject({ saved: { version: 2 } })
    expect(await save(storage, 'lost', 1)).toMatchObject({ stale: { version: 2, text: 'two' } })
    expect(await save(storage, 'lost', 0)).toMatchObject({ stale: { version: 2 } })
    expect(await storage.rules.versions('porch')).toMatchObject([
      { version: 2, text: 'two', cause: { who: 'anna' } },
      { version: 1, text: 'one' },
    ])
    expect(await storage.rules.removeFile({ slug: 'porch', ifVersion: 1, cause, at: 78 })).toMatchObject({
      stale: { version: 2 },
    })
    expect(await storage.rules.removeFile({ slug: 'porch', ifVersion: 2, cause, at: 78 })).toMatchObject({
      saved: { text: 'two' },
    })
    expect(await storage.rules.removeFile({ slug: 'porch', ifVersion: null, cause, at: 78 })).toEqual({ stale: null })
    expect(await save(storage, 'again', 0)).toMatchObject({ saved: { version: 4 } })
  })

  it('give an open run the text it began with', async () => {
    let storage = await start()
    await save(storage, 'one')
    const run = {
      id: 'R',
      rule: 'porch',
      file: 'porch',
      version: 1,
      startedAt: 1,
      dueAt: 2,
      continuation: { at: [0, 1] },
      cause,
    }
    storage.rules.write({ op: 'rules.run.put', run })
    await save(storage, 'two')
    storage.rules.write({ op: 'rules.enabled', slug: 'porch', enabled: false })
    storage.rules.write({ op: 'rules.deadline.put', deadline: { rule: 'porch', trigger: 'on[0]', since: 1, dueAt: 2 } })
    storage.rules.write({ op: 'rules.moment.put', moment: { rule: 'porch', trigger: 'on[1]', at: 9 } })
    storage = await restart(storage)
    expect(await storage.rules.load()).toMatchObject({
      files: [{ slug: 'porch', text: 'two', version: 2, enabled: false, changedAt: 77 }],
      needed: [{ slug: 'porch', text: 'one', version: 1 }],
      runs: [run],
      deadlines: [{ since: 1, dueAt: 2 }],
      moments: [{ at: 9 }],
    })
  })

  it('keep so many traces of a rule as they were told', async () => {
    const storage = await start()
    const ids = Array.from({ length: 6 }, id)
    for (const each of ids) {
      const trace = {
        id: each,
        rule: 'porch',
        file: 'porch',
        version: 1,
        startedAt: 1,
        endedAt: 2,
        result: 'done',
        trace: { n: each, outcome: each === ids[5] ? 'expired' : null },
        cause,
      } as const
      storage.rules.write({ op: 'rules.trace.put', trace, keep: 3 })
    }
    const kept = await storage.rules.traces({ file: 'porch', rule: null, limit: 10, before: null })
    expect(kept.map(trace => trace.id)).toEqual(ids.slice(3).toReversed())
    expect(await storage.rules.traces({ file: 'porch', rule: 'porch', limit: 1, before: ids[5]! })).toMatchObject([
      { id: ids[4] },
    ])
    const { lastRuns } = await storage.rules.load()
    expect(lastRuns).toEqual([
      {
        id: ids[5],
        rule: 'porch',
        file: 'porch',
        version: 1,
        startedAt: 1,
        endedAt: 2,
        result: 'done',
        cause,
        outcome: 'expired',
      },
    ])
    expect(await storage.rules.trace(ids[5]!)).toMatchObject({ trace: { n: ids[5] } })
    expect(await storage.rules.trace(ids[0]!)).toBeUndefined()
  })
})
