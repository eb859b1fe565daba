const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const PART = /(\d+(?:\.\d+)?)(ms|min|[smhdw])/gy

/** The longest duration a rule may name. */
export const MAX_DURATION = 10 * 366 * 86_400_000

/**
 * `90s`, `5min`, `1h30m`, `500ms`, `2d`, `1w`, `0`: units from large to small, each once.
 * @returns milliseconds, or undefined when it is no duration.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  PART.lastIndex = 0
  let total = 0
  let last = Infinity
  let read = 0
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    const unit = MILLISECONDS[part[2]!]!
    if (unit >= last) return undefined
    last = unit
    total += Number(part[1]) * unit
    read = PART.lastIndex
  }
  return read === text.length && read > 0 ? Math.round(total) : undefined
}

/** Whether a text is a number, so that only its unit is missing. */
export function isBareNumber(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text)
}

const NAMES = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** `5min`, `1h30min`: how a duration is shown. */
export function showDuration(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const [name, size] of NAMES) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${name}`
    rest -= count * size
  }
  return text === '' ? '0' : text
}
