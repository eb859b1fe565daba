import type { CheckedDraftJson, FaultJson, RuleFileJson } from '#api'
import type { Api } from '../api.ts'
import { Problem } from '../problem.ts'

/** Milliseconds after the last key until a text is checked. */
const CHECK_AFTER = 250

/** A version that somebody else saved meanwhile. `version` is null when the file was deleted. */
export interface Conflict {
  readonly version: number | null
  readonly text: string
}

/** What is kept of a draft while its page is away. */
interface Kept {
  readonly text: string
  readonly slug: string
  /** The version it was written on; 0 for a new file. */
  readonly version: number
}

export interface DraftOptions {
  readonly api: Api
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Null for a rule that is new. */
  readonly file: Pick<RuleFileJson, 'slug' | 'text' | 'version'> | null
  /** What a new rule begins with. */
  readonly start?: { readonly slug: string; readonly text: string }
}

/** The slug that a name makes; empty when nothing of it can stand in one. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 64)

export const isSlug = (text: string): boolean => /^[a-z][a-z0-9_]{0,63}$/.test(text) && text !== 'new'

/** The text of a rule file while it is written: checked as it grows, kept over a reload, saved against its version. */
export class RuleDraft {
  readonly isNew: boolean
  text = $state('')
  /** The slug somebody chose for a new file; empty to take that of its name. */
  chosenSlug = $state('')
  /** The version it is written on; 0 for a new file. */
  version = $state(0)
  savedText = $state('')
  faults = $state.raw<readonly FaultJson[]>([])
  rules = $state.raw<CheckedDraftJson['rules']>([])
  /** The text that `faults` and `rules` are about. */
  checkedText = $state<string | null>(null)
  /** Why it could not be checked. */
  checkProblem = $state.raw<Problem | null>(null)
  conflict = $state.raw<Conflict | null>(null)
  isSaving = $state(false)
  /** Its text is one of before a reload. */
  wasKept = $state(false)

  readonly isDirty = $derived(this.text !== this.savedText)
  readonly isChecked = $derived(this.checkedText === this.text)
  readonly errors = $derived(this.faults.filter(({ severity }) => severity === 'error'))
  readonly slug = $derived.by(() => {
    if (!this.isNew) return this.#slug
    if (this.chosenSlug !== '') return this.chosenSlug
    return slugOf(/^name:(.*)$/m.exec(this.text)?.[1] ?? '')
  })

  readonly #api: Api
  readonly #storage: DraftOptions['storage']
  readonly #slug: string
  /** What this page opened with, kept texts aside. */
  readonly #first: Kept
  #timer: ReturnType<typeof setTimeout> | undefined
  /** What the hub held while it took this text. */
  #met: RuleFileJson | null | undefined

  constructor({ api, storage, file, start }: DraftOptions) {
    this.#api = api
    this.#storage = storage
    this.isNew = file === null
    this.#slug = file?.slug ?? ''
    this.savedText = file?.text ?? ''
    this.version = file?.version ?? 0
    this.text = file?.text ?? start?.text ?? ''
    this.chosenSlug = file === null ? (start?.slug ?? '') : ''
    this.#first = { text: this.text, slug: this.chosenSlug, version: this.version }
    const kept = this.#readKept()
    if (kept && kept.text !== this.text) {
      this.text = kept.text
      this.chosenSlug = file === null ? kept.slug : ''
      this.version = kept.version
      this.wasKept = true
      if (file && file.version !== kept.version) this.conflict = file
    }
    void this.check()
  }

  /**
   * Takes what the hub holds now: what nobody has touched goes with it, what is typed stands against it (`conflict`).
   * @returns false when the file is gone and nothing here would be lost.
   */
  meet(file: RuleFileJson | null): boolean {
    if (this.isSaving) this.#met = file
    else if (file === null) {
      if (!this.isDirty) return false
      this.conflict = { version: null, text: '' }
    } else if (file.version > this.version) {
      this.conflict = file
      if (!this.isDirty || this.text === file.text) this.takeTheirs()
    }
    return true
  }

  /** Takes the text as it is now. */
  write(text: string): void {
    if (text === this.text) return
    this.text = text
    this.#keep()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.check(), CHECK_AFTER)
  }

  chooseSlug(slug: string): void {
    this.chosenSlug = slug
    this.#keep()
  }

  /** Asks the hub what is wrong with the text and what it says. An answer about an older text is left aside. */
  async check(): Promise<void> {
    clearTimeout(this.#timer)
    const { text } = this
    try {
      const { items, rules } = await this.#api('POST /rules/check', { body: { text } })
      if (text === this.text) this.#takeChecked(text, { items, rules })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (text === this.text) this.checkProblem = error
    }
  }

  /**
   * Saves the text as a new version.
   * @returns the file; null when its text is faulty or somebody else saved meanwhile: `faults` or `conflict` tell.
   * @throws Problem for any other refusal.
   */
  async save(): Promise<RuleFileJson | null> {
    const { text, slug } = this
    this.isSaving = true
    try {
      const call = { params: { slug }, body: { text }, ifVersion: this.version }
      const file = await this.#api('PUT /rules/:slug', call)
      this.savedText = file.text
      this.version = file.version
      this.conflict = null
      this.wasKept = false
      this.#keep()
      return file
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.code === 'rules.faulty') this.faults = error.facts['faults'] as FaultJson[]
      else if (error.code === 'rules.stale_version') this.conflict = conflictOf(error)
      else throw error
      return null
    } finally {
      this.isSaving = false
      const met = this.#met
      this.#met = undefined
      if (met !== undefined) this.meet(met)
    }
  }

  /** Mine goes over theirs with the next save. */
  keepMine(): void {
    if (this.conflict) this.version = this.conflict.version ?? 0
    this.conflict = null
    this.#keep()
  }

  /** Theirs is what this page goes on from. */
  takeTheirs(): void {
    if (!this.conflict) return
    const { version, text } = this.conflict
    this.version = version ?? 0
    this.savedText = text
    this.conflict = null
    this.write(text)
  }

  /** Goes back to the saved text, or to what a new rule begins with. */
  revert(): void {
    this.wasKept = false
    this.version = this.#first.version
    this.chosenSlug = this.#first.slug
    this.write(this.#first.text)
    this.#storage.removeItem(this.#key)
  }

  /** The page is left: what was not saved is forgotten, and nothing asks for it any more. */
  discard(): void {
    clearTimeout(this.#timer)
    this.savedText = this.text
    this.#storage.removeItem(this.#key)
  }

  #takeChecked(text: string, { items, rules }: Pick<CheckedDraftJson, 'items' | 'rules'>): void {
    this.faults = items
    this.rules = rules
    this.checkedText = text
    this.checkProblem = null
  }

  get #key(): string {
    return `hob.rule-draft.${this.#slug}`
  }

  #keep(): void {
    const kept: Kept = { text: this.text, slug: this.chosenSlug, version: this.version }
    if (this.text === this.savedText) this.#storage.removeItem(this.#key)
    else this.#storage.setItem(this.#key, JSON.stringify(kept))
  }

  #readKept(): Kept | null {
    const text = this.#storage.getItem(this.#key)
    return text === null ? null : (JSON.parse(text) as Kept)
  }
}

function conflictOf({ facts }: Problem): Conflict {
  const { current, text } = facts
  return { version: typeof current === 'number' ? current : null, text: typeof text === 'string' ? text : '' }
}
