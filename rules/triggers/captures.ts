import type { TopicTrigger } from '../format/rule.ts'

/** What a named wildcard caught: the text of a level, or of all levels from there on. */
interface Capture {
  readonly level: number
  readonly isRest: boolean
  /** Another wildcard of the same name: both must have caught the same text. */
  readonly twins: readonly { readonly level: number; readonly isRest: boolean }[]
}

const textAt = (levels: readonly string[], { level, isRest }: { level: number; isRest: boolean }) =>
  isRest ? levels.slice(level).join('/') : levels[level]!

/** Reads what the named wildcards of a filter caught, by the places of the levels. */
export class Captures {
  readonly #captures: readonly Capture[]

  constructor({ levels, captures }: Pick<TopicTrigger, 'levels' | 'captures'>) {
    this.#captures = captures.map(name => {
      const places = levels.flatMap((each, level) =>
        each.kind !== 'text' && each.name === name ? [{ level, isRest: each.kind === 'rest' }] : [],
      )
      return { ...places[0]!, twins: places.slice(1) }
    })
  }

  get isEmpty(): boolean {
    return this.#captures.length === 0
  }

  /** The texts in the order of the trigger's `captures`, or null when a name caught two different ones. */
  read(levels: readonly string[]): readonly string[] | null {
    const found: string[] = []
    for (const capture of this.#captures) {
      const text = textAt(levels, capture)
      for (const twin of capture.twins) if (textAt(levels, twin) !== text) return null
      found.push(text)
    }
    return found
  }
}
