const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A stretch of time in milliseconds since 1970; `to` does not belong to it. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Lengths that one press away. A year is one of 365 days. */
export const PRESETS = { '1h': HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY, '1y': 365 * DAY } as const
export type Preset = keyof typeof PRESETS

/** The shortest and the longest stretch that is shown. */
const SHORTEST = MINUTE
const LONGEST = 3_653 * DAY

/** The calendar period before, as the hub takes it. */
export const PERIODS = ['day', 'week', 'month', 'year'] as const
export type Period = (typeof PERIODS)[number]

/** What an address says: the last hours or days, which go on, or a stretch of its own. */
export interface Span {
  readonly preset: Preset
  readonly own: Range | null
}

const isPreset = (text: string | null): text is Preset => text !== null && Object.hasOwn(PRESETS, text)

export function readSpan(query: URLSearchParams): Span {
  const preset = query.get('range')
  const [from, to] = [query.get('from'), query.get('to')].map(text => Date.parse(text ?? ''))
  const isOwn = from !== undefined && to !== undefined && to - from >= SHORTEST && to - from <= LONGEST
  return { preset: isPreset(preset) ? preset : '24h', own: isOwn ? { from, to } : null }
}

const toText = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** What stands in the address for a span. */
export function writeSpan({ preset, own }: Span): Record<'range' | 'from' | 'to', string | null> {
  return {
    range: preset === '24h' ? null : preset,
    from: own && toText(own.from),
    to: own && toText(own.to),
  }
}

export const readPeriod = (query: URLSearchParams): Period | null =>
  PERIODS.find(period => period === query.get('compare')) ?? null

/** The stretch that a span shows at `now`. What goes on moves in steps too small to be seen. */
export function rangeOf({ preset, own }: Span, now: number): Range {
  if (own) return own
  const length = PRESETS[preset]
  const step = Math.max(10_000, length / 1_000)
  const to = Math.ceil(now / step) * step
  return { from: to - length, to }
}

/** A range of this length with `from` and `to` on whole seconds, in what may be shown and not in the future. */
function within({ from, to }: Range, now: number): Range {
  const length = Math.min(LONGEST, Math.max(SHORTEST, to - from))
  const middle = (from + to) / 2
  const end = Math.min(Math.round((middle + length / 2) / 1_000) * 1_000, Math.ceil(now / 1_000) * 1_000)
  return { from: end - Math.round(length / 1_000) * 1_000, to: end }
}

/** Shows `factor` times as much, with `around` staying where it is. */
export function zoom({ from, to }: Range, { around, factor, now }: { around: number; factor: number; now: number }) {
  return within({ from: around - (around - from) * factor, to: around + (to - around) * factor }, now)
}

/** Moves by a share of its length: −1 shows the stretch before. */
export function pan({ from, to }: Range, share: number, now: number): Range {
  const step = (to - from) * share
  return within({ from: from + step, to: to + step }, now)
}

/** The stretch between two moments, in any order. */
export const between = (a: number, b: number, now: number): Range =>
  within({ from: Math.min(a, b), to: Math.max(a, b) }, now)

/** Widths of bands that read well. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400]

/** How many points to ask for, so that each stands for a round stretch of no less than a pixel or two. */
export function pointsFor({ from, to }: Range, pixels: number): number {
  const least = (to - from) / 1_000 / Math.max(100, pixels)
  const width = WIDTHS.find(each => each >= least) ?? WIDTHS.at(-1)!
  return Math.min(2_000, Math.max(2, Math.ceil((to - from) / 1_000 / width)))
}
