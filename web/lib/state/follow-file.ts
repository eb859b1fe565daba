import type { RuleFileJson } from '#api'
import type { Api } from '../api.ts'
import type { Live } from '../live/live.svelte.ts'
import { Problem } from '../problem.ts'

/**
 * Asks for a rule file whenever the hub says that it is another than before, and when what it said was missed.
 * @param onfile gets the file; null when it was deleted.
 * @returns how to stop.
 */
export function followFile(
  { api, live, slug }: { api: Api; live: Pick<Live, 'on'>; slug: string },
  onfile: (file: RuleFileJson | null) => void,
): () => void {
  let isOver = false
  async function ask() {
    try {
      const file = await api('GET /rules/:slug', { params: { slug } })
      if (!isOver) onfile(file)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // Any other refusal: the next frame or the next save will tell.
      if (error.code === 'rules.unknown_file' && !isOver) onfile(null)
    }
  }
  const stops = [
    live.on('rule', frame => void (frame.slug === slug && ask())),
    live.on('resync', () => void ask()),
    () => (isOver = true),
  ]
  return () => stops.forEach(stop => stop())
}
