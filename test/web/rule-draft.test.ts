import { describe, expect, it, vi } from 'vitest'
import type { RuleFileJson } from '#api'
import type { Api } from '../../web/lib/api.ts'
import { Problem } from '../../web/lib/problem.ts'
import { followFile } from '../../web/lib/state/follow-file.ts'
import { RuleDraft } from '../../web/lib/state/rule-draft.svelte.ts'

const file = (version: number, text = `version ${version}`): RuleFileJson => ({
  slug: 'hall',
  text,
  version,
  enabled: true,
  changedAt: '2026-01-22T17:04:00.000Z',
  rules: [],
})

/** A hub that finds nothing wrong; what it says to a save is up to the test. */
function open(at: RuleFileJson, kept: Record<string, string> = {}) {
  const save = vi.fn<() => Promise<RuleFileJson>>()
  const api = (what: string) =>
    what === 'PUT /rules/:slug' ? save() : Promise.resolve({ items: [], next: null, rules: [] })
  const storage = { getItem: (key: string) => kept[key] ?? null, setItem() {}, removeItem() {} }
  return { draft: new RuleDraft({ api: api as Api, storage, file: at }), save }
}

describe('a draft meets what the hub holds', () => {
  it('and goes with it while nobody has touched it', () => {
    const { draft } = open(file(6))
    expect(draft.meet(file(7))).toBe(true)
    expect(draft).toMatchObject({ text: 'version 7', version: 7, isDirty: false, conflict: null })
  })

  it('and stands against it once something was typed', () => {
    const { draft } = open(file(6))
    draft.write('mine')
    expect(draft.meet(file(7))).toBe(true)
    expect(draft).toMatchObject({ text: 'mine', version: 6, conflict: { version: 7, text: 'version 7' } })
    draft.keepMine()
    expect(draft).toMatchObject({ text: 'mine', version: 7, conflict: null })
  })

  it('and is in no conflict when both wrote the same', () => {
    const { draft } = open(file(6))
    draft.write('same')
    draft.meet(file(7, 'same'))
    expect(draft).toMatchObject({ version: 7, isDirty: false, conflict: null })
  })

  it('and is not moved by what was asked before its own save', () => {
    const { draft } = open(file(6))
    draft.meet(file(5))
    expect(draft).toMatchObject({ text: 'version 6', version: 6, conflict: null })
  })

  it('which is gone: nothing is lost, or what was typed stands alone', () => {
    const { draft } = open(file(6))
    expect(draft.meet(null)).toBe(false)
    draft.write('mine')
    expect(draft.meet(null)).toBe(true)
    expect(draft.conflict).toEqual({ version: null, text: '' })
    draft.keepMine()
    expect(draft.version).toBe(0)
  })

  it.each<[what: string, version: number, isConflict: boolean]>([
    ['of its own save', 7, false],
    ['of another one that came right after', 8, true],
  ])('while it is being saved: %s', async (_what, version, isConflict) => {
    const { draft, save } = open(file(6))
    draft.write('mine')
    save.mockImplementation(() => {
      draft.meet(file(version, version === 7 ? 'mine' : 'theirs'))
      return Promise.resolve(file(7, 'mine'))
    })
    await draft.save()
    expect(draft.text).toBe(isConflict ? 'theirs' : 'mine')
    expect(draft.version).toBe(version)
  })

  it('that was kept over a reload, on a version that is no longer the newest', () => {
    const kept = { 'hob.rule-draft.hall': JSON.stringify({ text: 'mine', slug: '', version: 5 }) }
    const { draft } = open(file(6), kept)
    expect(draft).toMatchObject({ text: 'mine', version: 5, conflict: { version: 6 } })
  })
})

describe('following a file', () => {
  type Listener = (frame: object) => void
  function follow(answer: () => Promise<RuleFileJson>) {
    const listeners = new Map<string, Listener>()
    const live = {
      on(type: string, listener: Listener) {
        listeners.set(type, listener)
        return () => void listeners.delete(type)
      },
    }
    const heard: (number | null)[] = []
    const stop = followFile({ api: answer as unknown as Api, live: live as never, slug: 'hall' }, now =>
      heard.push(now?.version ?? null),
    )
    return { heard, stop, say: (type: string, frame: object = {}) => listeners.get(type)?.(frame) }
  }

  it('asks for it when it is said to be another, and after a gap', async () => {
    let version = 6
    const { heard, stop, say } = follow(() => Promise.resolve(file(++version)))
    say('rule', { slug: 'other' })
    say('rule', { slug: 'hall' })
    say('resync')
    await expect.poll(() => heard).toEqual([7, 8])
    say('rule', { slug: 'hall' })
    stop()
    await Promise.resolve()
    expect(heard).toEqual([7, 8])
  })

  it('tells when it is gone, and nothing when the hub cannot say', async () => {
    const problem = (code: string) => new Problem(code, 'refused')
    const gone = follow(() => Promise.reject(problem('rules.unknown_file')))
    gone.say('rule', { slug: 'hall' })
    await expect.poll(() => gone.heard).toEqual([null])
    const away = follow(() => Promise.reject(problem('api.not_ready')))
    away.say('rule', { slug: 'hall' })
    await new Promise(resolve => setImmediate(resolve))
    expect(away.heard).toEqual([])
  })
})
